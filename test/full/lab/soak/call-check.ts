/** Whether the gateway's log of calls has each request of each client once, with the end that the client saw. */
import { z } from 'zod'

/** How the client saw it end. */
export type SeenEnd = 'answered' | 'failed' | 'refused' | 'left'

export interface CallCheck {
  /** By the id in the answer's header. */
  note(id: string, end: SeenEnd): void
  /** The client left before it was told an id. */
  noteUnnamed(): void
  /** Reads what has come to the log since the last time. */
  follow(): Promise<void>
  /** How the log says that the requests ended. */
  logged(): ReadonlyMap<string, number>
  /** Where the log and the clients disagree. Every call has to have been read. */
  findDifferences(): string[]
}

interface LoggedCall {
  id: string
  outcome: string
}

const page = z.object({
  calls: z.array(z.looseObject({ id: z.string(), at: z.string(), outcome: z.string() })),
  nextCursor: z.string().nullable(),
})
/** Calls are written a moment after they have ended. */
const OVERLAP_MS = 10_000

/** A client may leave just when the last of its answer is on the way. */
const outcomesOf = {
  answered: ['ok'],
  failed: ['upstream-error', 'throttled', 'shed'],
  refused: ['client-error'],
  left: ['cancelled', 'ok'],
} as const satisfies Record<SeenEnd, readonly string[]>

export function createCallCheck(read: (path: string) => Promise<unknown>): CallCheck {
  const seen = new Map<string, SeenEnd>()
  const outcomes = new Map<string, string>()
  let unnamed = 0
  let since = Date.now() - OVERLAP_MS

  async function* callsSince(instant: string): AsyncGenerator<LoggedCall> {
    let cursor: string | null = ''
    while (cursor !== null) {
      const query = new URLSearchParams({ since: instant, limit: '200', ...(cursor !== '' && { cursor }) })
      const { calls, nextCursor }: z.output<typeof page> = page.parse(
        await read(`/v2/calls?${query.toString()}`),
      )
      yield* calls
      cursor = nextCursor
    }
  }

  return {
    note: (id, end) => void seen.set(id, end),
    noteUnnamed: () => void (unnamed += 1),
    async follow() {
      const begin = Date.now()
      for await (const { id, outcome } of callsSince(new Date(since).toISOString())) outcomes.set(id, outcome)
      since = begin - OVERLAP_MS
    },
    logged: () => countBy([...outcomes.values()]),
    findDifferences() {
      const wrong = [...seen].flatMap(([id, end]) => {
        const outcome = outcomes.get(id)
        const allowed: readonly string[] = outcomesOf[end]
        return outcome !== undefined && allowed.includes(outcome)
          ? []
          : [`${id}: ${end}, logged as ${outcome}`]
      })
      const others = [...outcomes].filter(([id]) => !seen.has(id))
      const strange = others
        .filter(([, outcome]) => outcome !== 'cancelled')
        .map(([id, outcome]) => `${id}: ${outcome}, seen by nobody`)
      // One that left with the first byte of its request may not have been noticed as a request.
      const tooMany =
        others.length > unnamed ? [`${others.length} calls for ${unnamed} clients without an id`] : []
      return [...wrong, ...strange, ...tooMany]
    },
  }
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

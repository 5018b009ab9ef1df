/** The strict simulator as a process of its own, by its control routes. */
import { z } from 'zod'
import { startProgram } from '../../../../bench/lab/program.ts'
import { fileURLToPath } from 'node:url'

const seeded = z.looseObject({
  id: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  refreshToken: z.string(),
})
const journal = z.object({
  entries: z.array(
    z.looseObject({
      order: z.int(),
      operation: z.string(),
      violations: z.array(z.unknown()),
      outcome: z.looseObject({ kind: z.string(), status: z.number().optional() }),
    }),
  ),
  refreshes: z.number(),
})

export interface ServiceCounts {
  /** Requests for answers, each attempt of the gateway. */
  chats: number
  refreshes: number
  /** Breaches of the service's rules, each a fault of the gateway. */
  violations: unknown[]
  crashes: number
}

export interface SimulatedService {
  url: string
  seed(): Promise<z.output<typeof seeded>>
  /** The next request for an answer, whoever makes it, is met with this. */
  planOnce(behaviour: string): Promise<void>
  /** Access tokens of the account are refused from now on. */
  refuseTokens(accountId: string): Promise<void>
  /** Counts what has ended since the last time. */
  follow(): Promise<void>
  counts(): ServiceCounts
  stop(): Promise<void>
}

const script = fileURLToPath(new URL('../../../../simulator/main.ts', import.meta.url))

export async function startSimulatedService(folder: string): Promise<SimulatedService> {
  const program = await startProgram({ script, processor: undefined, cwd: folder, settings: {}, flags: [] })
  const counts: ServiceCounts = { chats: 0, refreshes: 0, violations: [], crashes: 0 }
  const counted = new Set<number>()
  let after = 0

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(`${program.url}/__simulator/${path}`, { method, ...init })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`The simulator answered ${answer.status}: ${text}`)
    return JSON.parse(text)
  }

  await control('PATCH', 'switches', { journalBodies: false, journalEntries: 5000 })
  return {
    url: program.url,
    seed: async () => seeded.parse(await control('POST', 'accounts', {})),
    async planOnce(name) {
      await control('POST', 'plans', { times: 1, behaviour: { kind: 'named', name } })
    },
    async refuseTokens(accountId) {
      await control('POST', `accounts/${accountId}/revoke`, { scope: 'access-tokens' })
    },
    async follow() {
      const read = journal.parse(await control('GET', `journal?after=${after}`))
      counts.refreshes = read.refreshes
      const pending = read.entries.filter(({ outcome }) => outcome.kind === 'pending')
      for (const { order, operation, violations, outcome } of read.entries) {
        if (outcome.kind === 'pending' || counted.has(order)) continue
        counted.add(order)
        if (operation === 'GenerateAssistantResponse') counts.chats += 1
        if (outcome.kind === 'crashed') counts.crashes += 1
        counts.violations.push(...violations)
      }
      after = (pending[0] ?? { order: (read.entries.at(-1)?.order ?? after) + 1 }).order - 1
      for (const order of counted) if (order <= after) counted.delete(order)
    },
    counts: () => counts,
    stop: () => program.stop(),
  }
}

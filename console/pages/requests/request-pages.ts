/** A list that grows at both ends: newest first, older ones on demand. Pure, but for what it is given to read with. */
import type { CallList, KeptCall } from '../../api/types.ts'

export interface RequestPages {
  calls: readonly KeptCall[]
  /** Null: there are no older ones. */
  nextCursor: string | null
  /** How many newer ones came too quickly to be shown. */
  passedBy: number
  /** There may be more of them than were counted. */
  isPassedByMore: boolean
  /** Ids of those that have come lately, shown or not: the next look may find them again. */
  recent: readonly string[]
}

export type ReadPage = (cursor: string | undefined) => Promise<CallList>

/** The gateway looks through so many at once that rare ones may need several looks. */
const MOST_LOOKS = 20
const A_PAGE = 100
/** Nobody reads more in a second. */
const MOST_AT_ONCE = 10
/** Of a list that goes on by itself. */
const MOST_LIVE = 200
const MOST_RECENT = 600

export function toPages({ calls, nextCursor }: CallList): RequestPages {
  return { calls, nextCursor, passedBy: 0, isPassedByMore: false, recent: [] }
}

/** A page of them, in as many looks as that may take. */
export async function readFurther(from: string | undefined, readPage: ReadPage): Promise<CallList> {
  let page = await readPage(from)
  const calls = [...page.calls]
  for (let look = 1; look < MOST_LOOKS && calls.length < A_PAGE && page.nextCursor !== null; look += 1) {
    page = await readPage(page.nextCursor)
    calls.push(...page.calls)
  }
  return { calls, nextCursor: page.nextCursor }
}

export function joinOlder(known: RequestPages, { calls, nextCursor }: CallList): RequestPages {
  const ids = new Set(known.calls.map(({ id }) => id))
  return { ...known, calls: [...known.calls, ...calls.filter(({ id }) => !ids.has(id))], nextCursor }
}

/** What has come since, put before what is known. Of too many at once the newest are shown, and the others counted. */
export function joinLive(known: RequestPages, { calls, nextCursor }: CallList): RequestPages {
  const ids = new Set([...known.recent, ...known.calls.slice(0, MOST_LIVE).map(({ id }) => id)])
  const fresh = calls.filter(({ id }) => !ids.has(id))
  if (fresh.length === 0) return known
  const shown = fresh.slice(0, MOST_AT_ONCE)
  return {
    calls: [...shown, ...known.calls].slice(0, MOST_LIVE),
    // Where rows were left out at either end, the list cannot be read on from.
    nextCursor: null,
    passedBy: known.passedBy + fresh.length - shown.length,
    isPassedByMore: known.isPassedByMore || (nextCursor !== null && fresh.length === calls.length),
    recent: [...fresh.map(({ id }) => id), ...known.recent].slice(0, MOST_RECENT),
  }
}

/** A list that grows at both ends: newest first, older ones on demand. Pure, but for what it is given to read with. */
import type { EventEntry, EventList } from '../../api/types.ts'

export interface EventPages {
  entries: readonly EventEntry[]
  /** Null: there are no older ones. */
  nextCursor: string | null
  /** Where each answer of the gateway ended, the newest first: there the list can be cut, and read on from. */
  ends: readonly PageEnd[]
}

interface PageEnd {
  /** Of the last entry. */
  id: number
  nextCursor: string | null
}

/** A page that is left open shall not grow without end; what somebody has asked for stays. */
const MOST_BY_NEWS = 500

type ReadPage = (cursor: string | undefined) => Promise<EventList>

/** The gateway looks through so many at once that a rare kind may need several looks. */
const MOST_LOOKS = 20

/** The newest, put before what is known. Where they do not meet, what is known would leave a gap and is dropped. */
export function joinNewest(known: EventPages | undefined, { events, nextCursor }: EventList): EventPages {
  const oldest = events.at(-1)
  const newestKnown = known?.entries[0]
  if (
    known === undefined ||
    oldest === undefined ||
    newestKnown === undefined ||
    oldest.id > newestKnown.id
  ) {
    return { entries: events, nextCursor, ends: endOf({ events, nextCursor }) }
  }
  const fresh = events.filter(({ id }) => id > newestKnown.id)
  const ends = [...endOf({ events, nextCursor }), ...known.ends].toSorted((a, b) => b.id - a.id)
  const joined = { entries: [...fresh, ...known.entries], nextCursor: known.nextCursor, ends }
  return cut(joined, Math.max(MOST_BY_NEWS, known.entries.length))
}

function endOf({ events, nextCursor }: EventList): PageEnd[] {
  const last = events.at(-1)
  return last === undefined ? [] : [{ id: last.id, nextCursor }]
}

/** At the oldest place where the list can be read on, of those that leave so many. */
function cut(pages: EventPages, most: number): EventPages {
  const limit = pages.entries[most - 1]
  if (limit === undefined || pages.entries.length <= most) return pages
  const end = pages.ends.findLast(({ id }) => id >= limit.id)
  if (end === undefined) return pages
  return {
    entries: pages.entries.filter(({ id }) => id >= end.id),
    nextCursor: end.nextCursor,
    ends: pages.ends.filter(({ id }) => id >= end.id),
  }
}

/** One more page that has something on it, if there is one. */
export async function readFurther(from: string | undefined, readPage: ReadPage): Promise<EventList> {
  let page = await readPage(from)
  for (let look = 1; look < MOST_LOOKS && page.events.length === 0 && page.nextCursor !== null; look += 1) {
    page = await readPage(page.nextCursor)
  }
  return page
}

export function joinOlder(known: EventPages, { events, nextCursor }: EventList): EventPages {
  const last = known.entries.at(-1)
  return {
    entries: [...known.entries, ...events.filter(({ id }) => last === undefined || id < last.id)],
    nextCursor,
    ends: [...known.ends, ...endOf({ events, nextCursor })],
  }
}

export interface Gathered {
  entries: EventEntry[]
  /** False: there are more than could be had at once. */
  isWhole: boolean
}

/** All of them, up to a bound. `tell`: how many there are so far. */
export async function gatherAll(
  readPage: ReadPage,
  { most, tell }: { most: number; tell: (count: number) => void },
): Promise<Gathered> {
  const entries: EventEntry[] = []
  let cursor: string | undefined
  for (;;) {
    const { events, nextCursor } = await readPage(cursor)
    entries.push(...events)
    tell(Math.min(entries.length, most))
    if (nextCursor === null && entries.length <= most) return { entries, isWhole: true }
    if (entries.length >= most) return { entries: entries.slice(0, most), isWhole: false }
    cursor = nextCursor ?? undefined
  }
}

/** A list that grows at both ends: newest first, older ones on demand. Pure, but for what it is given to read with. */
import type { EventEntry, EventList } from '../../api/types.ts'

export interface EventPages {
  entries: readonly EventEntry[]
  /** Null: there are no older ones. */
  nextCursor: string | null
}

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
    return { entries: events, nextCursor }
  }
  const fresh = events.filter(({ id }) => id > newestKnown.id)
  return { entries: [...fresh, ...known.entries], nextCursor: known.nextCursor }
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

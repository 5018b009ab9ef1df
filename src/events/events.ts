/** What happened, for whoever may ask: recorded in a chain, listed and verified. */
import * as z from 'zod'
import { GatewayError } from '../conversation/failures.ts'
import type { Chain } from './chain.ts'
import { checkEnd, checkLinks, startOf, type ChainProblem, type ChainSection } from './check-chain.ts'
import { createCursors } from './cursor.ts'
import type { EventFilter, EventStore } from './event-store.ts'
import type { EventEntry, EventRecorder, Link } from './event.ts'

/** In one request: some 20 ms of hashing. */
const VERIFIED_AT_ONCE = 1000
/** At the start, which is not to wait for a whole history. */
const LOOKED_AT_FIRST = 100

export interface EventPage {
  entries: EventEntry[]
  /** Undefined: there are no more. */
  nextCursor: string | undefined
}

export interface ChainReport {
  /** Entries that were looked at. */
  checked: number
  problems: ChainProblem[]
  /** The last entry that was looked at. To be kept elsewhere by whoever trusts nobody with the database. */
  through: Link
  /** Undefined: it was the end. */
  nextCursor: string | undefined
}

export interface Events extends EventRecorder {
  /** Newest first. Throws `invalid-request` for a cursor that is not from here, as does `verify`. */
  list(filter: EventFilter, slice: { limit: number; cursor?: string }): Promise<EventPage>
  /** Oldest first, a thousand at once. */
  verify(cursor?: string): Promise<ChainReport>
  /** A cheap look at the last entries. Tells `alarm` of what is wrong, and answers where the chain ends. */
  lookAtEnd(): Promise<Link | undefined>
}

interface EventsParts {
  store: EventStore
  chain: Chain
  /** 32 bytes, for cursors alone. */
  cursorKey: Buffer
  /** Told loudly: somebody has tampered with the database. */
  alarm: (problems: readonly ChainProblem[]) => void
}

const listPosition = z.tuple([z.string(), z.int()])
const checkedLink = z.tuple([z.int(), z.string()])

export function createEvents(parts: EventsParts): Events {
  const { store, chain, cursorKey: key, alarm } = parts
  const places = createCursors(listPosition, { key, purpose: 'events' })
  const checks = createCursors(checkedLink, { key, purpose: 'event-checks' })

  return {
    record: (happening) => store.append(happening),

    async list(filter, { limit, cursor }) {
      const before = cursor === undefined ? undefined : (places.read(cursor) ?? refuseCursor())
      const { entries, next } = await store.find(filter, { limit, ...(before && { before }) })
      return { entries, nextCursor: next && places.write(next) }
    },

    async verify(cursor) {
      const [id, hash] = cursor === undefined ? [] : (checks.read(cursor) ?? refuseCursor())
      const checked = id === undefined || hash === undefined ? undefined : { id, hash }
      const section = await store.readSection(checked?.id ?? 0, VERIFIED_AT_ONCE)
      const { problems, last } = checkSection(chain, section, startOf(chain, section, checked))
      return {
        checked: section.entries.length,
        problems,
        through: last,
        nextCursor: section.isEnd ? undefined : checks.write([last.id, last.hash]),
      }
    },

    async lookAtEnd() {
      const section = await store.readEnd(LOOKED_AT_FIRST)
      const [first] = section.entries
      const before = first && { id: first.id - 1, hash: first.previousHash }
      const { problems, last } = checkSection(chain, section, startOf(chain, section, before))
      if (problems.length > 0) alarm(problems)
      return first && last
    },
  }
}

function checkSection(chain: Chain, section: ChainSection, start: Link) {
  const { id, hash } = section.entries.at(-1) ?? start
  const last = { id, hash }
  const problems = [...checkLinks(chain, section.entries, start), ...checkEnd(chain, section, last)]
  return { problems, last }
}

function refuseCursor(): never {
  throw new GatewayError('invalid-request', 'cursor: is not one that was given out; begin without one', {
    field: 'cursor',
    code: 'invalid_value',
  })
}

import { sql } from 'kysely'
import { checkLinks, startOf, type ChainSection } from '../events/check-chain.ts'
import type { EventFilter, EventStore, FoundEvents, Position, Slice } from '../events/event-store.ts'
import { GATEWAY } from '../events/event.ts'
import type { Database } from './database.ts'
import { notRecorded, readHead, readLastId, type EventLog } from './event-log.ts'
import { toEventEntry } from './event-rows.ts'
import type { EventsTable } from './tables.ts'

/** Entries that one search looks at: what holds the process up does not grow with the history. */
const SEARCHED_AT_ONCE = 5000

type Reader = Pick<Database, 'selectFrom'>

/** Keeps what happened, each entry bound to the one before. */
export function createEventStore(database: Database, log: EventLog): EventStore {
  /** While nobody appends. */
  function locked<T>(work: (transaction: Database) => Promise<T>): Promise<T> {
    return database.transaction().execute(async (transaction) => {
      await log.lock(transaction)
      return work(transaction)
    })
  }

  return {
    append: (happening) =>
      database
        .transaction()
        .execute((transaction) => log.append(transaction, happening))
        .catch(refuseLate),

    find: (filter, slice) => find(database, filter, slice),

    readSection: (after, most) => locked((transaction) => readSection(transaction, after, most)),

    readEnd: (most) =>
      locked(async (transaction) => {
        const lastId = await readLastId(transaction)
        return readSection(transaction, Math.max(0, (lastId ?? 0) - most), most)
      }),

    prune: (olderThan, most) =>
      locked(async (transaction) => {
        const section = await readSection(transaction, 0, most)
        const end = section.head?.id ?? 0
        const isRecent = ({ at, id }: { at: string; id: number }) =>
          at >= olderThan.toISOString() || id >= end
        const firstKept = section.entries.findIndex(isRecent)
        const old = firstKept < 0 ? section.entries : section.entries.slice(0, firstKept)
        const last = old.at(-1)
        if (last === undefined) return { count: 0, problems: [] }
        const problems = checkLinks(log.chain, old, startOf(log.chain, section, undefined))
        await log.append(transaction, {
          kind: 'events-pruned',
          actor: GATEWAY,
          after: {
            through: last.id,
            hash: last.hash,
            entries: old.length,
            wereIntact: problems.length === 0,
          },
          reason: `What is older than ${olderThan.toISOString()} is not kept.`,
        })
        await transaction.deleteFrom('events').where('id', '<=', last.id).execute()
        return { count: old.length, problems }
      }),
  }
}

/** What is recorded by itself may have been done before: nobody here knows. */
function refuseLate(cause: unknown): never {
  throw notRecorded(
    'This could not be recorded among the events, and may have been done all the same. Look at the database and its disk, and how things stand, before you try again.',
    cause,
  )
}

async function readSection(reader: Reader, after: number, most: number): Promise<ChainSection> {
  const rows = await reader
    .selectFrom('events')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(most + 1)
    .execute()
  const pruning = await reader
    .selectFrom('events')
    .selectAll()
    .where('kind', '=', 'events-pruned')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return {
    entries: rows.slice(0, most).map(toEventEntry),
    head: await readHead(reader),
    pruning: pruning && toEventEntry(pruning),
    isEnd: rows.length <= most,
  }
}

/** Looks at so many entries by an index, and searches in them; where they end, the next search begins. */
async function find(reader: Reader, filter: EventFilter, slice: Slice): Promise<FoundEvents> {
  const inReach = () => within(reader, filter, slice.before).orderBy('at', 'desc').orderBy('id', 'desc')
  const end = await inReach()
    .select(['at', 'id'])
    .offset(SEARCHED_AT_ONCE - 1)
    .limit(1)
    .executeTakeFirst()
  // Inside a query of its own, the limit holds whatever the planner thinks of the rest.
  const rows = await reader
    .selectFrom(inReach().selectAll().limit(SEARCHED_AT_ONCE).as('searched'))
    .selectAll()
    .where((row) => row.and(searchesOf(filter)))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(slice.limit)
    .execute()
  const next = rows.length === slice.limit ? rows.at(-1) : end
  return { entries: rows.map(toEventEntry), ...(next && { next: [next.at, next.id] }) }
}

/** What an index answers: one bound at each side, as a planner would seek by one and sift by the other. */
function within(reader: Reader, { kind, since, until }: EventFilter, before: Position | undefined) {
  const query = reader
    .selectFrom('events')
    .$if(kind !== undefined, (limited) => limited.where('kind', '=', kind ?? 'setting-changed'))
    .$if(since !== undefined, (limited) => limited.where('at', '>=', since?.toISOString() ?? ''))
  const end = until?.toISOString()
  if (before !== undefined && (end === undefined || before[0] < end)) {
    return query.where((row) => row(row.refTuple('at', 'id'), '<', row.tuple(...before)))
  }
  return end === undefined ? query : query.where('at', '<', end)
}

type TextColumn = Extract<keyof EventsTable, `actor_${string}` | `subject_${string}`>

const actorColumns = ['actor_kind', 'actor_via', 'actor_name', 'actor_address'] as const
const subjectColumns = ['subject_id', 'subject_name'] as const

function searchesOf({ subject, actor }: EventFilter) {
  return [
    ...(subject === undefined ? [] : [anyContains(subjectColumns, subject)]),
    ...(actor === undefined ? [] : [anyContains(actorColumns, actor)]),
  ]
}

function anyContains(columns: readonly TextColumn[], text: string) {
  return sql<boolean>`(${sql.join(
    columns.map((column) => contains(column, text)),
    sql` or `,
  )})`
}

/** S47: what the operator types is text, never a pattern. */
function contains(column: TextColumn, text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`lower(${sql.ref(column)}) like lower(${pattern}) escape ${sql.lit('\\')}`
}

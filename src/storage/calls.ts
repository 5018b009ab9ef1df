import { sql } from 'kysely'
import type { CallFilter, CallPosition, CallStore, CallSlice, FoundCalls } from '../calls/traffic-store.ts'
import { callColumns, toCallRow, toDetailed, toKept } from './call-rows.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'

/** Calls that one search looks at: what holds the process up does not grow with the history. */
const SEARCHED_AT_ONCE = 1000
/** Databases bound how many values a statement may have. */
const ROWS_AT_ONCE = 100

type Reader = Pick<Database, 'selectFrom'>

/** Keeps the requests of clients that have ended. */
export function createCallStore(database: Database): CallStore {
  return {
    async insert(calls) {
      for (let start = 0; start < calls.length; start += ROWS_AT_ONCE) {
        const rows = calls.slice(start, start + ROWS_AT_ONCE).map(toCallRow)
        const accounts = calls.slice(start, start + ROWS_AT_ONCE).flatMap(({ id, at, accountIds }) =>
          accountIds.map((account) => ({
            account_id: account,
            at: new Date(at).toISOString(),
            call_id: id,
          })),
        )
        await runCountTransaction(database, async (transaction) => {
          await transaction
            .insertInto('calls')
            .values(rows)
            .onConflict((conflict) => conflict.doNothing())
            .execute()
          if (accounts.length === 0) return
          await transaction
            .insertInto('call_accounts')
            .values(accounts)
            .onConflict((conflict) => conflict.doNothing())
            .execute()
        })
      }
    },

    find: (filter, slice) => find(database, filter, slice),

    async get(id) {
      const row = await database.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toDetailed(row)
    },

    async count() {
      const row = await database
        .selectFrom('calls')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },

    async prune({ before }, most) {
      const last = await database
        .selectFrom('calls')
        .select(['id', 'at'])
        .$if(before !== undefined, (query) => query.where('at', '<', toText(before ?? 0)))
        .orderBy('at')
        .orderBy('id')
        .limit(most)
        .execute()
      const end = last.at(-1)
      if (end === undefined) return 0
      await runCountTransaction(database, async (transaction) => {
        await transaction
          .deleteFrom('calls')
          .where((row) => row(row.refTuple('at', 'id'), '<=', row.tuple(end.at, end.id)))
          .execute()
        // Those of the same moment go with the next ones.
        await transaction
          .deleteFrom('call_accounts')
          .where('at', last.length < most ? '<=' : '<', end.at)
          .execute()
      })
      return last.length
    },
  }
}

/** By an index alone, or, with more filters than one, what a look at so many calls finds; where that ends, the next one begins. */
async function find(reader: Reader, filter: CallFilter, { limit, before }: CallSlice): Promise<FoundCalls> {
  const [lead, ...sifts] = filtersOf(filter)
  const bounds = { filter, before, most: sifts.length === 0 ? limit : SEARCHED_AT_ONCE }
  const reach =
    lead?.name === 'account' ? reachOfAccount(reader, lead.value, bounds) : reachOf(reader, lead, bounds)
  // Inside a query of its own, the limit holds whatever the planner thinks of the rest.
  const rows = await reader
    .selectFrom(reach.as('searched'))
    .selectAll()
    .where((row) =>
      row.and(sifts.map(({ name, value }) => sql<boolean>`${sql.ref(columnOf[name])} = ${value}`)),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const calls = rows.map(toKept)
  const last = calls.at(-1)
  if (last !== undefined && calls.length === limit) return { calls, next: [last.at, last.id] }
  const end = sifts.length === 0 ? undefined : await endOf(reader, reach)
  return { calls, ...(end && { next: end }) }
}

/** Where a look ends; undefined: there was no more to be looked at. */
async function endOf(reader: Reader, reach: Reach): Promise<CallPosition | undefined> {
  const last = await reader
    .selectFrom(reach.as('searched'))
    .select(({ fn }) => ['at', 'id', fn.countAll().over().as('count')])
    .orderBy('at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return last === undefined || Number(last.count) < SEARCHED_AT_ONCE
    ? undefined
    : [Date.parse(last.at), last.id]
}

type FilterName = 'account' | 'id' | 'key' | 'model' | 'outcome'
interface NamedFilter {
  name: FilterName
  value: string
}

interface Bounds {
  filter: Pick<CallFilter, 'since' | 'until'>
  before: CallPosition | undefined
  most: number
}

/** An account is in no column of calls, so it leads wherever it is asked for; then whatever leaves the fewest. */
function filtersOf(filter: CallFilter): NamedFilter[] {
  return (['account', 'id', 'key', 'model', 'outcome'] as const).flatMap((name) => {
    const value = filter[name]
    return value === undefined ? [] : [{ name, value }]
  })
}

const columnOf = { account: 'id', id: 'id', key: 'key_id', model: 'model', outcome: 'outcome' } as const

type Reach = ReturnType<typeof reachOf>

function reachOf(reader: Reader, lead: NamedFilter | undefined, { filter, before, most }: Bounds) {
  const { since } = filter
  const end = endOfTime(filter, before)
  return reader
    .selectFrom('calls')
    .select(callColumns)
    .$if(lead !== undefined, (query) =>
      query.where(sql<boolean>`${sql.ref(columnOf[lead?.name ?? 'id'])} = ${lead?.value}`),
    )
    .$if(since !== undefined, (query) => query.where('at', '>=', toText(since ?? 0)))
    .$if(end.kind === 'place', (query) =>
      query.where((row) => row(row.refTuple('at', 'id'), '<', row.tuple(end.at, end.id))),
    )
    .$if(end.kind === 'moment', (query) => query.where('at', '<', end.at))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
}

function reachOfAccount(reader: Reader, account: string, { filter, before, most }: Bounds) {
  const { since } = filter
  const end = endOfTime(filter, before)
  const tried = reader
    .selectFrom('call_accounts')
    .select('call_id')
    .where('account_id', '=', account)
    .$if(since !== undefined, (query) => query.where('at', '>=', toText(since ?? 0)))
    .$if(end.kind === 'place', (query) =>
      query.where((row) => row(row.refTuple('at', 'call_id'), '<', row.tuple(end.at, end.id))),
    )
    .$if(end.kind === 'moment', (query) => query.where('at', '<', end.at))
    .orderBy('at', 'desc')
    .orderBy('call_id', 'desc')
    .limit(most)
  return (
    reader
      .selectFrom('calls')
      .select(callColumns)
      .where('id', 'in', tried)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      // Bounded already; a limit keeps planners from seeking by what is to be sifted afterwards.
      .limit(most)
  )
}

/** One bound at the end, as a planner would seek by one and sift by the other. */
function endOfTime({ until }: Bounds['filter'], before: CallPosition | undefined) {
  if (before !== undefined && (until === undefined || before[0] < until)) {
    return { kind: 'place', at: toText(before[0]), id: before[1] } as const
  }
  return until === undefined
    ? ({ kind: 'none', at: '', id: '' } as const)
    : ({ kind: 'moment', at: toText(until), id: '' } as const)
}

function toText(at: number): string {
  return new Date(at).toISOString()
}

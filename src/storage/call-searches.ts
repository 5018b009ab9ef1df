/** Looks for calls, and counts them: each look has a bound, so that what holds the process up does not grow with the history. */
import { sql } from 'kysely'
import type { CallFilter, CallPosition, CallSlice, FoundCalls, TalliedCalls } from '../calls/traffic-store.ts'
import { callColumns, toKept } from './call-rows.ts'
import { planSearch, type Lead } from './call-conditions.ts'
import type { Database } from './database.ts'

const SEARCHED_AT_ONCE = 1000
/** Counted by an index alone, and row by row. */
const COUNTED_AT_ONCE = 25_000
const LOOKED_UP_AT_ONCE = 5000

type Reader = Pick<Database, 'selectFrom'>

/** By an index alone, or, with more filters than one, what a look at so many calls finds; where that ends, the next one begins. */
export async function findCalls(
  reader: Reader,
  filter: CallFilter,
  { limit, before }: CallSlice,
): Promise<FoundCalls> {
  const { lead, sifts } = planSearch(filter)
  // What is in no order is looked at as a whole.
  const isSifted = sifts.length > 0 || lead.kind === 'id-prefix'
  const reach = reachOf(reader, lead, { filter, before, most: isSifted ? SEARCHED_AT_ONCE : limit })
  // Inside a query of its own, the limit holds whatever the planner thinks of the rest.
  const rows = await reader
    .selectFrom(reach.as('searched'))
    .selectAll()
    .where((row) => row.and(sifts))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const calls = rows.map(toKept)
  const last = calls.at(-1)
  if (last !== undefined && calls.length === limit) return { calls, next: [last.at, last.id] }
  const end = isSifted && lead.kind !== 'id-prefix' ? await endOf(reader, reach) : undefined
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

/** One query: how many were looked at, and where that ended, comes with the counts. */
export async function tallyCalls(
  reader: Reader,
  filter: CallFilter,
  { characters, before }: { characters: number; before?: CallPosition },
): Promise<TalliedCalls> {
  const { lead, sifts } = planSearch(filter)
  const isByIndex = lead.kind === 'condition' && lead.isCovering && sifts.length === 0
  const most = isByIndex ? COUNTED_AT_ONCE : LOOKED_UP_AT_ONCE
  const reach = reachOf(reader, lead, { filter, before, most })
    .clearSelect()
    .select(isByIndex ? COVERED : TALLIED)
  const start = sql<string>`substr(at, 1, ${characters})`
  const matches = sql<number>`case when ${sql.join([sql`1 = 1`, ...sifts], sql` and `)} then 1 else 0 end`
  const rows = await reader
    .selectFrom(reach.as('searched'))
    .select(({ fn }) => [
      start.as('start'),
      'outcome',
      fn.sum<number | string>(matches).as('matching'),
      fn.countAll().as('count'),
      // Instants are as long as each other, so the oldest is the least of them with their ids.
      sql<string>`min(at || id)`.as('oldest'),
    ])
    .groupBy(['start', 'outcome'])
    .execute()
  const looked = rows.reduce((sum, { count }) => sum + Number(count), 0)
  const end = rows.map(({ oldest }) => oldest).reduce((a, b) => (a < b ? a : b), '~')
  const tallies = rows.flatMap((row) =>
    Number(row.matching) === 0
      ? []
      : [{ start: row.start, outcome: row.outcome, count: Number(row.matching) }],
  )
  const isWhole = looked < most || lead.kind === 'id-prefix'
  return { tallies, ...(!isWhole && { next: [Date.parse(end.slice(0, INSTANT)), end.slice(INSTANT)] }) }
}

const INSTANT = '2026-11-22T10:00:00.000Z'.length
const COVERED = ['at', 'id', 'outcome'] as const
/** What counts may be sifted by. */
const TALLIED = [
  ...COVERED,
  'status',
  'failure',
  'dialect',
  'stream',
  'model',
  'key_id',
  'client',
  'total_ms',
  'has_tools',
  'has_images',
] as const

interface Bounds {
  filter: Pick<CallFilter, 'since' | 'until'>
  before: CallPosition | undefined
  most: number
}

type Reach = ReturnType<typeof reachOfCondition>

/** The rows that a look goes over, most recent first where they have an order. */
export function reachOf(reader: Reader, lead: Lead, bounds: Bounds): Reach {
  return lead.kind === 'account'
    ? reachOfAccount(reader, lead.account, bounds)
    : reachOfCondition(reader, lead, bounds)
}

function reachOfCondition(
  reader: Reader,
  lead: Exclude<Lead, { kind: 'account' }>,
  { filter, before, most }: Bounds,
) {
  const { since } = filter
  const end = endOfTime(filter, before)
  return reader
    .selectFrom('calls')
    .select(callColumns)
    .$if(lead.condition !== undefined, (query) => query.where(leading(lead, most)))
    .$if(since !== undefined, (query) => query.where('at', '>=', toText(since ?? 0)))
    .$if(end.kind === 'place', (query) =>
      query.where((row) => row(row.refTuple('at', 'id'), '<', row.tuple(end.at, end.id))),
    )
    .$if(end.kind === 'moment', (query) => query.where('at', '<', end.at))
    .$if(lead.kind === 'condition', (query) => query.orderBy('at', 'desc').orderBy('id', 'desc'))
    .limit(most)
}

/** What begins with a text is found first and sifted by time, whatever the planner thinks of that. It has the millisecond in it, so there are few. */
function leading({ kind, condition }: Exclude<Lead, { kind: 'account' }>, most: number) {
  const wanted = condition ?? sql<boolean>`1 = 1`
  return kind === 'id-prefix'
    ? sql<boolean>`id in (select id from calls where ${wanted} order by id desc limit ${most})`
    : wanted
}

function reachOfAccount(reader: Reader, account: string, { filter, before, most }: Bounds): Reach {
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

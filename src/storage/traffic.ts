import type { Bins } from '../calls/latency-bins.ts'
import type { CountedStep, Beat } from '../calls/traffic-batch.ts'
import type { CountedMoment, Resolution, TrafficStore } from '../calls/traffic-store.ts'
import { addAccountSteps, listAccountSteps, pruneAccountSteps } from './account-traffic.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'
import { inPieces } from './in-pieces.ts'
import type { TrafficTable } from './tables.ts'
import { addTopSteps, pruneTopSteps, sumTopSteps } from './top-traffic.ts'

type Transaction = Pick<Database, 'insertInto'>

/** Of first tokens, and of whole answers. */
const latencyTables = ['traffic_latencies', 'traffic_durations'] as const
type LatencyTable = (typeof latencyTables)[number]

/** Keeps how requests ended, by the second, the minute and the hour. */
export function createTrafficStore(database: Database): TrafficStore {
  return {
    async add({ steps, beats, accounts, tops }) {
      await runCountTransaction(database, async (transaction) => {
        // In one order, so that no two processes wait for each other.
        for (const [resolution, counted] of steps) {
          const sorted = counted.toSorted((a, b) => a.at - b.at)
          for (const rows of inPieces(sorted)) await addSteps(transaction, resolution, rows)
          for (const table of latencyTables) {
            const latencies = sorted.flatMap((step) => toLatencies(resolution, step.at, binsOf(step, table)))
            for (const rows of inPieces(latencies)) await addLatencies(transaction, table, rows)
          }
        }
        const sorted = beats.map(toBeatRow).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        for (const rows of inPieces(sorted)) await addBeats(transaction, rows)
        await addAccountSteps(transaction, accounts)
        for (const [resolution, counted] of tops) await addTopSteps(transaction, resolution, counted)
      })
    },

    async listSince(resolution, since) {
      const start = toText(since)
      const rows = await database
        .selectFrom('traffic')
        .selectAll()
        .where('resolution', '=', resolution)
        .where('start', '>=', start)
        .orderBy('start')
        .execute()
      const span = { resolution, start }
      const firstTokens = await listLatencies(database, 'traffic_latencies', span)
      const durations = await listLatencies(database, 'traffic_durations', span)
      return rows.map((row) =>
        toStep(row, firstTokens.get(row.start) ?? new Map(), durations.get(row.start) ?? new Map()),
      )
    },

    async listCounts(resolution, { since, until }) {
      const rows = await database
        .selectFrom('traffic')
        .selectAll()
        .where('resolution', '=', resolution)
        .where('start', '>=', toText(since))
        .where('start', '<', toText(until))
        .orderBy('start')
        .execute()
      return rows.map(toMoment)
    },

    async sumSince(resolution, since, until) {
      const start = toText(since)
      const end = until === undefined ? undefined : toText(until)
      const sums = await database
        .selectFrom('traffic')
        .select(({ fn }) => [
          fn.sum<number | null>('ok').as('ok'),
          fn.sum<number | null>('client_errors').as('clientErrors'),
          fn.sum<number | null>('throttled').as('throttled'),
          fn.sum<number | null>('upstream_errors').as('upstreamErrors'),
          fn.sum<number | null>('shed').as('shed'),
          fn.sum<number | null>('cancelled').as('cancelled'),
          fn.sum<number | null>('input_tokens').as('inputTokens'),
          fn.sum<number | null>('output_tokens').as('outputTokens'),
        ])
        .where('resolution', '=', resolution)
        .where('start', '>=', start)
        .$if(end !== undefined, (query) => query.where('start', '<', end ?? ''))
        .executeTakeFirstOrThrow()
      const span = { resolution, start, end }
      return {
        ok: sums.ok ?? 0,
        clientErrors: sums.clientErrors ?? 0,
        throttled: sums.throttled ?? 0,
        upstreamErrors: sums.upstreamErrors ?? 0,
        shed: sums.shed ?? 0,
        cancelled: sums.cancelled ?? 0,
        inputTokens: sums.inputTokens ?? 0,
        outputTokens: sums.outputTokens ?? 0,
        firstTokens: await sumLatencies(database, 'traffic_latencies', span),
        durations: await sumLatencies(database, 'traffic_durations', span),
      }
    },

    async listBeatsSince(since, most) {
      const rows = await database
        .selectFrom('traffic_beats')
        .selectAll()
        .where('minute', '>=', toText(since))
        .orderBy('minute', 'desc')
        .orderBy('account_id', 'desc')
        .limit(most)
        .execute()
      return rows.map((row): Beat => ({
        accountId: row.account_id,
        at: Date.parse(row.minute),
        level: row.level,
      }))
    },

    sumTops: (resolution, kind, since) => sumTopSteps(database, { resolution, kind, since }),

    listAccountSteps: (at, accountId) => listAccountSteps(database, { at, accountId }),

    async prune(before, { beats, accounts }) {
      for (const [resolution, start] of before) {
        for (const table of ['traffic', ...latencyTables] as const) {
          await database
            .deleteFrom(table)
            .where('resolution', '=', resolution)
            .where('start', '<', toText(start))
            .execute()
        }
        await pruneTopSteps(database, resolution, start)
      }
      await database.deleteFrom('traffic_beats').where('minute', '<', toText(beats)).execute()
      await pruneAccountSteps(database, accounts)
    },
  }
}

async function addSteps(
  transaction: Transaction,
  resolution: Resolution,
  steps: readonly CountedStep[],
): Promise<void> {
  await transaction
    .insertInto('traffic')
    .values(steps.map((step) => toRow(resolution, step)))
    .onConflict((conflict) =>
      conflict.columns(['resolution', 'start']).doUpdateSet((row) => ({
        ok: row('traffic.ok', '+', row.ref('excluded.ok')),
        client_errors: row('traffic.client_errors', '+', row.ref('excluded.client_errors')),
        throttled: row('traffic.throttled', '+', row.ref('excluded.throttled')),
        upstream_errors: row('traffic.upstream_errors', '+', row.ref('excluded.upstream_errors')),
        shed: row('traffic.shed', '+', row.ref('excluded.shed')),
        cancelled: row('traffic.cancelled', '+', row.ref('excluded.cancelled')),
        input_tokens: row('traffic.input_tokens', '+', row.ref('excluded.input_tokens')),
        output_tokens: row('traffic.output_tokens', '+', row.ref('excluded.output_tokens')),
      })),
    )
    .execute()
}

async function addLatencies(
  transaction: Transaction,
  table: LatencyTable,
  rows: readonly { resolution: number; start: string; bin: number; requests: number }[],
): Promise<void> {
  await transaction
    .insertInto(table)
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['resolution', 'start', 'bin']).doUpdateSet((row) => ({
        requests: row(`${table}.requests`, '+', row.ref('excluded.requests')),
      })),
    )
    .execute()
}

function binsOf(step: CountedStep, table: LatencyTable): Bins {
  return table === 'traffic_latencies' ? step.firstTokens : step.durations
}

/** By the beginning of the step. */
async function listLatencies(
  database: Database,
  table: LatencyTable,
  { resolution, start }: { resolution: Resolution; start: string },
): Promise<Map<string, Bins>> {
  const rows = await database
    .selectFrom(table)
    .select(['start', 'bin', 'requests'])
    .where('resolution', '=', resolution)
    .where('start', '>=', start)
    .execute()
  const byStart = new Map<string, Bins>()
  for (const { start: at, bin, requests } of rows) {
    const known = byStart.get(at)
    if (known === undefined) byStart.set(at, new Map([[bin, requests]]))
    else known.set(bin, requests)
  }
  return byStart
}

async function sumLatencies(
  database: Database,
  table: LatencyTable,
  { resolution, start, end }: { resolution: Resolution; start: string; end: string | undefined },
): Promise<Bins> {
  const rows = await database
    .selectFrom(table)
    .select(({ fn }) => ['bin', fn.sum<number>('requests').as('requests')])
    .where('resolution', '=', resolution)
    .where('start', '>=', start)
    .$if(end !== undefined, (query) => query.where('start', '<', end ?? ''))
    .groupBy('bin')
    .execute()
  return new Map(rows.map(({ bin, requests }) => [bin, requests]))
}

/** The worst stays. */
async function addBeats(
  transaction: Transaction,
  rows: readonly ReturnType<typeof toBeatRow>[],
): Promise<void> {
  await transaction
    .insertInto('traffic_beats')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['minute', 'account_id'])
        .doUpdateSet((row) => ({ level: row.ref('excluded.level') }))
        .whereRef('traffic_beats.level', '<', 'excluded.level'),
    )
    .execute()
}

function toRow(resolution: Resolution, step: CountedStep): TrafficTable {
  return {
    resolution,
    start: toText(step.at),
    ok: step.ok,
    client_errors: step.clientErrors,
    throttled: step.throttled,
    upstream_errors: step.upstreamErrors,
    shed: step.shed,
    cancelled: step.cancelled,
    input_tokens: step.inputTokens,
    output_tokens: step.outputTokens,
  }
}

function toStep(row: TrafficTable, firstTokens: Bins, durations: Bins): CountedStep {
  return { ...toMoment(row), firstTokens, durations }
}

function toMoment(row: TrafficTable): CountedMoment {
  return {
    at: Date.parse(row.start),
    ok: row.ok,
    clientErrors: row.client_errors,
    throttled: row.throttled,
    upstreamErrors: row.upstream_errors,
    shed: row.shed,
    cancelled: row.cancelled,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
  }
}

function toLatencies(resolution: Resolution, at: number, bins: Bins) {
  const start = toText(at)
  return [...bins]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, requests]) => ({ resolution, start, bin, requests }))
}

function toBeatRow({ accountId, at, level }: Beat) {
  return { minute: toText(at), account_id: accountId, level }
}

function keyOf(row: ReturnType<typeof toBeatRow>): string {
  return `${row.minute} ${row.account_id}`
}

function toText(at: number): string {
  return new Date(at).toISOString()
}

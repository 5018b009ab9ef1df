import type { CountedStep, Beat } from '../calls/traffic-batch.ts'
import type { CountedMoment, Resolution, TrafficStore } from '../calls/traffic-store.ts'
import { addAccountSteps, listAccountSteps, pruneAccountSteps } from './account-traffic.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'
import { inPieces } from './in-pieces.ts'
import type { TrafficTable } from './tables.ts'

type Transaction = Pick<Database, 'insertInto'>

/** Keeps how requests ended, by the second, the minute and the hour. */
export function createTrafficStore(database: Database): TrafficStore {
  return {
    async add(steps, beats, accounts) {
      await runCountTransaction(database, async (transaction) => {
        // In one order, so that no two processes wait for each other.
        for (const [resolution, counted] of steps) {
          const sorted = counted.toSorted((a, b) => a.at - b.at)
          for (const rows of inPieces(sorted)) await addSteps(transaction, resolution, rows)
          const latencies = sorted.flatMap((step) => toLatencies(resolution, step))
          for (const rows of inPieces(latencies)) await addLatencies(transaction, rows)
        }
        const sorted = beats.map(toBeatRow).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        for (const rows of inPieces(sorted)) await addBeats(transaction, rows)
        await addAccountSteps(transaction, accounts)
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
      const latencies = await database
        .selectFrom('traffic_latencies')
        .select(['start', 'bin', 'requests'])
        .where('resolution', '=', resolution)
        .where('start', '>=', start)
        .execute()
      const byStart = new Map<string, Map<number, number>>()
      for (const { start: at, bin, requests } of latencies) {
        const known = byStart.get(at)
        if (known === undefined) byStart.set(at, new Map([[bin, requests]]))
        else known.set(bin, requests)
      }
      return rows.map((row) => toStep(row, byStart.get(row.start) ?? new Map()))
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

    async sumSince(resolution, since) {
      const start = toText(since)
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
        .executeTakeFirstOrThrow()
      const bins = await database
        .selectFrom('traffic_latencies')
        .select(({ fn }) => ['bin', fn.sum<number>('requests').as('requests')])
        .where('resolution', '=', resolution)
        .where('start', '>=', start)
        .groupBy('bin')
        .execute()
      return {
        ok: sums.ok ?? 0,
        clientErrors: sums.clientErrors ?? 0,
        throttled: sums.throttled ?? 0,
        upstreamErrors: sums.upstreamErrors ?? 0,
        shed: sums.shed ?? 0,
        cancelled: sums.cancelled ?? 0,
        inputTokens: sums.inputTokens ?? 0,
        outputTokens: sums.outputTokens ?? 0,
        firstTokens: new Map(bins.map(({ bin, requests }) => [bin, requests])),
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

    listAccountSteps: (at, accountId) => listAccountSteps(database, { at, accountId }),

    async prune(before, { beats, accounts }) {
      for (const [resolution, start] of before) {
        for (const table of ['traffic', 'traffic_latencies'] as const) {
          await database
            .deleteFrom(table)
            .where('resolution', '=', resolution)
            .where('start', '<', toText(start))
            .execute()
        }
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
  rows: readonly { resolution: number; start: string; bin: number; requests: number }[],
): Promise<void> {
  await transaction
    .insertInto('traffic_latencies')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['resolution', 'start', 'bin']).doUpdateSet((row) => ({
        requests: row('traffic_latencies.requests', '+', row.ref('excluded.requests')),
      })),
    )
    .execute()
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

function toStep(row: TrafficTable, firstTokens: Map<number, number>): CountedStep {
  return { ...toMoment(row), firstTokens }
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

function toLatencies(resolution: Resolution, { at, firstTokens }: CountedStep) {
  const start = toText(at)
  return [...firstTokens]
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

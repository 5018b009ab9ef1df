/** The part of the traffic that is kept by model and by key. */
import type { TopCounts, TopKind, TopStep } from '../calls/top-steps.ts'
import type { Resolution } from '../calls/traffic-store.ts'
import type { Database } from './database.ts'
import { inPieces } from './in-pieces.ts'

type Transaction = Pick<Database, 'insertInto'>

export async function addTopSteps(
  transaction: Transaction,
  resolution: Resolution,
  steps: readonly TopStep[],
): Promise<void> {
  // In one order, so that no two processes wait for each other.
  const sorted = steps.toSorted((a, b) => a.at - b.at || (placeOf(a) < placeOf(b) ? -1 : 1))
  const rows = sorted.map(({ at, kind, name, requests, failures, inputTokens, outputTokens }) => ({
    resolution,
    start: toText(at),
    kind,
    name,
    requests,
    failures,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
  }))
  for (const piece of inPieces(rows)) {
    await transaction
      .insertInto('traffic_tops')
      .values(piece)
      .onConflict((conflict) =>
        conflict.columns(['resolution', 'start', 'kind', 'name']).doUpdateSet((row) => ({
          requests: row('traffic_tops.requests', '+', row.ref('excluded.requests')),
          failures: row('traffic_tops.failures', '+', row.ref('excluded.failures')),
          input_tokens: row('traffic_tops.input_tokens', '+', row.ref('excluded.input_tokens')),
          output_tokens: row('traffic_tops.output_tokens', '+', row.ref('excluded.output_tokens')),
        })),
      )
      .execute()
  }
}

/** Added up by name, in no order. */
export async function sumTopSteps(
  database: Database,
  { resolution, kind, since }: { resolution: Resolution; kind: TopKind; since: number },
): Promise<({ name: string } & TopCounts)[]> {
  const rows = await database
    .selectFrom('traffic_tops')
    .select(({ fn }) => [
      'name',
      fn.sum<number>('requests').as('requests'),
      fn.sum<number>('failures').as('failures'),
      fn.sum<number>('input_tokens').as('inputTokens'),
      fn.sum<number>('output_tokens').as('outputTokens'),
    ])
    .where('resolution', '=', resolution)
    .where('start', '>=', toText(since))
    .where('kind', '=', kind)
    .groupBy('name')
    .execute()
  return rows
}

export async function pruneTopSteps(
  database: Database,
  resolution: Resolution,
  before: number,
): Promise<void> {
  await database
    .deleteFrom('traffic_tops')
    .where('resolution', '=', resolution)
    .where('start', '<', toText(before))
    .execute()
}

function placeOf({ kind, name }: TopStep): string {
  return `${kind} ${name}`
}

function toText(at: number): string {
  return new Date(at).toISOString()
}

/** The part of the traffic that is kept by account. */
import type { AccountStep } from '../calls/account-steps.ts'
import type { Database } from './database.ts'
import { inPieces } from './in-pieces.ts'

type Transaction = Pick<Database, 'insertInto'>

export async function addAccountSteps(
  transaction: Transaction,
  steps: readonly AccountStep[],
): Promise<void> {
  // In one order, so that no two processes wait for each other.
  const sorted = steps.toSorted((a, b) => a.at - b.at || (a.accountId < b.accountId ? -1 : 1))
  const rows = sorted.map(({ at, accountId, requests, ok }) => ({
    start: toText(at),
    account_id: accountId,
    requests,
    ok,
  }))
  for (const piece of inPieces(rows)) {
    await transaction
      .insertInto('account_traffic')
      .values(piece)
      .onConflict((conflict) =>
        conflict.columns(['start', 'account_id']).doUpdateSet((row) => ({
          requests: row('account_traffic.requests', '+', row.ref('excluded.requests')),
          ok: row('account_traffic.ok', '+', row.ref('excluded.ok')),
        })),
      )
      .execute()
  }
  for (const piece of inPieces(sorted.flatMap(toLatencies))) {
    await transaction
      .insertInto('account_latencies')
      .values(piece)
      .onConflict((conflict) =>
        conflict.columns(['start', 'account_id', 'bin']).doUpdateSet((row) => ({
          requests: row('account_latencies.requests', '+', row.ref('excluded.requests')),
        })),
      )
      .execute()
  }
}

/** Of the hour that begins there. */
export async function listAccountSteps(
  database: Database,
  { at, accountId }: { at: number; accountId: string | undefined },
): Promise<AccountStep[]> {
  const start = toText(at)
  const rows = await database
    .selectFrom('account_traffic')
    .select(['account_id', 'requests', 'ok'])
    .where('start', '=', start)
    .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId ?? ''))
    .execute()
  const latencies = await database
    .selectFrom('account_latencies')
    .select(['account_id', 'bin', 'requests'])
    .where('start', '=', start)
    .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId ?? ''))
    .execute()
  const bins = new Map(rows.map(({ account_id: id }) => [id, new Map<number, number>()]))
  for (const { account_id: id, bin, requests } of latencies) bins.get(id)?.set(bin, requests)
  return rows.map(({ account_id: id, requests, ok }) => ({
    accountId: id,
    at,
    requests,
    ok,
    firstTokens: bins.get(id) ?? new Map<number, number>(),
  }))
}

export async function pruneAccountSteps(database: Database, before: number): Promise<void> {
  for (const table of ['account_traffic', 'account_latencies'] as const) {
    await database.deleteFrom(table).where('start', '<', toText(before)).execute()
  }
}

function toLatencies({ at, accountId, firstTokens }: AccountStep) {
  return [...firstTokens]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, requests]) => ({ start: toText(at), account_id: accountId, bin, requests }))
}

function toText(at: number): string {
  return new Date(at).toISOString()
}

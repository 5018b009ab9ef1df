import * as z from 'zod'
import type { Quota } from '../accounts/quota.ts'
import type { QuotaStore, StoredReading, StoredSpending } from '../quotas/quota-store.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'
import { countRevision, readRevision } from './revisions.ts'
import type { AccountQuotasTable } from './tables.ts'

const REVISION = 'quotas'

const instant = z.iso.datetime().transform((text) => new Date(text))
const quotaColumn = z.object({
  readAt: instant,
  planName: z.string().exactOptional(),
  sources: z.array(
    z.object({
      kind: z.enum(['plan', 'free-trial', 'bonus']),
      name: z.string().exactOptional(),
      used: z.number(),
      limit: z.number(),
      endsAt: instant.exactOptional(),
    }),
  ),
  overage: z
    .object({ isAllowed: z.boolean(), used: z.number(), cap: z.number().exactOptional() })
    .exactOptional(),
})

type Transaction = Pick<Database, 'selectFrom' | 'insertInto' | 'updateTable'>

/** Keeps readings. Nothing in them is personal or secret, so nothing is sealed. */
export function createQuotaStore(database: Database): QuotaStore {
  return {
    readRevision: () => readRevision(database, REVISION),

    async changedSince(revision) {
      const rows = await database
        .selectFrom('account_quotas')
        .selectAll()
        .where('revision', '>', revision)
        .execute()
      return rows.map(toReading)
    },

    async listSpending() {
      const rows = await database
        .selectFrom('account_quotas')
        .select(['account_id', 'spent', 'used_at', 'read_at'])
        .execute()
      return rows.map(toSpending)
    },

    async saveReading(accountId, quota, used) {
      const at = quota.readAt.toISOString()
      const sample = { account_id: accountId, day: at.slice(0, 10), at, used }
      await database.transaction().execute(async (transaction) => {
        const revision = await countRevision(transaction, REVISION)
        if (!(await makeRow(transaction, accountId))) return
        await transaction
          .updateTable('account_quotas')
          .set({
            quota: JSON.stringify(quota),
            read_at: at,
            tried_at: at,
            error: null,
            failures: 0,
            spent: 0,
            revision,
          })
          .where('account_id', '=', accountId)
          .execute()
        await transaction
          .insertInto('quota_samples')
          .values(sample)
          .onConflict((conflict) => conflict.columns(['account_id', 'day']).doUpdateSet({ at, used }))
          .execute()
      })
    },

    async saveFailure(accountId, { error, at }) {
      await database.transaction().execute(async (transaction) => {
        const revision = await countRevision(transaction, REVISION)
        if (!(await makeRow(transaction, accountId))) return
        await transaction
          .updateTable('account_quotas')
          .set((row) => ({ tried_at: at.toISOString(), error, failures: row('failures', '+', 1), revision }))
          .where('account_id', '=', accountId)
          .execute()
      })
    },

    async addSpending(spending) {
      await runCountTransaction(database, async (transaction) => {
        const ids = await makeRows(
          transaction,
          spending.map(({ accountId }) => accountId),
        )
        // In one order, so that no two processes wait for each other.
        const rows = spending
          .filter(({ accountId }) => ids.has(accountId))
          .toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))
          .map(({ accountId, credits, at }) => ({
            account_id: accountId,
            spent: credits,
            used_at: at.toISOString(),
          }))
        if (rows.length > 0) await addToRows(transaction, rows)
      })
    },

    async listSamples(accountId) {
      const rows = await database
        .selectFrom('quota_samples')
        .select(['at', 'used'])
        .where('account_id', '=', accountId)
        .orderBy('day')
        .execute()
      return rows.map(({ at, used }) => ({ at: new Date(at), used }))
    },

    async listRecentSamples(accountIds, since) {
      const rows = await database
        .selectFrom('quota_samples')
        .select(['account_id', 'at', 'used'])
        .where('account_id', 'in', accountIds)
        .where('day', '>=', since.toISOString().slice(0, 10))
        .orderBy('account_id')
        .orderBy('day')
        .execute()
      const byAccount = Map.groupBy(rows, (row) => row.account_id)
      return new Map(
        Array.from(byAccount, ([id, some]) => [id, some.map(({ at, used }) => ({ at: new Date(at), used }))]),
      )
    },

    async prune(before) {
      const day = before.toISOString().slice(0, 10)
      await database.deleteFrom('quota_samples').where('day', '<', day).execute()
    },
  }
}

/** False: the account is gone. */
async function makeRow(transaction: Transaction, accountId: string): Promise<boolean> {
  return (await makeRows(transaction, [accountId])).has(accountId)
}

/** An insert first: SQLite refuses a write that comes after a read of what has changed since. Answers those whose account is there. */
async function makeRows(
  transaction: Transaction,
  accountIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (accountIds.length === 0) return new Set()
  await transaction
    .insertInto('account_quotas')
    .columns(['account_id'])
    .expression((query) =>
      query.selectFrom('accounts').select('accounts.id').where('accounts.id', 'in', accountIds).orderBy('id'),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const rows = await transaction
    .selectFrom('account_quotas')
    .select('account_id')
    .where('account_id', 'in', accountIds)
    .execute()
  return new Set(rows.map(({ account_id: id }) => id))
}

/** What was spent before the last reading is in that already. */
async function addToRows(
  transaction: Transaction,
  rows: readonly { account_id: string; spent: number; used_at: string }[],
): Promise<void> {
  await transaction
    .insertInto('account_quotas')
    .values(rows.map((row) => ({ ...row, failures: 0, revision: 0 })))
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet((row) => ({
        used_at: row.ref('excluded.used_at'),
        spent: row
          .case()
          .when(
            row.or([
              row('account_quotas.read_at', 'is', null),
              row('account_quotas.read_at', '<', row.ref('excluded.used_at')),
            ]),
          )
          .then(row('account_quotas.spent', '+', row.ref('excluded.spent')))
          .else(row.ref('account_quotas.spent'))
          .end(),
      })),
    )
    .execute()
}

function toReading(row: AccountQuotasTable): StoredReading {
  const quota = readQuota(row.quota)
  return {
    ...spendingOf(row),
    ...(quota !== undefined && { quota }),
    ...(row.tried_at !== null && { triedAt: new Date(row.tried_at) }),
    ...(row.error !== null && { error: row.error }),
    failures: row.failures,
  }
}

function toSpending(
  row: Pick<AccountQuotasTable, 'account_id' | 'spent' | 'used_at' | 'read_at'>,
): StoredSpending {
  return { ...spendingOf(row), ...(row.read_at !== null && { readAt: new Date(row.read_at) }) }
}

function spendingOf(row: Pick<AccountQuotasTable, 'account_id' | 'spent' | 'used_at'>) {
  const { account_id: accountId, spent, used_at: usedAt } = row
  return { accountId, spent, ...(usedAt !== null && { usedAt: new Date(usedAt) }) }
}

/** What cannot be read will be read of the service again. */
function readQuota(text: string | null): Quota | undefined {
  if (text === null) return undefined
  try {
    return quotaColumn.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

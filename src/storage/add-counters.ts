/** Counters and statuses of accounts, as several processes count and change them at once. */
import type { CounterChange, Standing } from '../accounts/account-store.ts'
import type { StatusChange } from '../accounts/describe-change.ts'
import { mayDisableOneMore } from '../accounts/standing/disabling-limit.ts'
import { isSameStanding, mergeStanding } from '../accounts/standing/merge-standing.ts'
import { readStanding } from './account-columns.ts'
import { toStandingColumns } from './account-rows.ts'
import type { Database } from './database.ts'
import { countRevision, lockRevision } from './revisions.ts'

type Transaction = Pick<Database, 'selectFrom' | 'insertInto' | 'updateTable'>

/**
 * Opens no transaction of its own: all or nothing is for the caller. `name` of the revision that accounts count. Answers what has
 * become of statuses.
 */
export async function addCounters(
  transaction: Transaction,
  name: string,
  changes: readonly CounterChange[],
): Promise<StatusChange[]> {
  // Whoever holds the lock reads what the last writer has left, and nobody waits for another one's rows.
  await lockRevision(transaction, name)
  let revision: Promise<number> | undefined
  const nextRevision = () => (revision ??= countRevision(transaction, name))
  const plain = changes.filter(isPlainSuccess)
  const ended = await addPlainSuccesses(transaction, plain)
  const statuses: StatusChange[] = []
  for (const change of changes) {
    if (isPlainSuccess(change) && !ended.has(change.id)) continue
    statuses.push(...(await addCounter(transaction, change, nextRevision)))
  }
  return statuses
}

function isPlainSuccess({ strikes, standing }: CounterChange): boolean {
  return strikes === 0 && standing === undefined
}

/** Nearly all changes, and of many accounts a few statements for all. Answers those that end a run of strikes, not counted here. */
async function addPlainSuccesses(
  transaction: Transaction,
  changes: readonly CounterChange[],
): Promise<ReadonlySet<string>> {
  if (changes.length === 0) return new Set()
  const struck = await transaction
    .selectFrom('accounts')
    .select('id')
    .where(
      'id',
      'in',
      changes.map(({ id }) => id),
    )
    .where('error_count', '<>', 0)
    .execute()
  const ended = new Set(struck.map(({ id }) => id))
  const byCount = Map.groupBy(
    changes.filter(({ id, successes }) => successes > 0 && !ended.has(id)),
    ({ successes }) => successes,
  )
  for (const [successes, same] of byCount) {
    await transaction
      .updateTable('accounts')
      .set((column) => ({ success_count: column('success_count', '+', successes) }))
      .where(
        'id',
        'in',
        same.map(({ id }) => id),
      )
      .execute()
  }
  return ended
}

async function addCounter(
  transaction: Transaction,
  change: CounterChange,
  nextRevision: () => Promise<number>,
): Promise<StatusChange[]> {
  const { id, successes, strikes, strikesReset } = change
  const row = await transaction
    .selectFrom('accounts')
    .select(['status', 'enabled', 'error_count', 'clientId', 'label'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return []
  const stored = readStanding(row)
  const standing = await standingAfter(transaction, { ...stored, clientId: row.clientId }, change)
  const total = strikesReset ? strikes : row.error_count + strikes
  // A change that was refused is news too: for the process that thinks it was made.
  const isNews = total !== row.error_count || change.standing !== undefined
  await transaction
    .updateTable('accounts')
    .set((column) => ({
      success_count: column('success_count', '+', successes),
      error_count: total,
      ...(!isSameStanding(standing, stored) && toStandingColumns(standing)),
    }))
    .set(isNews ? { revision: await nextRevision() } : {})
    .where('id', '=', id)
    .execute()
  const account = { id, ...(row.label !== null && { label: row.label }) }
  return standing.status === stored.status ? [] : [{ account, before: stored.status, after: standing.status }]
}

async function standingAfter(
  transaction: Transaction,
  stored: Standing & { clientId: string },
  { standing: change }: CounterChange,
): Promise<Standing> {
  if (change === undefined) return stored
  const merged = mergeStanding(stored, change)
  const { status } = merged
  if (status.kind !== 'disabled' || status.by !== 'threshold' || stored.status.kind === 'disabled')
    return merged
  const rows = await transaction.selectFrom('accounts').select(['status', 'enabled']).execute()
  return mayDisableOneMore(rows.map(readStanding), status.at.getTime()) ? merged : stored
}

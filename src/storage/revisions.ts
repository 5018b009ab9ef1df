/** A number for each change that other processes want to know of: who has seen the last one has missed nothing. */
import type { Database } from './database.ts'

type Reader = Pick<Database, 'selectFrom'>
/** Inside one, numbers are given out in the order in which the changes become visible. */
type Transaction = Reader & Pick<Database, 'insertInto'>

/** To be called in the transaction that makes the change. */
export async function countRevision(transaction: Transaction, name: string): Promise<number> {
  await transaction
    .insertInto('revisions')
    .values({ name, value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ value: row('revisions.value', '+', 1) })),
    )
    .execute()
  return readRevision(transaction, name)
}

/**
 * To be called first in a transaction that reads what it then changes: no other one counts a revision before this one has
 * ended. SQLite would refuse a write that comes after a read of what another process has changed since.
 */
export async function lockRevision(transaction: Transaction, name: string): Promise<void> {
  await transaction
    .insertInto('revisions')
    .values({ name, value: 0 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ value: row.ref('revisions.value') })),
    )
    .execute()
}

/** 0: there was none yet. */
export async function readRevision(database: Reader, name: string): Promise<number> {
  const row = await database
    .selectFrom('revisions')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value ?? 0
}

import { SqliteAdapter, type InsertQueryBuilder, type InsertResult, type Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Databases bound how many values a statement may have. */
const ROWS_AT_ONCE = 100

/**
 * Inserts rows that all have the same columns, in the same order; those that are there already stay as they are. `insert`
 * makes the statement for some of them. SQLite is the fastest with rows one by one, each with the statement of the
 * first; to a server each statement is a journey.
 */
export async function insertRows<Row extends object, Table extends keyof Tables>(
  transaction: Transaction<Tables>,
  rows: readonly Row[],
  insert: (some: Row[]) => InsertQueryBuilder<Tables, Table, InsertResult>,
): Promise<void> {
  const toStatement = (some: Row[]) => insert(some).onConflict((conflict) => conflict.doNothing())
  const [first] = rows
  if (first === undefined) return
  if (transaction.getExecutor().adapter instanceof SqliteAdapter) {
    const statement = toStatement([first]).compile()
    for (const row of rows) {
      const parameters: unknown[] = Object.values(row)
      await transaction.executeQuery({ ...statement, parameters })
    }
    return
  }
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await toStatement(rows.slice(start, start + ROWS_AT_ONCE)).execute()
  }
}

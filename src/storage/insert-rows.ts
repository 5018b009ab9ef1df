import { SqliteAdapter, type InsertQueryBuilder, type InsertResult, type Transaction } from 'kysely'
import { inPieces } from './in-pieces.ts'
import type { Tables } from './tables.ts'

/** Databases bound how many values a statement may have. */
const ROWS_AT_ONCE = 100
/** Measured, up to a third less per row than one by one. The statement of many more is too long to be kept (keep-statements.ts). */
const SQLITE_ROWS_AT_ONCE = 20

/**
 * Inserts rows that all have the same columns, in the same order; those that are there already stay as they are. `insert`
 * makes the statement for some of them. On SQLite all of a length share the statement of the first; to a server each
 * statement is a journey, and what it holds is as much as may be.
 */
export async function insertRows<Row extends object, Table extends keyof Tables>(
  transaction: Transaction<Tables>,
  rows: readonly Row[],
  insert: (some: Row[]) => InsertQueryBuilder<Tables, Table, InsertResult>,
): Promise<void> {
  const toStatement = (some: Row[]) => insert(some).onConflict((conflict) => conflict.doNothing())

  async function insertAlike(pieces: readonly Row[][]): Promise<void> {
    const [first] = pieces
    if (first === undefined) return
    const statement = toStatement(first).compile()
    for (const piece of pieces) {
      const parameters: unknown[] = piece.flatMap((row) => Object.values(row))
      await transaction.executeQuery({ ...statement, parameters })
    }
  }

  if (transaction.getExecutor().adapter instanceof SqliteAdapter) {
    const wholeEnd = rows.length - (rows.length % SQLITE_ROWS_AT_ONCE)
    await insertAlike(inPieces(rows.slice(0, wholeEnd), SQLITE_ROWS_AT_ONCE))
    await insertAlike(inPieces(rows.slice(wholeEnd), 1))
    return
  }
  for (const some of inPieces(rows, ROWS_AT_ONCE)) await toStatement(some).execute()
}

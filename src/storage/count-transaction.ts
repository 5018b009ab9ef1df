import { sql, SqliteAdapter, type Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/**
 * A transaction for counters and logs, which is not forced to the disk: that would hold up all streams at once, several
 * times a second. A process that dies loses nothing of it; a power cut may take the last moments, until the next
 * transaction that is forced. For SQLite alone; a server's disk holds up nobody here.
 */
export async function runCountTransaction<T>(
  database: Database,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  if (!(database.getExecutor().adapter instanceof SqliteAdapter)) return database.transaction().execute(work)
  return database.connection().execute(async (connection) => {
    await sql`pragma synchronous = normal`.execute(connection)
    try {
      return await connection.transaction().execute(work)
    } finally {
      await sql`pragma synchronous = full`.execute(connection)
    }
  })
}

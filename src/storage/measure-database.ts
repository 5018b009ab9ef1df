import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { DatabaseLocation } from './location.ts'
import { sizeOfFile } from './private-file.ts'

export interface DatabaseSize {
  kind: 'sqlite' | 'postgresql'
  /** With what is not folded into the file yet; null: nobody knows. */
  bytes: number | null
}

export async function measureDatabase(database: Database, location: DatabaseLocation): Promise<DatabaseSize> {
  if ('path' in location) {
    const { path } = location
    return { kind: 'sqlite', bytes: (sizeOfFile(path) ?? 0) + (sizeOfFile(`${path}-wal`) ?? 0) }
  }
  const { rows } = await sql<{ bytes: string }>`select pg_database_size(current_database()) as bytes`.execute(
    database,
  )
  const bytes = Number(rows[0]?.bytes)
  return { kind: 'postgresql', bytes: Number.isFinite(bytes) ? bytes : null }
}

import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { DatabaseLocation } from './location.ts'
import { sizeOfFile } from './private-file.ts'

export interface DatabaseSize {
  kind: 'sqlite' | 'postgresql'
  /** With what is not folded into the file yet; null: nobody knows. */
  bytes: number | null
  /** What was deleted left them free within the file, for what comes next; null: nobody knows. */
  freeBytes: number | null
}

export async function measureDatabase(database: Database, location: DatabaseLocation): Promise<DatabaseSize> {
  if ('path' in location) {
    const { path } = location
    return {
      kind: 'sqlite',
      bytes: (sizeOfFile(path) ?? 0) + (sizeOfFile(`${path}-wal`) ?? 0),
      freeBytes: await measureFree(database),
    }
  }
  const { rows } = await sql<{ bytes: string }>`select pg_database_size(current_database()) as bytes`.execute(
    database,
  )
  const bytes = Number(rows[0]?.bytes)
  return { kind: 'postgresql', bytes: Number.isFinite(bytes) ? bytes : null, freeBytes: null }
}

/** Both are in the head of the file: nothing is counted. */
async function measureFree(database: Database): Promise<number | null> {
  const { rows } = await sql<{ bytes: number }>`
    select freelist_count * page_size as bytes from pragma_freelist_count, pragma_page_size
  `.execute(database)
  return rows[0]?.bytes ?? null
}

/** Opens the database: its file is for this user alone, its schema is brought up to date, or the start is refused. */
import { closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { StartError } from '../start-error.ts'
import { migrations } from './migrations/index.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

const BUSY_TIMEOUT_MS = 5000
const MIGRATION_TABLE = 'kysely_migration'

/** Close it with `destroy()`. Throws a StartError, with nothing changed, when the file is not a database of ours. */
export async function openDatabase({ path }: { path: string }): Promise<Database> {
  preparePrivateFile(path)
  const sqlite = new BetterSqlite3(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  const database: Database = new Kysely({ dialect: new SqliteDialect({ database: sqlite }) })
  try {
    await refuseForeignSchema(database, path)
    sqlite.pragma('journal_mode = WAL')
    // FULL: a refresh token that was rotated is lost for good if a power cut takes the last commit.
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    await migrate(database, path)
    return database
  } catch (error) {
    await database.destroy()
    if (error instanceof BetterSqlite3.SqliteError) {
      throw new StartError(`${path} cannot be opened as a database (${error.code}): restore a backup.`, error)
    }
    throw error
  }
}

/** SQLite gives its -wal and -shm files the mode of the database file, so it is created with the right one. */
function preparePrivateFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    try {
      if ((fstatSync(file).mode & 0o077) !== 0) fchmodSync(file, 0o600)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    const hint = reason === 'ELOOP' ? 'it is a symbolic link, name the file itself' : reason
    throw new StartError(`${path} cannot be opened or created as a private file: ${hint}.`, error)
  }
}

async function refuseForeignSchema(database: Database, path: string): Promise<void> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true })
  if (tables.length === 0) return
  if (!tables.some((table) => table.name === MIGRATION_TABLE)) {
    throw new StartError(`${path} is a database of another program: set DATA_DIR to a folder of its own.`)
  }
  const applied = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(
    database,
  )
  const unknown = applied.rows.find((row) => !Object.hasOwn(migrations, row.name))
  if (unknown === undefined) return
  throw new StartError(
    `${path} was written by a newer version of Aqueduct (schema ${unknown.name}): start that version, or restore a backup.`,
  )
}

async function migrate(database: Database, path: string): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    throw new StartError(
      `The schema of ${path} could not be brought up to date; it was left as it is.`,
      error,
    )
  }
}

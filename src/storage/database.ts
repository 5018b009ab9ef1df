/** Opens the database and brings its schema up to date, or the start is refused in one line. */
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, PostgresDialect, sql, SqliteDialect, type Dialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { StartError } from '../start-error.ts'
import type { DatabaseLocation } from './location.ts'
import { migrations } from './migrations/index.ts'
import { preparePrivateFile } from './private-file.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

const BUSY_TIMEOUT_MS = 5000
const MOST_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5000
const MIGRATION_TABLE = 'kysely_migration'

/** Whether the schema is brought up to date, or an older one is refused; and whether it may be made where there is none. */
export type SchemaWish = 'newest' | 'as-it-is' | 'as-it-is-or-new'

/** Close it with `destroy()`. Throws a StartError, with nothing changed, when it is not a database of ours. */
export function openDatabase(location: DatabaseLocation, wish: SchemaWish = 'newest'): Promise<Database> {
  return 'path' in location ? openSqlite(location.path, wish) : openPostgres(location.url, wish)
}

async function openSqlite(path: string, wish: SchemaWish): Promise<Database> {
  preparePrivateFile(path)
  const sqlite = openFile(path)
  const database: Database = new Kysely({ dialect: new SqliteDialect({ database: sqlite }) })
  try {
    await refuseSchema(database, path, wish)
    sqlite.pragma('journal_mode = WAL')
    // FULL: a refresh token that was rotated is lost for good if a power cut takes the last commit.
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    await migrate(database, path)
    return database
  } catch (error) {
    await database.destroy()
    throw error instanceof BetterSqlite3.SqliteError ? toStartError(error, path) : error
  }
}

function openFile(path: string): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  } catch (error) {
    throw error instanceof BetterSqlite3.SqliteError ? toStartError(error, path) : error
  }
}

/** A backup helps against damage alone. */
function toStartError(error: InstanceType<typeof BetterSqlite3.SqliteError>, path: string): StartError {
  const { code } = error
  const advice = /^SQLITE_(CORRUPT|NOTADB)/.test(code)
    ? 'restore a backup'
    : code.startsWith('SQLITE_BUSY')
      ? 'another program holds it'
      : 'look at its folder and disk'
  return new StartError(`${path} cannot be opened as a database (${code}): ${advice}.`, error)
}

async function openPostgres(url: string, wish: SchemaWish): Promise<Database> {
  // Loaded when it is needed: most gateways run on SQLite, and start faster without it.
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  // An idle connection that breaks is replaced at the next query; unheard, its error would end the process.
  pool.on('error', () => {})
  return openWith(new PostgresDialect({ pool }), 'The database of DATABASE_URL', wish)
}

/** For every database but SQLite, whose file needs more care. `name` begins the sentences that tell what is wrong. */
export async function openWith(
  dialect: Dialect,
  name: string,
  wish: SchemaWish = 'newest',
): Promise<Database> {
  const database: Database = new Kysely({ dialect })
  try {
    await refuseSchema(database, name, wish)
    await migrate(database, name)
    return database
  } catch (error) {
    await database.destroy()
    if (error instanceof StartError) throw error
    throw new StartError(`${name} cannot be used: ${reasonOf(error)}.`, error)
  }
}

/** A code of the driver or of PostgreSQL; messages may repeat the password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  return 'code' in error ? String(error.code) : error.name
}

async function refuseSchema(database: Database, name: string, wish: SchemaWish): Promise<void> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true })
  if (tables.length === 0) {
    if (wish !== 'as-it-is') return
    throw new StartError(`${name} holds nothing yet: start the gateway once, or look at the settings.`)
  }
  if (!tables.some((table) => table.name === MIGRATION_TABLE)) {
    throw new StartError(`${name} is a database of another program: set DATA_DIR to a folder of its own.`)
  }
  const applied = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(
    database,
  )
  const unknown = applied.rows.find((row) => !Object.hasOwn(migrations, row.name))
  if (unknown === undefined) {
    if (wish === 'newest' || applied.rows.length === Object.keys(migrations).length) return
    throw new StartError(
      `${name} was written by an older version of Aqueduct: start this one's gateway once, which brings it up to date.`,
    )
  }
  throw new StartError(
    `${name} was written by a newer version of Aqueduct (schema ${unknown.name}): start that version, or restore a backup.`,
  )
}

async function migrate(database: Database, name: string): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    throw new StartError(
      `The schema of ${name} could not be brought up to date; it was left as it is.`,
      error,
    )
  }
}

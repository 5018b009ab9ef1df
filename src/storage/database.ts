/** Opens the database and brings its schema up to date, or the start is refused in one line. */
import BetterSqlite3 from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import { linkSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, PostgresDialect, sql, SqliteDialect, type Dialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { systemClock } from '../clock.ts'
import { StartError } from '../start-error.ts'
import { syncPath } from './copy-sqlite.ts'
import { incomingPath } from './incoming-path.ts'
import { holdsNothing, inspectSqlite, MIGRATION_TABLE, newer, older } from './inspect-sqlite.ts'
import { keepCopy } from './keep-copies.ts'
import { keepStatements } from './keep-statements.ts'
import type { DatabaseLocation } from './location.ts'
import { migrations } from './migrations/index.ts'
import { preparePrivateFile, sizeOfFile } from './private-file.ts'
import { explainSqliteError, RESTORE } from './sqlite-error.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

const BUSY_TIMEOUT_MS = 5000
/** Whoever comes while another process copies and migrates waits for it. */
const MIGRATION_TIMEOUT_MS = 300_000
const MOST_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5000

/** Whether the schema is brought up to date, or an older one is refused; and whether it may be made where there is none. */
export type SchemaWish = 'newest' | 'as-it-is' | 'as-it-is-or-new'

/** Close it with `destroy()`. Throws a StartError, with nothing changed, when it is not a database of ours. */
export function openDatabase(location: DatabaseLocation, wish: SchemaWish = 'newest'): Promise<Database> {
  return 'path' in location ? openSqlite(location.path, wish) : openPostgres(location.url, wish)
}

async function openSqlite(path: string, wish: SchemaWish): Promise<Database> {
  if (sizeOfFile(path) === undefined) {
    if (wish === 'as-it-is') throw holdsNothing(path)
    await createSqlite(path)
  }
  preparePrivateFile(path)
  const { schema, isBehind } = inspectSqlite(path)
  if (isBehind && wish !== 'newest') throw older(path)
  return openFile(path, async (file) => {
    if (isBehind) await migrateFile(file, { path, isKept: schema !== undefined })
  })
}

/**
 * Made under another name and linked when it is whole: whatever is cut off when, under its name there is a database or
 * nothing, so an empty file is never taken for one that is only just made. Of two processes the later one finds it there.
 */
async function createSqlite(path: string): Promise<void> {
  if ((sizeOfFile(`${path}-wal`) ?? 0) > 0) {
    throw new StartError(
      `${path} is missing, and ${path}-wal holds what was last written to it: put it back, or restore a backup: ${RESTORE}.`,
    )
  }
  if ((sizeOfFile(`${path}-journal`) ?? 0) > 0) {
    throw new StartError(
      `${path} is missing, and ${path}-journal is there, which belongs to it: put it back, or restore a backup: ${RESTORE}.`,
    )
  }
  if (sizeOfFile(incomingPath(path)) !== undefined) {
    throw new StartError(
      `${path} is missing, as a backup was to take its place and that was cut off: restore it once more: ${RESTORE}. What was there is beside it, under a name with "replaced".`,
    )
  }
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  preparePrivateFile(draft)
  try {
    const database = await openFile(draft, (file) => migrateFile(file, { path: draft, isKept: false }))
    await database.destroy()
    linkUnlessPresent(draft, path)
    syncPath(dirname(path))
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  }
}

function linkUnlessPresent(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code !== 'EEXIST') throw new StartError(`${to} cannot be created: ${code}.`, error)
  }
}

interface OpenFile {
  sqlite: BetterSqlite3.Database
  database: Database
}

/** `prepare` brings its schema up to date. */
async function openFile(path: string, prepare: (file: OpenFile) => Promise<void>): Promise<Database> {
  try {
    const sqlite = new BetterSqlite3(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    const database: Database = new Kysely({
      dialect: new SqliteDialect({ database: keepStatements(sqlite) }),
    })
    // Kysely closes only what it has used.
    await database.connection().execute(() => Promise.resolve())
    try {
      sqlite.pragma('journal_mode = WAL')
      // FULL: a refresh token that was rotated is lost for good if a power cut takes the last commit.
      sqlite.pragma('synchronous = FULL')
      sqlite.pragma('foreign_keys = ON')
      await prepare({ sqlite, database })
      return database
    } catch (error) {
      await database.destroy()
      throw error
    }
  } catch (error) {
    throw explainSqliteError(error, path)
  }
}

/**
 * In one transaction, which Kysely does not do for SQLite: a crash between two of its statements would leave a schema
 * that no start could finish. Nobody else writes meanwhile, so the copy that is kept has all there is.
 */
async function migrateFile(
  { sqlite, database }: OpenFile,
  { path, isKept }: { path: string; isKept: boolean },
): Promise<void> {
  sqlite.pragma(`busy_timeout = ${MIGRATION_TIMEOUT_MS}`)
  sqlite.exec('begin immediate')
  try {
    // Another process may have been faster.
    const { schema, isBehind } = isKept ? inspectSqlite(path) : { schema: undefined, isBehind: true }
    if (schema !== undefined && isBehind) keepCopy(path, { schema, at: new Date(systemClock.now()) })
    if (isBehind) await migrate(database, path)
    sqlite.exec('commit')
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('rollback')
    throw error
  }
  sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
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
    if (wish === 'as-it-is') throw holdsNothing(name)
    return
  }
  if (!tables.some((table) => table.name === MIGRATION_TABLE)) {
    throw new StartError(`${name} is a database of another program: give Aqueduct one of its own.`)
  }
  const applied = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(
    database,
  )
  const unknown = applied.rows.find((row) => !Object.hasOwn(migrations, row.name))
  if (unknown !== undefined) throw newer(name, { schema: unknown.name, advice: 'restore a backup' })
  if (wish !== 'newest' && applied.rows.length < Object.keys(migrations).length) throw older(name)
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

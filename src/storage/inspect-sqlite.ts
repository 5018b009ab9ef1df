/** Looks at a file of SQLite without changing a byte of it: whether it is whole, ours, and known to this version. */
import BetterSqlite3 from 'better-sqlite3'
import * as z from 'zod'
import { StartError } from '../start-error.ts'
import { migrations } from './migrations/index.ts'
import { sizeOfFile } from './private-file.ts'
import { explainSqliteError, RESTORE } from './sqlite-error.ts'

export const MIGRATION_TABLE = 'kysely_migration'
const BUSY_TIMEOUT_MS = 5000
/** Up to here the whole file is read at each start; that takes a moment. */
const MOST_BYTES_READ_WHOLE = 64_000_000
/** Of a larger file: what every start needs. The logs, which make it large, are left to `aqueduct doctor`. */
const VITAL_TABLES = new Set(['accounts', 'account_seals', 'data_keys', 'settings', 'client_keys'])
const MOST_OF_COMPLAINT = 200

const schemaRows = z.array(z.object({ type: z.string(), name: z.string() }))
const migrationRows = z.array(z.object({ name: z.string() }))

export interface InspectedDatabase {
  /** The newest migration that it has had; undefined: it has had none. */
  schema: string | undefined
  /** Whether this version knows further ones. */
  isBehind: boolean
}

interface Inspection {
  /** Begins the sentences that tell what is wrong. */
  name?: string
  /** Every page, however large the file is. */
  thorough?: boolean
}

/** Throws a StartError that says what helps. */
export function inspectSqlite(
  path: string,
  { name = path, thorough = false }: Inspection = {},
): InspectedDatabase {
  const size = sizeOfFile(path)
  // Ours is given its name when its schema is there, so an empty file was never one that is only just made.
  if (size === 0) {
    throw new StartError(
      `${name} is empty: something has cut it off. Restore a backup: ${RESTORE}. If there never was a gateway here, remove the file.`,
    )
  }
  try {
    const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    try {
      // What a file from elsewhere declares must not run.
      sqlite.pragma('trusted_schema = off')
      const tables = refuseForeign(sqlite, name)
      const isReadWhole = thorough || (size ?? 0) <= MOST_BYTES_READ_WHOLE
      refuseDamage(sqlite, { name, tables: isReadWhole ? undefined : tables })
      return refuseNewer(sqlite, name)
    } finally {
      sqlite.close()
    }
  } catch (error) {
    throw explainSqliteError(error, name)
  }
}

function refuseForeign(sqlite: BetterSqlite3.Database, name: string): string[] {
  const found = schemaRows.parse(sqlite.prepare('select type, name from sqlite_schema').all())
  const tables = found.filter(({ type }) => type === 'table').map((table) => table.name)
  // Views and triggers are none of ours: somebody else has put them there.
  const isOurs = found.every(({ type }) => type === 'table' || type === 'index')
  if (isOurs && tables.includes(MIGRATION_TABLE)) return tables
  throw new StartError(
    `${name} is a database of another program: set DATA_DIR to a folder of its own, or put a backup in its place: ${RESTORE}.`,
  )
}

/** SQLite's own quick check: of all of it, or of the vital ones among the tables. */
function refuseDamage(
  sqlite: BetterSqlite3.Database,
  { name, tables }: { name: string; tables: readonly string[] | undefined },
): void {
  const checks =
    tables === undefined
      ? ['quick_check(1)']
      : tables.filter((table) => VITAL_TABLES.has(table)).map((table) => `quick_check('${table}')`)
  for (const check of checks) {
    const complaint = String(sqlite.pragma(check, { simple: true }))
    if (complaint === 'ok') continue
    throw new StartError(
      `${name} is damaged (${complaint.slice(0, MOST_OF_COMPLAINT)}): restore a backup: ${RESTORE}.`,
    )
  }
}

function refuseNewer(sqlite: BetterSqlite3.Database, name: string): InspectedDatabase {
  const rows = migrationRows.parse(sqlite.prepare('select name from kysely_migration order by name').all())
  const unknown = rows.find((row) => !Object.hasOwn(migrations, row.name))
  if (unknown !== undefined) {
    throw newer(name, { schema: unknown.name, advice: `restore a backup of this one: ${RESTORE}` })
  }
  return { schema: rows.at(-1)?.name, isBehind: rows.length < Object.keys(migrations).length }
}

export function newer(name: string, { schema, advice }: { schema: string; advice: string }): StartError {
  return new StartError(
    `${name} was written by a newer version of Aqueduct (schema ${schema}): start that version, or ${advice}.`,
  )
}

export function older(name: string): StartError {
  return new StartError(
    `${name} was written by an older version of Aqueduct: start this one's gateway once, which brings it up to date.`,
  )
}

export function holdsNothing(name: string): StartError {
  return new StartError(`${name} holds nothing yet: start the gateway once, or look at the settings.`)
}

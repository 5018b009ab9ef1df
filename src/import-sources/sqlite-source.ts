/** A file of SQLite: the table of q2api, or what a command line of AWS keeps. */
import { readCliDatabase, type ReadValue } from './cli-database.ts'
import type { Judge } from './judge-row.ts'
import {
  chooseColumns,
  OWN_MIGRATIONS_TABLE,
  Q2API_TABLE,
  readQ2apiRecords,
  refuseOwnDatabase,
} from './q2api-table.ts'
import { sharedWith, unreadable, type Source } from './source.ts'
import { withSqliteCopy, type CopyOptions } from './sqlite-copy.ts'
import { withSqliteTables, type SqliteTables } from './sqlite-tables.ts'

const SQLITE_START = Buffer.from('SQLite format 3\0')

export function isSqlite(start: Buffer): boolean {
  return start.subarray(0, SQLITE_START.length).equals(SQLITE_START)
}

/** Throws `invalid-request` with a sentence. */
export function readSqliteSource(
  path: string,
  { judge, ...options }: CopyOptions & { judge: Judge },
): Promise<Source> {
  return withSqliteCopy(path, options, (copy) =>
    withSqliteTables(copy, (tables) => readTables(tables, judge)),
  )
}

function readTables(tables: SqliteTables, judge: Judge): Source {
  if (tables.has(OWN_MIGRATIONS_TABLE)) refuseOwnDatabase()
  if (tables.has('auth_kv')) return readCliDatabase(valueReader(tables), judge)
  if (!tables.has(Q2API_TABLE)) {
    throw unreadable('It is a database, but neither of q2api nor of the Amazon Q CLI or Kiro CLI.')
  }
  const columns = chooseColumns(tables.columnsOf(Q2API_TABLE))
  const rows = readQ2apiRecords(tables.read(Q2API_TABLE, columns), judge)
  return { kind: 'q2api-sqlite', rows, warning: sharedWith('q2api') }
}

function valueReader(tables: SqliteTables): ReadValue {
  const present = new Set(['auth_kv', 'state'].filter((table) => tables.has(table)))
  for (const table of present) tables.columnsOf(table)
  return (table, key) => {
    if (!present.has(table)) return undefined
    const [record] = tables.read(table, ['value'], { column: 'key', value: key })
    const value = record?.['value']
    return typeof value === 'string' ? value : undefined
  }
}

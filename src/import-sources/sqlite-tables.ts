/**
 * The tables of a copied database. What is in the file may be meant to do harm: of its schema only plain tables are touched, by
 * columns that are stored, so that no view, trigger, virtual table or expression of it is ever run.
 */
import BetterSqlite3 from 'better-sqlite3'
import { gatherRecords, tooLong } from './gather-records.ts'
import { MOST_CELL_BYTES, MOST_ROWS, unreadable, type SourceRecord } from './source.ts'

/** Expressions that would be run when a table is checked. Where a name is one of these words, such a table is refused for nothing. */
const EXPRESSIONS = /\b(?:check|generated|as)\b/i

export interface SqliteTables {
  /** Whether anything of that name is there, be it a table or not. */
  has(name: string): boolean
  /** Names of the columns that are stored. Throws `invalid-request` when it is no plain table, or damaged. */
  columnsOf(table: string): string[]
  /** All rows, or those with that value, in their order. Text that is stored as bytes comes as text. */
  read(table: string, columns: readonly string[], where?: { column: string; value: string }): SourceRecord[]
}

/** Throws `invalid-request` with one sentence when the database is damaged. */
export function withSqliteTables<T>(copy: string, use: (tables: SqliteTables) => T): T {
  let database: BetterSqlite3.Database | undefined
  try {
    database = new BetterSqlite3(copy, { readonly: true, fileMustExist: true })
    harden(database)
    return use(tablesOf(database))
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error
    throw unreadable(
      `The database is damaged or no database of SQLite (${error.code}): restore a backup of it, or repair it with sqlite3 and its command .recover.`,
      error,
    )
  } finally {
    database?.close()
  }
}

/** The driver opens databases as defensive and without extensions. */
function harden(database: BetterSqlite3.Database): void {
  for (const pragma of ['trusted_schema = OFF', 'query_only = ON', 'cell_size_check = ON', 'mmap_size = 0']) {
    database.pragma(pragma)
  }
}

function tablesOf(database: BetterSqlite3.Database): SqliteTables {
  const entries = (name: string) =>
    database
      .prepare<[string], { type: string; sql: string | null; rootpage: number }>(
        `select type, sql, rootpage from sqlite_master where name = ? collate nocase and type in ('table', 'view')`,
      )
      .all(name)

  return {
    has: (name) => entries(name).length > 0,

    columnsOf(table) {
      const [entry, ...others] = entries(table)
      if (entry === undefined || others.length > 0 || !isPlain(entry)) {
        throw unreadable(`Its ${table} is no plain table, so nothing of it is read.`)
      }
      const found = database.pragma(`quick_check(${quote(table)})`, { simple: true })
      if (found !== 'ok')
        throw unreadable(`Its table ${table} is damaged: restore a backup, then import that.`)
      return database
        .prepare<[string], { name: string; hidden: number }>('select name, hidden from pragma_table_xinfo(?)')
        .all(table)
        .filter(({ hidden }) => hidden === 0)
        .map(({ name }) => name)
    },

    read(table, columns, where) {
      const statement = database.prepare<string[], unknown[]>(selection(table, columns, where?.column))
      const gathered = gatherRecords()
      const rows = statement.raw(true).iterate(...(where === undefined ? [] : [where.value]))
      for (const row of rows) gathered.add(toRecord(columns, row))
      return gathered.records
    },
  }
}

function isPlain({ type, sql, rootpage }: { type: string; sql: string | null; rootpage: number }): boolean {
  return (
    type === 'table' && rootpage > 0 && /^create table\b/i.test(sql ?? '') && !EXPRESSIONS.test(sql ?? '')
  )
}

/** Each column, and whether its value is too long, which is then never loaded. */
function selection(table: string, columns: readonly string[], keyColumn: string | undefined): string {
  const isLong = (column: string) => `coalesce(octet_length(${quote(column)}), 0) > ${MOST_CELL_BYTES}`
  const cells = columns.map((column) => `case when ${isLong(column)} then null else ${quote(column)} end`)
  const condition = keyColumn === undefined ? '' : ` where ${quote(keyColumn)} = ?`
  const chosen = [...cells, ...columns.map(isLong)].join(', ')
  return `select ${chosen} from ${quote(table)} not indexed${condition} limit ${MOST_ROWS + 1}`
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function toRecord(columns: readonly string[], row: readonly unknown[]): SourceRecord {
  const values = columns.map((name, index) => {
    const isLong = row[columns.length + index] === 1
    return [name, isLong ? tooLong : textOf(row[index])]
  })
  return Object.fromEntries(values)
}

function textOf(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('utf8') : value
}

/** The table of q2api on a database server, read in one transaction that may not write. */
import { setTimeout } from 'node:timers/promises'
import { GatewayError } from '../conversation/failures.ts'
import type { Judge } from './judge-row.ts'
import { gatherRecords, tooLong } from './gather-records.ts'
import { reasonOf } from './open-file.ts'
import {
  chooseColumns,
  OWN_MIGRATIONS_TABLE,
  Q2API_TABLE,
  readQ2apiRecords,
  refuseOwnDatabase,
} from './q2api-table.ts'
import { MOST_CELL_BYTES, sharedWith, unreadable, type Source, type SourceRecord } from './source.ts'

/** What a driver gives: rows under the names of their columns. */
export interface ServerSession {
  query(text: string): Promise<SourceRecord[]>
  /** Says goodbye, and waits until the server has heard it. */
  close(): Promise<void>
  /** Ends the connection, whatever the server does. */
  destroy(): void
}

/** Where the two kinds of servers differ. */
export interface ServerDialect {
  kind: 'q2api-postgres' | 'q2api-mysql'
  connect(url: string): Promise<ServerSession>
  /** Each alone: both drivers refuse several at once, or can be made to. */
  begin: readonly string[]
  /** The schema that names without one are looked up in. */
  currentSchema: string
  quote: (name: string) => string
  /** An expression: bytes of the column's value. */
  sizeOf: (column: string) => string
}

export interface ServerParts {
  judge: Judge
  /** Looked at between pages. */
  signal?: AbortSignal | undefined
}

const GOODBYE_MS = 1000
const ROWS_AT_ONCE = 1000
const LENGTH_SUFFIX = ' is long'

/** Throws `invalid-request` with a sentence, which never repeats the address: it holds a password. */
export async function readServerSource(
  url: string,
  dialect: ServerDialect,
  { judge, signal }: ServerParts,
): Promise<Source> {
  const session = await dialect.connect(url).catch((error: unknown) => {
    throw unreadable(
      `The database server cannot be reached, or refuses the sign-in (${reasonOf(error)}).`,
      error,
    )
  })
  try {
    const records = await readTable(session, dialect, signal)
    return { kind: dialect.kind, rows: readQ2apiRecords(records, judge), warning: sharedWith('q2api') }
  } catch (error) {
    throw signal?.aborted === true ? error : toUnreadable(error)
  } finally {
    await leave(session)
  }
}

/** What was read is here; whether the goodbye arrives does not matter, and nobody waits long for that. */
async function leave(session: ServerSession): Promise<void> {
  const goodbye = session
    .query('rollback')
    .then(() => session.close())
    .catch(() => {})
  await Promise.race([goodbye, setTimeout(GOODBYE_MS, undefined, { ref: false })])
  session.destroy()
}

async function readTable(
  session: ServerSession,
  dialect: ServerDialect,
  signal: AbortSignal | undefined,
): Promise<readonly SourceRecord[]> {
  for (const statement of dialect.begin) await session.query(statement)
  const tables = await session.query(
    `select table_name as name, table_type as kind from information_schema.tables where table_schema = ${dialect.currentSchema} and table_name in ('${Q2API_TABLE}', '${OWN_MIGRATIONS_TABLE}')`,
  )
  if (tables.some(({ name }) => name === OWN_MIGRATIONS_TABLE)) refuseOwnDatabase()
  const table = tables.find(({ name }) => name === Q2API_TABLE)
  if (table === undefined)
    throw unreadable(`The database has no table ${Q2API_TABLE}, so it is none of q2api.`)
  if (table['kind'] !== 'BASE TABLE') {
    throw unreadable(`Its ${Q2API_TABLE} is no plain table, so nothing of it is read.`)
  }
  return readRows(session, dialect, { present: await columnsOf(session, dialect), signal })
}

async function columnsOf(session: ServerSession, { currentSchema }: ServerDialect): Promise<string[]> {
  const columns = await session.query(
    `select column_name as name from information_schema.columns where table_schema = ${currentSchema} and table_name = '${Q2API_TABLE}' order by ordinal_position`,
  )
  return columns.flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
}

async function readRows(
  session: ServerSession,
  dialect: ServerDialect,
  { present, signal }: { present: readonly string[]; signal: AbortSignal | undefined },
): Promise<readonly SourceRecord[]> {
  const columns = chooseColumns(present)
  const text = selection(columns, present, dialect)
  const gathered = gatherRecords()
  for (let offset = 0; ; offset += ROWS_AT_ONCE) {
    signal?.throwIfAborted()
    const rows = await session.query(`${text} limit ${ROWS_AT_ONCE} offset ${offset}`)
    for (const row of rows) gathered.add(toRecord(columns, row))
    if (rows.length < ROWS_AT_ONCE) return gathered.records
  }
}

/** Each column, and whether its value is too long, which then stays where it is. */
function selection(columns: readonly string[], present: readonly string[], dialect: ServerDialect): string {
  const { quote, sizeOf } = dialect
  const chosen = columns.flatMap((column) => {
    const name = quote(column)
    const isLong = `coalesce(${sizeOf(name)}, 0) > ${MOST_CELL_BYTES}`
    return [
      `case when ${isLong} then null else ${name} end as ${name}`,
      `case when ${isLong} then 1 else 0 end as ${quote(column + LENGTH_SUFFIX)}`,
    ]
  })
  // Pages need an order that does not change.
  const order = present.includes('id') ? ['id'] : columns
  return `select ${chosen.join(', ')} from ${quote(Q2API_TABLE)} order by ${order.map(quote).join(', ')}`
}

function toRecord(columns: readonly string[], row: SourceRecord): SourceRecord {
  const values = columns.map((name) => {
    const isLong = Number(row[name + LENGTH_SUFFIX]) === 1
    return [name, isLong ? tooLong : textOf(row[name])]
  })
  return Object.fromEntries(values)
}

function textOf(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('utf8') : value
}

/** Codes alone: messages of servers repeat what they were asked. */
function toUnreadable(error: unknown): unknown {
  if (error instanceof GatewayError) return error
  return unreadable(`The database server has refused to read on (${reasonOf(error)}).`, error)
}

/** Places where other programs keep accounts, made for tests: all secrets in them begin with `canary`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { createAccountReader } from '../src/http/admin/read-account.ts'

/** What a body says, as the gateway's own route reads it, for a gateway that knows no models. */
export const readAccount = createAccountReader({ findKnown: () => undefined, list: () => [] })

/** The columns of q2api's table when it began; `addedColumns` came later, in this order. */
const firstColumns = {
  id: 'TEXT PRIMARY KEY',
  label: 'TEXT',
  clientId: 'TEXT',
  clientSecret: 'TEXT',
  refreshToken: 'TEXT',
  accessToken: 'TEXT',
  other: 'TEXT',
  last_refresh_time: 'TEXT',
  last_refresh_status: 'TEXT',
  created_at: 'TEXT',
  updated_at: 'TEXT',
}
const addedColumns = {
  enabled: 'INTEGER DEFAULT 1',
  error_count: 'INTEGER DEFAULT 0',
  success_count: 'INTEGER DEFAULT 0',
  expires_at: 'TEXT',
}

export type Cell = string | number | null | Buffer
export type Row = Record<string, Cell>
/** By how much of the later columns its table has. */
export type Generation = 'first' | 'without-expiry' | 'current'

export function q2apiColumns(generation: Generation): Record<string, string> {
  if (generation === 'first') return firstColumns
  const { expires_at: expiry, ...rest } = addedColumns
  return { ...firstColumns, ...rest, ...(generation === 'current' && { expires_at: expiry }) }
}

/** As q2api writes it: instants of UTC without a Z. */
export function q2apiRow(number: number, changes: Row = {}): Row {
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    label: `account ${number}`,
    clientId: `client-${number}`,
    clientSecret: `canary-secret-${number}`,
    refreshToken: `canary-refresh-${number}`,
    accessToken: `canary-access-${number}`,
    other: null,
    last_refresh_time: '2026-01-19T08:00:00',
    last_refresh_status: 'success',
    created_at: '2025-11-02T10:20:30',
    updated_at: '2026-01-19T08:00:00',
    enabled: number % 2,
    error_count: number,
    success_count: number * 10,
    expires_at: '2026-01-19T09:00:00',
    ...changes,
  }
}

export interface Q2apiOptions {
  generation?: Generation
  /** Run before the file is closed. */
  sql?: string
  /** Keeps it open, with what was written in its -wal. */
  keepOpen?: boolean
}

/** Answers the database if it was kept open. */
export function writeQ2api(
  path: string,
  rows: readonly Row[],
  { generation = 'current', sql = '', keepOpen = false }: Q2apiOptions = {},
): BetterSqlite3.Database {
  const columns = q2apiColumns(generation)
  const database = new BetterSqlite3(path)
  if (keepOpen) database.pragma('journal_mode = WAL')
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  database.exec(`CREATE TABLE IF NOT EXISTS accounts (${definitions.join(', ')})`)
  const names = Object.keys(columns)
  const insert = database.prepare(`insert into accounts values (${names.map(() => '?').join(', ')})`)
  database.transaction(() => {
    for (const row of rows) insert.run(names.map((name) => row[name] ?? null))
  })()
  if (sql !== '') database.exec(sql)
  if (!keepOpen) database.close()
  return database
}

/** A command line's database of keys and values. */
export function writeCliDatabase(
  path: string,
  { authKv, state = {} }: { authKv: Record<string, unknown>; state?: Record<string, unknown> },
): void {
  const database = new BetterSqlite3(path)
  database.exec(
    'CREATE TABLE auth_kv (key TEXT PRIMARY KEY, value TEXT); CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB)',
  )
  const intoAuth = database.prepare('insert into auth_kv values (?, ?)')
  for (const [key, value] of Object.entries(authKv)) intoAuth.run(key, JSON.stringify(value))
  const intoState = database.prepare('insert into state values (?, ?)')
  for (const [key, value] of Object.entries(state)) intoState.run(key, Buffer.from(JSON.stringify(value)))
  database.close()
}

/** A folder of a test's own; `pathOf` names files in it. */
export function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-sources-'))
  const pathOf = (name: string) => join(folder, name)
  return {
    pathOf,
    write(name: string, content: string | Buffer): string {
      writeFileSync(pathOf(name), content)
      return pathOf(name)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

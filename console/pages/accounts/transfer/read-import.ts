/** What an operator hands in, made out: our own exports, or accounts as q2api lists them. Pure. */

export const MOST_BYTES = 10 * 1024 * 1024
export const MOST_ROWS = 5000

export type ImportRow = Readonly<Record<string, unknown>>

export type Import =
  /** Locked by a passphrase: what is in it, only the gateway finds out. */
  | { kind: 'sealed'; envelope: ImportRow }
  | { kind: 'rows'; source: 'export' | 'list'; rows: readonly unknown[] }
  | { kind: 'unreadable'; why: 'empty' | 'too-large' | 'too-many' | 'no-json' | 'no-accounts' | 'newer' }

export function readImport(text: string): Import {
  if (text.length > MOST_BYTES) return { kind: 'unreadable', why: 'too-large' }
  if (text.trim() === '') return { kind: 'unreadable', why: 'empty' }
  const value = parse(text)
  if (value === undefined) return { kind: 'unreadable', why: 'no-json' }
  const read = recognise(value)
  if (read.kind === 'rows' && read.rows.length > MOST_ROWS) return { kind: 'unreadable', why: 'too-many' }
  return read
}

function recognise(value: unknown): Import {
  if (Array.isArray(value)) return listOf(value)
  if (!isRecord(value)) return { kind: 'unreadable', why: 'no-accounts' }
  if (value['format'] === 'aqueduct-sealed') return { kind: 'sealed', envelope: value }
  const { accounts } = value
  if (value['format'] === 'aqueduct-accounts') {
    if (value['version'] !== 1) return { kind: 'unreadable', why: 'newer' }
    return Array.isArray(accounts)
      ? { kind: 'rows', source: 'export', rows: accounts }
      : { kind: 'unreadable', why: 'no-accounts' }
  }
  if (Array.isArray(accounts)) return listOf(accounts)
  return 'clientId' in value ? listOf([value]) : { kind: 'unreadable', why: 'no-accounts' }
}

function listOf(rows: readonly unknown[]): Import {
  return rows.length === 0
    ? { kind: 'unreadable', why: 'no-accounts' }
    : { kind: 'rows', source: 'list', rows }
}

export type RowFault = 'no-object' | 'clientId' | 'clientSecret' | 'refreshToken'

export interface Preview {
  /** From 0, as in the file. */
  index: number
  label: string | undefined
  /** Shortened: enough to know it again. */
  clientId: string | undefined
  /** `known`: an account of this client is here already, which may be this one: the gateway finds out. */
  state: 'new' | 'known' | 'twin' | 'invalid'
  fault?: RowFault
  /** Of the row that it repeats. */
  twinOf?: number
}

/** What would become of each row; no secret is in it. `knownClients`: ids of the clients of accounts that are here. */
export function previewRows(rows: readonly unknown[], knownClients: ReadonlySet<string>): Preview[] {
  const seen = new Map<string, number>()
  return rows.map((row, index) => {
    const clientId = textIn(row, 'clientId')
    const about = { index, label: textIn(row, 'label'), clientId: clientId && shorten(clientId) }
    const fault = faultOf(row)
    if (fault !== undefined || clientId === undefined) {
      return { ...about, state: 'invalid', fault: fault ?? 'clientId' }
    }
    const name = JSON.stringify([clientId, textIn(row, 'refreshToken')])
    const twinOf = seen.get(name)
    if (twinOf !== undefined) return { ...about, state: 'twin', twinOf }
    seen.set(name, index)
    return { ...about, state: knownClients.has(clientId) ? 'known' : 'new' }
  })
}

export interface ImportWishes {
  /** `off`: all are switched off, to be looked at first. */
  enabled: 'as-told' | 'off'
  /** For all of them. */
  tags: readonly string[]
}

/** The rows as they are sent: of what q2api writes, its numbers for switches are no booleans. */
export function applyWishes(rows: readonly unknown[], { enabled, tags }: ImportWishes): unknown[] {
  return rows.map((row) => {
    if (!isRecord(row)) return row
    const told = row['enabled']
    const own = Array.isArray(row['tags']) ? row['tags'] : []
    return {
      ...row,
      ...((told === 0 || told === 1) && { enabled: told === 1 }),
      ...(enabled === 'off' && { enabled: false }),
      ...(tags.length > 0 && { tags: [...new Set([...own, ...tags])] }),
    }
  })
}

function faultOf(row: unknown): RowFault | undefined {
  if (!isRecord(row)) return 'no-object'
  return (['clientId', 'clientSecret', 'refreshToken'] as const).find(
    (name) => (textIn(row, name) ?? '') === '',
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is ImportRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textIn(row: unknown, name: string): string | undefined {
  const value = isRecord(row) ? row[name] : undefined
  return typeof value === 'string' ? value : undefined
}

function shorten(text: string): string {
  return text.length > 12 ? `${text.slice(0, 4)}…${text.slice(-4)}` : text
}

/** Which columns of the table are shown; this browser remembers. */
import { signal } from '@preact/signals'

export const columnNames = [
  'state',
  'plan',
  'quota',
  'beats',
  'requests',
  'success',
  'firstToken',
  'inFlight',
  'answers',
  'errors',
  'token',
  'region',
  'signIn',
  'email',
  'priority',
  'weight',
  'limit',
  'models',
  'channel',
  'proxy',
  'created',
] as const
export type ColumnName = (typeof columnNames)[number]

const AT_FIRST: readonly ColumnName[] = [
  'state',
  'quota',
  'beats',
  'requests',
  'success',
  'firstToken',
  'inFlight',
]
const STORED_AS = 'aqueduct.accounts.columns'

export const shownColumns = signal<ReadonlySet<ColumnName>>(readColumns())

export function toggleColumn(name: ColumnName): void {
  const shown = new Set(shownColumns.value)
  if (!shown.delete(name)) shown.add(name)
  shownColumns.value = shown
  try {
    localStorage.setItem(STORED_AS, [...shown].join(','))
  } catch {
    // Browsers may refuse to store; then it holds until the page is left.
  }
}

function readColumns(): ReadonlySet<ColumnName> {
  const stored = readStored()
  if (stored === null) return new Set(AT_FIRST)
  const names = stored.split(',')
  return new Set(columnNames.filter((name) => names.includes(name)))
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED_AS)
  } catch {
    return null
  }
}

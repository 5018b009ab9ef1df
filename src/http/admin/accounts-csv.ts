import type { TransferredAccount } from '../../accounts/account-transfer.ts'
import { writeCsv } from './write-csv.ts'

const columns = [
  'id',
  'label',
  'clientId',
  'enabled',
  'tags',
  'weight',
  'priority',
  'concurrencyLimit',
  'models',
  'channel',
  'region',
  'signInRegion',
  'profileArn',
  'origin',
  'optOut',
  'created_at',
] as const

/** Accounts as a table, without their secrets. */
export function writeAccountsCsv(accounts: readonly TransferredAccount[]): string {
  return writeCsv(
    columns,
    accounts.map((account) => columns.map((column) => cellOf(account[column]))),
  )
}

function cellOf(value: string | number | boolean | readonly string[] | null): string {
  if (value === null) return ''
  return typeof value === 'object' ? value.join(' ') : String(value)
}

/** The table `accounts` of q2api, in whichever database and generation. */
import { readQ2apiRecord } from './account-record.ts'
import { plainName } from './fields.ts'
import { tooLong } from './gather-records.ts'
import type { Judge } from './judge-row.ts'
import { unreadable, type SourceRecord, type SourceRow } from './source.ts'

export const Q2API_TABLE = 'accounts'
/** Where it is there, the database is one of ours. */
export const OWN_MIGRATIONS_TABLE = 'kysely_migration'

const COLUMNS = [
  'label',
  'clientId',
  'clientSecret',
  'refreshToken',
  'accessToken',
  'other',
  'last_refresh_time',
  'last_refresh_status',
  'created_at',
  'enabled',
  'error_count',
  'success_count',
  'expires_at',
]
const NEEDED = ['clientId', 'clientSecret', 'refreshToken']

/** Those of its columns that are read, as they are called there. Throws `invalid-request` when it is another program's table. */
export function chooseColumns(present: readonly string[]): string[] {
  const plain = present.map(plainName)
  const missing = NEEDED.filter((name) => !plain.includes(plainName(name)))
  if (missing.length > 0) {
    throw unreadable(`Its table ${Q2API_TABLE} is not one of q2api: it has no column ${missing.join(', ')}.`)
  }
  const wanted = new Set(COLUMNS.map(plainName))
  return present.filter((name) => wanted.has(plainName(name)))
}

export function refuseOwnDatabase(): never {
  throw unreadable(
    'It is a database of this gateway, whose secrets only its own master key opens: export its accounts there, then import that export.',
  )
}

export function readQ2apiRecords(records: readonly SourceRecord[], judge: Judge): SourceRow[] {
  return records.map((record, index) => {
    const row = index + 1
    const long = Object.keys(record).find((name) => record[name] === tooLong)
    return long === undefined
      ? judge(row, readQ2apiRecord(record))
      : { row, problem: `Its ${long} is longer than any that an account has.` }
  })
}

/** Accounts as q2api keeps and shows them, as files for this gateway name them, and as tools around Kiro store them. */
import type { AccountHistory } from '../accounts/account-input.ts'
import type { LastRefresh } from '../accounts/account.ts'
import type { JsonValue } from '../conversation/conversation.ts'
import { parseJson } from '../conversation/parse-json.ts'
import { fieldsOf, type Fields } from './fields.ts'
import type { Candidate } from './judge-row.ts'
import { readInstant } from './read-instant.ts'
import type { SourceRecord } from './source.ts'

/** What only this gateway knows of an account, under the names that `POST /v2/accounts` gives it. */
const SETTINGS = [
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
  'proxyUrl',
] as const
const NUMBERS: ReadonlySet<string> = new Set(['weight', 'priority', 'concurrencyLimit'])
const LISTS: ReadonlySet<string> = new Set(['tags', 'models'])

/** Every generation of q2api's table, and the JSON that it answers with. */
export function readQ2apiRecord(record: SourceRecord): Candidate {
  const fields = fieldsOf(record)
  return {
    body: {
      label: fields.find('label'),
      clientId: fields.text('clientId'),
      clientSecret: fields.text('clientSecret'),
      refreshToken: fields.text('refreshToken'),
      accessToken: fields.text('accessToken'),
      other: readOther(fields.find('other')),
      enabled: readEnabled(fields.find('enabled')),
    },
    history: readHistory(fields),
  }
}

/** The same with the settings of this gateway. */
export function readOwnRecord(record: SourceRecord): Candidate {
  const { body, history } = readQ2apiRecord(record)
  const fields = fieldsOf(record)
  const settings = SETTINGS.map((name) => [name, fields.find(name)])
  return { body: { ...body, ...Object.fromEntries(settings) }, history }
}

/** The same from a table of text. */
export function readCsvRecord(record: SourceRecord): Candidate {
  const { body, history } = readOwnRecord(record)
  const entries = Object.entries(body).map(([name, value]) => [name, fromCell(name, value)])
  return { body: Object.fromEntries(entries), history }
}

function fromCell(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (NUMBERS.has(name)) return Number(value)
  if (LISTS.has(name)) return value.split(' ').filter((each) => each !== '')
  return name === 'optOut' ? readFlag(value) : value
}

/** What is there but cannot be read keeps the account off: to use one against its owner's will is worse. */
function readEnabled(value: unknown): boolean {
  return value === undefined || readFlag(value) === true
}

function readFlag(value: unknown): boolean | undefined {
  const text = String(value).trim().toLowerCase()
  if (['1', 'true', 't', 'yes', 'y', 'on'].includes(text)) return true
  return ['0', 'false', 'f', 'no', 'n', 'off'].includes(text) ? false : undefined
}

/** Text that is no JSON stays text, as q2api shows it. */
function readOther(value: unknown): JsonValue | undefined {
  if (typeof value !== 'string') return toJson(value)
  return parseJson(value) ?? value
}

function toJson(value: unknown): JsonValue | undefined {
  return value === undefined ? undefined : parseJson(JSON.stringify(value))
}

function readHistory(fields: Fields): AccountHistory {
  const createdAt = readInstant(fields.find('created_at'))
  const expiresAt = readInstant(fields.find('expires_at'))
  return {
    ...(createdAt !== undefined && { createdAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    strikes: readCount(fields.find('error_count')),
    successes: readCount(fields.find('success_count')),
    lastRefresh: readLastRefresh(fields),
  }
}

function readCount(value: unknown): number {
  const count = typeof value === 'string' ? Number(value) : value
  return typeof count === 'number' && count > 0 && count <= Number.MAX_SAFE_INTEGER ? Math.floor(count) : 0
}

function readLastRefresh(fields: Fields): LastRefresh {
  const at = readInstant(fields.find('last_refresh_time'))
  const status = fields.text('last_refresh_status')
  return at !== undefined && (status === 'success' || status === 'failed')
    ? { status, at }
    : { status: 'never' }
}

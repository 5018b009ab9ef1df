/** What there is to know of each setting beyond its value: where it belongs, how soon it holds, and who may set it. */
import { environmentSchema } from '../config.ts'
import { kindOf, type ValueKind } from '../config/value-kind.ts'
import type { VariableName } from '../config/variables.ts'

export const settingGroups = [
  'access',
  'pool',
  'refresh',
  'answers',
  'limits',
  'network',
  'data',
  'encryption',
  'logging',
] as const
type Group = (typeof settingGroups)[number]

export const settingUnits = ['seconds', 'megabytes', 'hours', 'days', 'percent'] as const
type Unit = (typeof settingUnits)[number]

/**
 * Why the environment alone may set it. `start`: it is needed before the database is open. `secret`: it is one, or may hold
 * one. `safety`: it opens the gateway, says whom it believes, or where tokens go; a stolen session must not change that.
 */
export const reservations = ['start', 'secret', 'safety'] as const
type Reservation = (typeof reservations)[number]

export interface SettingFacts {
  group: Group
  unit?: Unit
  /** When a change from the console holds: in every process within a second or so, or when the gateway starts again. */
  applies: 'at-once' | 'restart'
  /** Absent: it may be set in the console. */
  reserved?: Reservation
}

const live = (group: Group, unit?: Unit): SettingFacts => ({
  group,
  applies: 'at-once',
  ...(unit && { unit }),
})
const later = (group: Group, unit?: Unit): SettingFacts => ({
  group,
  applies: 'restart',
  ...(unit && { unit }),
})
const only = (reserved: Reservation, group: Group): SettingFacts => ({ group, applies: 'restart', reserved })

const facts = {
  PORT: only('start', 'network'),
  HOST: only('start', 'network'),
  WORKERS: only('start', 'limits'),
  DATA_DIR: only('start', 'data'),
  DATABASE_URL: only('secret', 'data'),
  MASTER_KEY: only('secret', 'encryption'),
  MASTER_KEY_FILE: only('start', 'encryption'),
  MASTER_KEY_PREVIOUS: only('secret', 'encryption'),
  OPENAI_KEYS: only('secret', 'access'),
  ALLOW_OPEN_API: only('safety', 'access'),
  ADMIN_PASSWORD: only('secret', 'access'),
  ADMIN_PASSWORD_HASH: only('secret', 'access'),
  ADMIN_BEARER_PASSWORD: only('safety', 'access'),
  ENABLE_CONSOLE: only('safety', 'access'),
  MAX_ERROR_COUNT: live('pool'),
  ACCOUNT_WAIT_SECONDS: live('pool', 'seconds'),
  ACCOUNT_STRATEGY: live('pool'),
  ACCOUNT_STRATEGY_WITHIN_PRIORITY: live('pool'),
  PREFER_EXPIRING_CREDITS: live('pool'),
  ACCOUNT_CONCURRENCY_LIMIT: live('pool'),
  KEY_CONCURRENCY_LIMIT: live('pool'),
  MAX_WAITING_REQUESTS: live('pool'),
  STICKY_SESSIONS: live('pool'),
  MAX_SESSIONS: live('pool'),
  SESSION_IDLE_SECONDS: live('pool', 'seconds'),
  SESSION_MAX_PER_ACCOUNT: live('pool'),
  LAZY_ACCOUNT_POOL_ENABLED: later('pool'),
  LAZY_ACCOUNT_POOL_SIZE: later('pool'),
  LAZY_ACCOUNT_POOL_REFRESH_OFFSET: later('pool'),
  LAZY_ACCOUNT_POOL_ORDER_BY: later('pool'),
  LAZY_ACCOUNT_POOL_ORDER_DESC: later('pool'),
  REFRESH_AHEAD_SECONDS: live('refresh', 'seconds'),
  REFRESH_JITTER_SECONDS: live('refresh', 'seconds'),
  REFRESH_PARALLEL: live('refresh'),
  RETRY_BUDGET_PERCENT: live('pool', 'percent'),
  RETRY_BUDGET_PER_SECOND: live('pool'),
  BREAKER_ACCOUNTS: live('pool'),
  BREAKER_FAILURES: live('pool'),
  AMAZON_Q_ENDPOINT: only('safety', 'network'),
  OIDC_ENDPOINT: only('safety', 'network'),
  HTTP_PROXY: only('secret', 'network'),
  HTTPS_PROXY: only('secret', 'network'),
  NO_PROXY: only('safety', 'network'),
  FETCH_REMOTE_IMAGES: later('network'),
  FETCH_REMOTE_IMAGES_OVER_HTTP: later('network'),
  WEB_SEARCH_BACKEND: only('safety', 'answers'),
  WEB_SEARCH_URL: only('safety', 'answers'),
  WEB_SEARCH_API_KEY: only('secret', 'answers'),
  LOG_LEVEL: live('logging'),
  COMMIT_AFTER_SECONDS: live('limits', 'seconds'),
  PING_INTERVAL_SECONDS: live('limits', 'seconds'),
  CONNECT_TIMEOUT_SECONDS: later('limits', 'seconds'),
  RESPONSE_HEADERS_TIMEOUT_SECONDS: live('limits', 'seconds'),
  FIRST_EVENT_TIMEOUT_SECONDS: live('limits', 'seconds'),
  IDLE_TIMEOUT_SECONDS: live('limits', 'seconds'),
  MAX_BODY_MEGABYTES: live('limits', 'megabytes'),
  MAX_BUFFERED_MEGABYTES: live('limits', 'megabytes'),
  MAX_CONCURRENT_REQUESTS: live('limits'),
  HEADERS_TIMEOUT_SECONDS: later('limits', 'seconds'),
  BODY_TIMEOUT_SECONDS: later('limits', 'seconds'),
  KEEP_ALIVE_TIMEOUT_SECONDS: later('limits', 'seconds'),
  MAX_CONNECTIONS_PER_ADDRESS: live('limits'),
  TRUSTED_PROXIES: only('safety', 'network'),
  PUBLIC_URL: only('safety', 'network'),
  CORS_ORIGINS: live('network'),
  MODEL_ALIASES: live('answers'),
  REPLACE_RETIRED_MODELS: live('answers'),
  SEND_CACHE_MARKS: live('answers'),
  TOKEN_COUNT_MULTIPLIER: live('answers'),
  EVENTS_KEEP_DAYS: live('data', 'days'),
  CALLS_KEEP_DAYS: live('data', 'days'),
  CALLS_KEEP_ROWS: live('data'),
  CAPTURE_KEEP_HOURS: later('data', 'hours'),
  RESPONSES_KEEP_DAYS: live('data', 'days'),
  RESPONSES_KEEP_PER_KEY: live('data'),
  RESPONSES_KEEP_MEGABYTES_PER_KEY: live('data', 'megabytes'),
} satisfies Record<VariableName, SettingFacts>

export interface Setting extends SettingFacts {
  name: VariableName
  kind: ValueKind
}

const shapes = environmentSchema.shape
const names = Object.keys(shapes).filter((name): name is VariableName => Object.hasOwn(shapes, name))

/** In the order in which they are told. */
export const settings: readonly Setting[] = names.map((name) => ({
  name,
  kind: kindOf(shapes[name]),
  ...facts[name],
}))

const byName = new Map<string, Setting>(settings.map((setting) => [setting.name, setting]))

/** Undefined: there is none of that name, or none any more. */
export function findSetting(name: string): Setting | undefined {
  return byName.get(name)
}

export type SettingReading = { isValid: true; text: string } | { isValid: false; why: string }

/** A text as it is kept and shown, if it is a value of the setting; of a secret nothing is shown. */
export function readSettingText(name: VariableName, text: string): SettingReading {
  const parsed = shapes[name].safeParse(text)
  if (parsed.success) return { isValid: true, text: writeValue(parsed.data) }
  return { isValid: false, why: `${parsed.error.issues[0]?.message}.` }
}

/** Null: there is none. */
export function defaultOf(name: VariableName): string | null {
  const value = shapes[name].parse(undefined)
  return value === undefined ? null : writeValue(value)
}

type Value = string | number | boolean | readonly (string | { name: string; model: string })[]

function writeValue(value: Value | undefined): string {
  if (typeof value !== 'object') return String(value ?? '')
  return value.map((item) => (typeof item === 'string' ? item : `${item.name}=${item.model}`)).join(', ')
}

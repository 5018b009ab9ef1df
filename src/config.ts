/** The environment becomes a Config: one schema, checked once at the start. `.env.example` is tested against it. */
import { readFileSync } from 'node:fs'
import { isIP, isIPv4 } from 'node:net'
import { parseEnv } from 'node:util'
import * as z from 'zod'
import { parseProxyUrl } from './outbound/proxy-url.ts'
import { StartError } from './start-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

const DAY_IN_SECONDS = 86_400
/** More than any gateway of this kind serves, and less than what exhausts a process. */
const MAX_CONNECTIONS = 10_000

/** A variable's value as a number. Digits only: `1e3`, `0x10` and `10s` are more often slips than meant. */
function numberBetween(least: number, most: number) {
  return z.string().transform((value, context) => {
    const parsed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
    if (parsed >= least && parsed <= most) return parsed
    context.addIssue(`must be a number from ${least} to ${most}`)
    return z.NEVER
  })
}

function wholeNumberBetween(least: number, most: number) {
  return numberBetween(least, most).refine(Number.isInteger, 'must be a whole number')
}

const seconds = () => numberBetween(0.001, DAY_IN_SECONDS)

const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', '1', 'false', '0'], 'must be true or false'))
  .transform((value) => value === 'true' || value === '1')

const commaList = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** True for addresses that only this machine can reach. */
function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
  )
}

/** An address or a name of this machine. */
const host = z.string().transform((value, context) => {
  // Brackets around an IPv6 address are for URLs.
  const plain = value.trim().replace(/^\[(.*)\]$/, '$1')
  if (isIP(plain) !== 0 || /^[a-z\d]([\w.-]*[a-z\d])?$/i.test(plain)) return plain
  context.addIssue('must be an address or a name of this machine, without scheme and port')
  return z.NEVER
})

/** Pages by their origins; those of desktop programs have schemes of their own. */
const originList = commaList
  .transform((origins) => origins.map((each) => each.toLowerCase()))
  .refine(
    (origins) => origins.every((each) => /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(each)),
    'must list origins like https://chat.example.com, separated by commas',
  )

const ANY_MODEL = '*'

/** `name=model, name=model`. Names are told apart as clients' names are: in whatever case. */
const aliasList = commaList.transform((pairs, context) => {
  const aliases = pairs.map((pair) => {
    const [name = '', model = '', ...rest] = pair.split('=').map((side) => side.trim())
    return { name, model, isPair: name !== '' && /^[\x21-\x7e]+$/.test(model) && rest.length === 0 }
  })
  const names = new Set(aliases.map(({ name }) => name.toLowerCase()))
  if (aliases.some(({ isPair, model }) => !isPair || model === ANY_MODEL)) {
    context.addIssue('must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas')
  } else if (names.size < aliases.length) {
    context.addIssue('must not have the same name twice')
  } else if (aliases.some(({ model }) => names.has(model.toLowerCase()))) {
    context.addIssue('must lead names to models, not to themselves or to other names of the list')
  }
  return aliases.map(({ name, model }) => ({ name, model }))
})

/** Scheme, host and port. Tokens travel to it, so plain http is for this machine only. */
const origin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || `${url.origin}/` !== url.href || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue('must be scheme and host alone, like https://example.com')
    return z.NEVER
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    context.addIssue('must begin with https:// (plain http is accepted on loopback only)')
    return z.NEVER
  }
  return url.origin
})

const plainStrategies = ['random', 'round-robin', 'least-in-flight', 'most-quota-left', 'weighted'] as const
const strategies = [...plainStrategies, 'priority'] as const
const searchBackends = ['searxng', 'brave', 'tavily'] as const
const lazyPoolOrders = ['created_at', 'id', 'success_count'] as const

function oneOf<const Word extends string>(words: readonly Word[]) {
  return z.enum(words, `must be one of: ${words.join(', ')}`)
}

/** Addresses, and networks by the length of their prefix. */
const networkList = commaList.refine(
  (networks) => networks.every(isNetwork),
  'must list addresses or networks like 127.0.0.1, 10.0.0.0/8, separated by commas',
)

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
  return bits > 0 && isPrefix && rest.length === 0
}

/** Where browsers find the gateway. No path: it is served from the root. No pattern either: `*` is the host of no request. */
const publicOrigin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isWeb = url !== undefined && ['http:', 'https:'].includes(url.protocol)
  if (isWeb && `${url.origin}/` === url.href && !url.hostname.includes('*')) return url.origin
  context.addIssue('must be scheme and host alone, like https://q.example.com')
  return z.NEVER
})

/** Where a backend is: http(s), with or without a path. The operator's own may well be in the operator's own network. */
const address = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isWeb = url !== undefined && ['http:', 'https:'].includes(url.protocol)
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (isWeb && isPlain) return url.href.replace(/\/+$/, '')
  context.addIssue('must be an address like http://127.0.0.1:8888, without credentials and query')
  return z.NEVER
})

/** Kept as it was written: it may hold a password, which nobody but the connections needs to see. */
const proxy = z
  .string()
  .refine(
    (value) => parseProxyUrl(value) !== undefined,
    'must be the address of an HTTP proxy, like http://127.0.0.1:3128 or https://name:password@example.com:3128',
  )

/** Of paths and addresses that messages repeat: what is not one plain line could forge others. */
const plainLine = z
  .string()
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'must be one line without control characters')

/** Every variable with its default, under the name that users write. */
export const environmentSchema = z.object({
  PORT: wholeNumberBetween(0, 65_535).default(8000),
  HOST: host.default('127.0.0.1'),
  WORKERS: wholeNumberBetween(1, 64).default(1),
  DATA_DIR: plainLine.default('./data'),
  DATABASE_URL: plainLine.optional(),
  MASTER_KEY: z.string().optional(),
  MASTER_KEY_FILE: plainLine.optional(),
  MASTER_KEY_PREVIOUS: z.string().optional(),
  OPENAI_KEYS: commaList.default([]),
  ALLOW_OPEN_API: flag.default(false),
  ADMIN_PASSWORD: z.string().optional(),
  ADMIN_PASSWORD_HASH: z.string().optional(),
  ADMIN_BEARER_PASSWORD: flag.default(true),
  ENABLE_CONSOLE: flag.default(true),
  MAX_ERROR_COUNT: wholeNumberBetween(1, 1_000_000).default(100),
  ACCOUNT_WAIT_SECONDS: numberBetween(0, 7).default(5),
  ACCOUNT_STRATEGY: oneOf(strategies).default('random'),
  ACCOUNT_STRATEGY_WITHIN_PRIORITY: oneOf(plainStrategies).default('random'),
  PREFER_EXPIRING_CREDITS: flag.default(false),
  ACCOUNT_CONCURRENCY_LIMIT: wholeNumberBetween(0, 1000).default(0),
  KEY_CONCURRENCY_LIMIT: wholeNumberBetween(0, 100_000).default(0),
  MAX_WAITING_REQUESTS: wholeNumberBetween(0, 100_000).default(64),
  STICKY_SESSIONS: flag.default(true),
  MAX_SESSIONS: wholeNumberBetween(1, 1_000_000).default(10_000),
  SESSION_IDLE_SECONDS: seconds().default(3600),
  SESSION_MAX_PER_ACCOUNT: wholeNumberBetween(1, 1000).default(8),
  LAZY_ACCOUNT_POOL_ENABLED: flag.default(false),
  LAZY_ACCOUNT_POOL_SIZE: wholeNumberBetween(1, 100_000).default(20),
  LAZY_ACCOUNT_POOL_REFRESH_OFFSET: wholeNumberBetween(0, 100_000).default(10),
  LAZY_ACCOUNT_POOL_ORDER_BY: oneOf(lazyPoolOrders).default('created_at'),
  LAZY_ACCOUNT_POOL_ORDER_DESC: flag.default(false),
  RETRY_BUDGET_PERCENT: numberBetween(0, 100).default(10),
  RETRY_BUDGET_PER_SECOND: numberBetween(0, 1000).default(3),
  BREAKER_ACCOUNTS: wholeNumberBetween(1, 1000).default(3),
  BREAKER_FAILURES: wholeNumberBetween(2, 1000).default(5),
  AMAZON_Q_ENDPOINT: origin.optional(),
  OIDC_ENDPOINT: origin.optional(),
  HTTP_PROXY: proxy.optional(),
  HTTPS_PROXY: proxy.optional(),
  NO_PROXY: z.string().optional(),
  FETCH_REMOTE_IMAGES: flag.default(false),
  FETCH_REMOTE_IMAGES_OVER_HTTP: flag.default(false),
  WEB_SEARCH_BACKEND: oneOf([...searchBackends, 'off']).optional(),
  WEB_SEARCH_URL: address.optional(),
  WEB_SEARCH_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,1024}$/, 'must be one word of plain characters')
    .optional(),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  COMMIT_AFTER_SECONDS: seconds().default(8),
  PING_INTERVAL_SECONDS: seconds().default(10),
  CONNECT_TIMEOUT_SECONDS: seconds().default(5),
  RESPONSE_HEADERS_TIMEOUT_SECONDS: seconds().default(20),
  FIRST_EVENT_TIMEOUT_SECONDS: seconds().default(120),
  IDLE_TIMEOUT_SECONDS: seconds().default(600),
  // The largest request that the Anthropic API itself takes.
  MAX_BODY_MEGABYTES: numberBetween(0.001, 1024).default(32),
  MAX_BUFFERED_MEGABYTES: numberBetween(0.001, 65_536).default(256),
  MAX_CONCURRENT_REQUESTS: wholeNumberBetween(1, 100_000).default(1000),
  HEADERS_TIMEOUT_SECONDS: seconds().default(15),
  BODY_TIMEOUT_SECONDS: seconds().default(60),
  KEEP_ALIVE_TIMEOUT_SECONDS: seconds().default(75),
  MAX_CONNECTIONS_PER_ADDRESS: wholeNumberBetween(0, MAX_CONNECTIONS).default(256),
  TRUSTED_PROXIES: networkList.default([]),
  PUBLIC_URL: publicOrigin.optional(),
  CORS_ORIGINS: originList.default([]),
  MODEL_ALIASES: aliasList.default([]),
  REPLACE_RETIRED_MODELS: flag.default(true),
  SEND_CACHE_MARKS: flag.default(false),
  TOKEN_COUNT_MULTIPLIER: numberBetween(0.01, 100).default(1),
  EVENTS_KEEP_DAYS: wholeNumberBetween(1, 36_500).default(400),
  CALLS_KEEP_DAYS: wholeNumberBetween(0, 36_500).default(30),
  CALLS_KEEP_ROWS: wholeNumberBetween(0, 100_000_000).default(1_000_000),
  CAPTURE_KEEP_HOURS: wholeNumberBetween(0, 168).default(24),
  RESPONSES_KEEP_DAYS: wholeNumberBetween(0, 36_500).default(30),
  RESPONSES_KEEP_PER_KEY: wholeNumberBetween(0, 1_000_000).default(1000),
  RESPONSES_KEEP_MEGABYTES_PER_KEY: numberBetween(0, 1_000_000).default(256),
})

export type Config = ReturnType<typeof readConfig>

/** Throws a StartError whose one line names the variable. A variable that is empty counts as unset. */
export function readConfig(environment: Environment) {
  refuseBlindTrust(environment)
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '')
  const parsed = environmentSchema.safeParse(Object.fromEntries(set))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StartError(`${issue?.path.join('.')} ${issue?.message}.`)
  }
  const values = parsed.data
  if (values.WORKERS > values.MAX_CONCURRENT_REQUESTS) {
    throw new StartError('WORKERS must not be more than MAX_CONCURRENT_REQUESTS, which they share.')
  }
  return {
    port: values.PORT,
    host: values.HOST,
    workers: values.WORKERS,
    boundToLoopback: isLoopback(values.HOST),
    dataDirectory: values.DATA_DIR,
    masterKey: values.MASTER_KEY,
    masterKeyFile: values.MASTER_KEY_FILE,
    masterKeyPrevious: values.MASTER_KEY_PREVIOUS,
    databaseUrl: values.DATABASE_URL,
    openaiKeys: values.OPENAI_KEYS,
    openApiAllowed: values.ALLOW_OPEN_API,
    adminPassword: values.ADMIN_PASSWORD,
    adminPasswordHash: values.ADMIN_PASSWORD_HASH,
    bearerPasswordAllowed: values.ADMIN_BEARER_PASSWORD,
    consoleEnabled: values.ENABLE_CONSOLE,
    maxErrorCount: values.MAX_ERROR_COUNT,
    accountWaitSeconds: values.ACCOUNT_WAIT_SECONDS,
    accountStrategy: values.ACCOUNT_STRATEGY,
    accountStrategyWithinPriority: values.ACCOUNT_STRATEGY_WITHIN_PRIORITY,
    prefersExpiringCredits: values.PREFER_EXPIRING_CREDITS,
    accountConcurrencyLimit: noneIfZero(values.ACCOUNT_CONCURRENCY_LIMIT),
    keyConcurrencyLimit: noneIfZero(values.KEY_CONCURRENCY_LIMIT),
    maxWaitingRequests: values.MAX_WAITING_REQUESTS,
    stickySessions: values.STICKY_SESSIONS,
    maxSessions: values.MAX_SESSIONS,
    sessionIdleSeconds: values.SESSION_IDLE_SECONDS,
    sessionMaxPerAccount: values.SESSION_MAX_PER_ACCOUNT,
    lazyAccountPool: values.LAZY_ACCOUNT_POOL_ENABLED ? lazyPoolOf(values) : undefined,
    retryBudgetPercent: values.RETRY_BUDGET_PERCENT,
    retryBudgetPerSecond: values.RETRY_BUDGET_PER_SECOND,
    breakerAccounts: values.BREAKER_ACCOUNTS,
    breakerFailures: values.BREAKER_FAILURES,
    amazonQEndpoint: values.AMAZON_Q_ENDPOINT,
    oidcEndpoint: values.OIDC_ENDPOINT,
    httpProxy: values.HTTP_PROXY,
    httpsProxy: values.HTTPS_PROXY,
    noProxy: values.NO_PROXY,
    fetchRemoteImages: values.FETCH_REMOTE_IMAGES,
    fetchRemoteImagesOverHttp: values.FETCH_REMOTE_IMAGES_OVER_HTTP,
    webSearch: webSearchOf(values),
    logLevel: values.LOG_LEVEL,
    commitAfterSeconds: values.COMMIT_AFTER_SECONDS,
    pingIntervalSeconds: values.PING_INTERVAL_SECONDS,
    connectTimeoutSeconds: values.CONNECT_TIMEOUT_SECONDS,
    responseHeadersTimeoutSeconds: values.RESPONSE_HEADERS_TIMEOUT_SECONDS,
    firstEventTimeoutSeconds: values.FIRST_EVENT_TIMEOUT_SECONDS,
    idleTimeoutSeconds: values.IDLE_TIMEOUT_SECONDS,
    maxBodyMegabytes: values.MAX_BODY_MEGABYTES,
    maxBufferedMegabytes: values.MAX_BUFFERED_MEGABYTES,
    maxConnections: MAX_CONNECTIONS,
    maxConcurrentRequests: values.MAX_CONCURRENT_REQUESTS,
    headersTimeoutSeconds: values.HEADERS_TIMEOUT_SECONDS,
    bodyTimeoutSeconds: values.BODY_TIMEOUT_SECONDS,
    keepAliveTimeoutSeconds: values.KEEP_ALIVE_TIMEOUT_SECONDS,
    maxConnectionsPerAddress: noneIfZero(values.MAX_CONNECTIONS_PER_ADDRESS),
    trustedProxies: values.TRUSTED_PROXIES,
    publicUrl: values.PUBLIC_URL,
    corsOrigins: values.CORS_ORIGINS,
    modelAliases: values.MODEL_ALIASES,
    replacesRetiredModels: values.REPLACE_RETIRED_MODELS,
    sendsCacheMarks: values.SEND_CACHE_MARKS,
    tokenCountMultiplier: values.TOKEN_COUNT_MULTIPLIER,
    eventsKeepDays: values.EVENTS_KEEP_DAYS,
    callsKeepDays: values.CALLS_KEEP_DAYS,
    callsKeepRows: values.CALLS_KEEP_ROWS,
    captureKeepHours: values.CAPTURE_KEEP_HOURS,
    responsesKeepDays: values.RESPONSES_KEEP_DAYS,
    responsesKeepPerKey: values.RESPONSES_KEEP_PER_KEY,
    responsesKeepMegabytesPerKey: values.RESPONSES_KEEP_MEGABYTES_PER_KEY,
  }
}

/** Node's own switch would have every token travel to whoever answers. */
function refuseBlindTrust({ NODE_TLS_REJECT_UNAUTHORIZED: switchOff }: Environment): void {
  if (switchOff?.trim() !== '0') return
  throw new StartError(
    'NODE_TLS_REJECT_UNAUTHORIZED must not be 0: name the authority of your proxy in NODE_EXTRA_CA_CERTS instead.',
  )
}

/** 0 stands for no limit. */
function noneIfZero(limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}

/** `upstream`: where the model service searches; `backend`: there first, then here. */
function webSearchOf(values: z.infer<typeof environmentSchema>) {
  const { WEB_SEARCH_BACKEND: name, WEB_SEARCH_URL: url, WEB_SEARCH_API_KEY: key } = values
  if (name === undefined) return { kind: 'upstream' } as const
  if (name === 'off') return { kind: 'off' } as const
  if (name === 'searxng' && url === undefined) {
    throw new StartError('WEB_SEARCH_BACKEND is searxng, so WEB_SEARCH_URL must say where that is.')
  }
  if (name !== 'searxng' && key === undefined) {
    throw new StartError(`WEB_SEARCH_BACKEND is ${name}, so WEB_SEARCH_API_KEY must be set.`)
  }
  if (key !== undefined && url?.startsWith('http:') === true && !isLoopback(new URL(url).hostname)) {
    throw new StartError(
      'WEB_SEARCH_URL must begin with https:// where WEB_SEARCH_API_KEY is sent to it (plain http is accepted on loopback only).',
    )
  }
  return { kind: 'backend', name, url, key } as const
}

function lazyPoolOf(values: z.infer<typeof environmentSchema>) {
  return {
    size: values.LAZY_ACCOUNT_POOL_SIZE,
    refreshOffset: values.LAZY_ACCOUNT_POOL_REFRESH_OFFSET,
    orderBy: values.LAZY_ACCOUNT_POOL_ORDER_BY,
    isDescending: values.LAZY_ACCOUNT_POOL_ORDER_DESC,
  }
}

/**
 * The environment, completed from a `.env` file when there is one; what is set already wins.
 * Answers a new object: the process's own environment stays as it was.
 */
export function withEnvironmentFile(environment: Environment, path: string): Environment {
  try {
    return { ...parseEnv(readFileSync(path, 'utf8')), ...environment }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return environment
    throw new StartError(`${path} cannot be read: make it a readable file, or remove it.`, error)
  }
}

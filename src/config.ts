/** The environment becomes a Config: one schema (config/variables.ts), which `.env.example` is tested against. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type * as z from 'zod'
import { isLoopback, MAX_CONNECTIONS } from './config/values.ts'
import { environmentSchema } from './config/variables.ts'
import { StartError } from './start-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

export { environmentSchema }

export type Config = ReturnType<typeof readConfig>

/** Throws a StartError whose one line names the variable. A variable that is empty counts as unset. */
export function readConfig(environment: Environment) {
  refuseBlindTrust(environment)
  const given = givenOf(environment)
  // Read once: to compile a reader of so many members takes longer than that.
  const parsed = environmentSchema.safeParse(given, { jitless: true })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StartError(`${issue?.path.join('.')} ${issue?.message}.`)
  }
  const values = parsed.data
  if (values.WORKERS > values.MAX_CONCURRENT_REQUESTS) {
    throw new StartError('WORKERS must not be more than MAX_CONCURRENT_REQUESTS, which they share.')
  }
  return {
    given,
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
    refreshAheadSeconds: values.REFRESH_AHEAD_SECONDS,
    refreshJitterSeconds: values.REFRESH_JITTER_SECONDS,
    refreshParallel: values.REFRESH_PARALLEL,
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

/** The variables of ours that are set, as they are written: an empty one is not. */
function givenOf(environment: Environment): Readonly<Record<string, string>> {
  const names = Object.keys(environmentSchema.shape)
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name]
      return value === undefined || value.trim() === '' ? [] : [[name, value]]
    }),
  )
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

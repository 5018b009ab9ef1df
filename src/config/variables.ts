/** Every variable with its default, under the name that users write. */
import * as z from 'zod'
import {
  address,
  aliasList,
  commaList,
  flag,
  host,
  networkList,
  numberBetween,
  oneOf,
  origin,
  originList,
  plainLine,
  proxy,
  publicOrigin,
  seconds,
  wholeNumberBetween,
  MAX_CONNECTIONS,
} from './values.ts'
import { ofKind } from './value-kind.ts'

const plainStrategies = ['random', 'round-robin', 'least-in-flight', 'most-quota-left', 'weighted'] as const
const strategies = [...plainStrategies, 'priority'] as const
const searchBackends = ['searxng', 'brave', 'tavily'] as const
const lazyPoolOrders = ['created_at', 'id', 'success_count'] as const

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const logLevel = ofKind(
  { type: 'choice', words: logLevels },
  z.enum(logLevels, 'must be fatal, error, warn, info, debug, trace or silent'),
)

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
  REFRESH_AHEAD_SECONDS: numberBetween(60, 1800).default(600),
  REFRESH_JITTER_SECONDS: numberBetween(0, 300).default(30),
  REFRESH_PARALLEL: wholeNumberBetween(1, 32).default(4),
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
  LOG_LEVEL: logLevel.default('info'),
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

export type VariableName = keyof typeof environmentSchema.shape

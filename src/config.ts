/** The environment becomes a Config: one schema, checked once at the start. `.env.example` is tested against it. */
import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { StartError } from './start-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

const DAY_IN_SECONDS = 86_400

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

const loopbackHost = z
  .string()
  .refine(
    isLoopback,
    'must be a loopback address (127.0.0.1, localhost or ::1): this version cannot yet protect itself on a network',
  )

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

/** Every variable with its default, under the name that users write. */
export const environmentSchema = z.object({
  PORT: wholeNumberBetween(0, 65_535).default(8000),
  HOST: loopbackHost.default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z.string().optional(),
  OPENAI_KEYS: commaList.default([]),
  ADMIN_PASSWORD: z.string().optional(),
  ENABLE_CONSOLE: flag.default(true),
  MAX_ERROR_COUNT: wholeNumberBetween(1, 1_000_000).default(100),
  ACCOUNT_WAIT_SECONDS: numberBetween(0, 7).default(5),
  AMAZON_Q_ENDPOINT: origin.optional(),
  OIDC_ENDPOINT: origin.optional(),
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
})

export type Config = ReturnType<typeof readConfig>

/** Throws a StartError whose one line names the variable. A variable that is empty counts as unset. */
export function readConfig(environment: Environment) {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '')
  const parsed = environmentSchema.safeParse(Object.fromEntries(set))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StartError(`${issue?.path.join('.')} ${issue?.message}.`)
  }
  const values = parsed.data
  return {
    port: values.PORT,
    host: values.HOST,
    dataDirectory: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    openaiKeys: values.OPENAI_KEYS,
    adminPassword: values.ADMIN_PASSWORD,
    consoleEnabled: values.ENABLE_CONSOLE,
    maxErrorCount: values.MAX_ERROR_COUNT,
    accountWaitSeconds: values.ACCOUNT_WAIT_SECONDS,
    amazonQEndpoint: values.AMAZON_Q_ENDPOINT,
    oidcEndpoint: values.OIDC_ENDPOINT,
    logLevel: values.LOG_LEVEL,
    commitAfterSeconds: values.COMMIT_AFTER_SECONDS,
    pingIntervalSeconds: values.PING_INTERVAL_SECONDS,
    connectTimeoutSeconds: values.CONNECT_TIMEOUT_SECONDS,
    responseHeadersTimeoutSeconds: values.RESPONSE_HEADERS_TIMEOUT_SECONDS,
    firstEventTimeoutSeconds: values.FIRST_EVENT_TIMEOUT_SECONDS,
    idleTimeoutSeconds: values.IDLE_TIMEOUT_SECONDS,
    maxBodyMegabytes: values.MAX_BODY_MEGABYTES,
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

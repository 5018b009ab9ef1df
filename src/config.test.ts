import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { environmentSchema, readConfig, withEnvironmentFile } from './config.ts'
import { StartError } from './start-error.ts'

function refusalOf(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
  return 'accepted'
}

const searchSettings = (given: Record<string, string>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [`WEB_SEARCH_${name}`, value]))

describe('readConfig', () => {
  it('refuses more workers than there may be requests at once', () => {
    expect(refusalOf({ WORKERS: '3', MAX_CONCURRENT_REQUESTS: '2' })).toBe(
      'WORKERS must not be more than MAX_CONCURRENT_REQUESTS, which they share.',
    )
    expect(refusalOf({ WORKERS: '2', MAX_CONCURRENT_REQUESTS: '2' })).toBe('accepted')
  })

  it('answers the documented defaults for an empty environment', () => {
    expect(readConfig({})).toEqual({
      given: {},
      port: 8000,
      host: '127.0.0.1',
      workers: 1,
      boundToLoopback: true,
      dataDirectory: './data',
      masterKey: undefined,
      masterKeyFile: undefined,
      databaseUrl: undefined,
      openaiKeys: [],
      openApiAllowed: false,
      adminPassword: undefined,
      adminPasswordHash: undefined,
      bearerPasswordAllowed: true,
      consoleEnabled: true,
      maxErrorCount: 100,
      accountWaitSeconds: 5,
      accountStrategy: 'random',
      accountStrategyWithinPriority: 'random',
      prefersExpiringCredits: false,
      accountConcurrencyLimit: Number.POSITIVE_INFINITY,
      keyConcurrencyLimit: Number.POSITIVE_INFINITY,
      maxWaitingRequests: 64,
      stickySessions: true,
      maxSessions: 10_000,
      sessionIdleSeconds: 3600,
      sessionMaxPerAccount: 8,
      lazyAccountPool: undefined,
      refreshAheadSeconds: 600,
      refreshJitterSeconds: 30,
      refreshParallel: 4,
      retryBudgetPercent: 10,
      retryBudgetPerSecond: 3,
      breakerAccounts: 3,
      breakerFailures: 5,
      amazonQEndpoint: undefined,
      oidcEndpoint: undefined,
      httpProxy: undefined,
      httpsProxy: undefined,
      noProxy: undefined,
      fetchRemoteImages: false,
      fetchRemoteImagesOverHttp: false,
      webSearch: { kind: 'upstream' },
      logLevel: 'info',
      commitAfterSeconds: 8,
      pingIntervalSeconds: 10,
      connectTimeoutSeconds: 5,
      responseHeadersTimeoutSeconds: 20,
      firstEventTimeoutSeconds: 120,
      idleTimeoutSeconds: 600,
      maxBodyMegabytes: 32,
      maxBufferedMegabytes: 256,
      maxConnections: 10_000,
      maxConcurrentRequests: 1000,
      headersTimeoutSeconds: 15,
      bodyTimeoutSeconds: 60,
      keepAliveTimeoutSeconds: 75,
      maxConnectionsPerAddress: 256,
      trustedProxies: [],
      publicUrl: undefined,
      corsOrigins: [],
      modelAliases: [],
      replacesRetiredModels: true,
      sendsCacheMarks: false,
      tokenCountMultiplier: 1,
      eventsKeepDays: 400,
      callsKeepDays: 30,
      callsKeepRows: 1_000_000,
      captureKeepHours: 24,
      responsesKeepDays: 30,
      responsesKeepPerKey: 1000,
      responsesKeepMegabytesPerKey: 256,
    })
  })

  it('takes an empty value for an unset one, in every variable', () => {
    const empty = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, ' ']))
    expect(readConfig(empty)).toEqual(readConfig({}))
  })

  it('keeps what was set as it was written, of its own variables alone', () => {
    const { given } = readConfig({ PORT: '0', LOG_LEVEL: ' ', PATH: '/bin' })
    expect(given).toEqual({ PORT: '0' })
  })

  it.each([
    [{ PORT: '0' }, { port: 0 }],
    [{ HOST: '::1' }, { host: '::1', boundToLoopback: true }],
    [{ HOST: '[::1]' }, { host: '::1', boundToLoopback: true }],
    [{ HOST: 'localhost' }, { host: 'localhost', boundToLoopback: true }],
    [{ HOST: '127.8.9.1' }, { host: '127.8.9.1', boundToLoopback: true }],
    [{ HOST: '0.0.0.0' }, { host: '0.0.0.0', boundToLoopback: false }],
    [{ HOST: '::' }, { host: '::', boundToLoopback: false }],
    [{ HOST: '127.example.com' }, { host: '127.example.com', boundToLoopback: false }],
    [{ ALLOW_OPEN_API: '1' }, { openApiAllowed: true }],
    [
      { MASTER_KEY: 'x', MASTER_KEY_FILE: '/run/x' },
      { masterKey: 'x', masterKeyFile: '/run/x' },
    ],
    [{ MASTER_KEY_PREVIOUS: 'y' }, { masterKeyPrevious: 'y' }],
    [{ OPENAI_KEYS: ' one, two ,,three,' }, { openaiKeys: ['one', 'two', 'three'] }],
    [{ ADMIN_PASSWORD: ' kept as it is ' }, { adminPassword: ' kept as it is ' }],
    [{ ENABLE_CONSOLE: 'False' }, { consoleEnabled: false }],
    [{ ENABLE_CONSOLE: '0' }, { consoleEnabled: false }],
    [{ ENABLE_CONSOLE: '1' }, { consoleEnabled: true }],
    [{ OIDC_ENDPOINT: 'http://localhost:9911/' }, { oidcEndpoint: 'http://localhost:9911' }],
    [{ OIDC_ENDPOINT: 'http://[::1]:9911' }, { oidcEndpoint: 'http://[::1]:9911' }],
    [{ AMAZON_Q_ENDPOINT: 'https://example.com' }, { amazonQEndpoint: 'https://example.com' }],
    [{ HTTP_PROXY: '127.0.0.1:7890' }, { httpProxy: '127.0.0.1:7890' }],
    [{ HTTPS_PROXY: 'https://a:b%40@p.example:1' }, { httpsProxy: 'https://a:b%40@p.example:1' }],
    [{ NO_PROXY: 'localhost,.example.com' }, { noProxy: 'localhost,.example.com' }],
    [{ COMMIT_AFTER_SECONDS: '0.25' }, { commitAfterSeconds: 0.25 }],
    [{ TOKEN_COUNT_MULTIPLIER: '1.25' }, { tokenCountMultiplier: 1.25 }],
    [{ EVENTS_KEEP_DAYS: '90' }, { eventsKeepDays: 90 }],
    [{ CALLS_KEEP_DAYS: '0' }, { callsKeepDays: 0 }],
    [{ CALLS_KEEP_ROWS: '5000000' }, { callsKeepRows: 5_000_000 }],
    [{ CAPTURE_KEEP_HOURS: '168' }, { captureKeepHours: 168 }],
    [{ RESPONSES_KEEP_DAYS: '0' }, { responsesKeepDays: 0 }],
    [{ RESPONSES_KEEP_PER_KEY: '50' }, { responsesKeepPerKey: 50 }],
    [{ RESPONSES_KEEP_MEGABYTES_PER_KEY: '0.5' }, { responsesKeepMegabytesPerKey: 0.5 }],
    [{ CORS_ORIGINS: 'https://A.example, app://x' }, { corsOrigins: ['https://a.example', 'app://x'] }],
    [
      { MODEL_ALIASES: ' gpt-4o = claude-sonnet-4.5,fast=claude-haiku-4.5 ,, *=auto' },
      {
        modelAliases: [
          { name: 'gpt-4o', model: 'claude-sonnet-4.5' },
          { name: 'fast', model: 'claude-haiku-4.5' },
          { name: '*', model: 'auto' },
        ],
      },
    ],
    [{ ACCOUNT_STRATEGY: 'most-quota-left' }, { accountStrategy: 'most-quota-left' }],
    [{ KEY_CONCURRENCY_LIMIT: '3' }, { keyConcurrencyLimit: 3 }],
    [
      { LAZY_ACCOUNT_POOL_ENABLED: 'true', LAZY_ACCOUNT_POOL_ORDER_BY: 'id', LAZY_ACCOUNT_POOL_SIZE: '5' },
      { lazyAccountPool: { size: 5, refreshOffset: 10, orderBy: 'id', isDescending: false } },
    ],
    [{ REPLACE_RETIRED_MODELS: 'false' }, { replacesRetiredModels: false }],
    [{ SEND_CACHE_MARKS: '1' }, { sendsCacheMarks: true }],
    [
      { TRUSTED_PROXIES: '127.0.0.1, ::1,10.0.0.0/8' },
      { trustedProxies: ['127.0.0.1', '::1', '10.0.0.0/8'] },
    ],
    [{ PUBLIC_URL: 'https://Q.example.com/' }, { publicUrl: 'https://q.example.com' }],
    [{ MAX_CONNECTIONS_PER_ADDRESS: '0' }, { maxConnectionsPerAddress: Number.POSITIVE_INFINITY }],
  ])('reads %o', (environment, expected) => {
    expect(readConfig(environment)).toMatchObject(expected)
  })

  it.each([
    [{ PORT: '65536' }, 'PORT must be a number from 0 to 65535.'],
    [{ PORT: '80.5' }, 'PORT must be a whole number.'],
    [{ PORT: '1e3' }, 'PORT must be a number from 0 to 65535.'],
    [{ ENABLE_CONSOLE: 'maybe' }, 'ENABLE_CONSOLE must be true or false.'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent.'],
    [{ IDLE_TIMEOUT_SECONDS: '0' }, 'IDLE_TIMEOUT_SECONDS must be a number from 0.001 to 86400.'],
    [
      { OIDC_ENDPOINT: 'http://example.com' },
      'OIDC_ENDPOINT must begin with https:// (plain http is accepted on loopback only).',
    ],
    [
      { OIDC_ENDPOINT: 'http://127.0.0.1.example.com' },
      'OIDC_ENDPOINT must begin with https:// (plain http is accepted on loopback only).',
    ],
    ...['proxy', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10/8', '1.1.1.1/8/8', '10.0.0.0/-1'].map(
      (list): [Record<string, string>, string] => [
        { TRUSTED_PROXIES: list },
        'TRUSTED_PROXIES must list addresses or networks like 127.0.0.1, 10.0.0.0/8, separated by commas.',
      ],
    ),
    ...[
      'q.example.com',
      'ftp://q.example.com',
      'https://q.example.com/path',
      'https://a:b@q.example.com',
      'https://*.example.com',
    ].map((url): [Record<string, string>, string] => [
      { PUBLIC_URL: url },
      'PUBLIC_URL must be scheme and host alone, like https://q.example.com.',
    ]),
  ])('refuses %o in one line that names the variable', (environment, line) => {
    expect(refusalOf(environment)).toBe(line)
  })

  it('S43: does not start where TLS verification was switched off', () => {
    for (const value of ['0', ' 0 ']) {
      expect(refusalOf({ NODE_TLS_REJECT_UNAUTHORIZED: value })).toMatch(
        /^NODE_TLS_REJECT_UNAUTHORIZED must not be 0/,
      )
    }
    expect(refusalOf({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toBe('accepted')
  })

  it.each([
    ['fast', 'must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas.'],
    ['fast=', 'must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas.'],
    ['=claude-sonnet-4.5', 'must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas.'],
    ['a=b=c', 'must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas.'],
    ['a=two words', 'must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas.'],
    ['a=*', 'must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas.'],
    ['a=b,A=c', 'must not have the same name twice.'],
    ['a=A', 'must lead names to models, not to themselves or to other names of the list.'],
    ['a=b,b=c', 'must lead names to models, not to themselves or to other names of the list.'],
  ])('refuses the aliases %j', (value, rule) => {
    expect(refusalOf({ MODEL_ALIASES: value })).toBe(`MODEL_ALIASES ${rule}`)
  })

  it.each([
    'https://example.com/path',
    'https://user@example.com',
    'https://example.com?x',
    'ftp://x',
    'example.com',
  ])('refuses the endpoint %s, which is more or less than an origin', (value) => {
    expect(refusalOf({ AMAZON_Q_ENDPOINT: value })).toBe(
      'AMAZON_Q_ENDPOINT must be scheme and host alone, like https://example.com.',
    )
  })

  it.each(['socks5://127.0.0.1:1080', 'http://127.0.0.1:3128/path', 'http://', 'http://a%zz:b@127.0.0.1'])(
    'refuses %s, which is no HTTP proxy',
    (value) => {
      expect(refusalOf({ HTTP_PROXY: value })).toMatch(
        /^HTTP_PROXY must be the address of an HTTP proxy, .+\.$/,
      )
    },
  )

  it.each([
    [{ BACKEND: 'off' }, { kind: 'off' }],
    [
      { BACKEND: 'searxng', URL: 'http://10.0.0.7:8888/searx/' },
      { kind: 'backend', name: 'searxng', url: 'http://10.0.0.7:8888/searx', key: undefined },
    ],
    [
      { BACKEND: 'brave', API_KEY: 'word' },
      { kind: 'backend', name: 'brave', url: undefined, key: 'word' },
    ],
    [
      { BACKEND: 'tavily', API_KEY: 'word', URL: 'http://127.0.0.1:1' },
      { kind: 'backend', name: 'tavily', url: 'http://127.0.0.1:1', key: 'word' },
    ],
  ])('reads who searches the web of %j', (given, webSearch) => {
    expect(readConfig(searchSettings(given)).webSearch).toEqual(webSearch)
  })

  it.each([
    [{ BACKEND: 'google' }, 'WEB_SEARCH_BACKEND must be one of'],
    [{ BACKEND: 'searxng' }, 'WEB_SEARCH_URL must say'],
    [{ BACKEND: 'brave' }, 'so WEB_SEARCH_API_KEY must be set'],
    [{ BACKEND: 'brave', API_KEY: 'two words' }, 'WEB_SEARCH_API_KEY must be one word'],
    [{ BACKEND: 'brave', API_KEY: 'a', URL: 'http://10.0.0.7' }, 'WEB_SEARCH_URL must begin with https://'],
    [{ BACKEND: 'searxng', URL: 'http://name:word@127.0.0.1' }, 'WEB_SEARCH_URL must be an address'],
    [{ BACKEND: 'searxng', URL: 'file:///etc/passwd' }, 'WEB_SEARCH_URL must be an address'],
    [{ BACKEND: 'searxng', URL: 'http://127.0.0.1/?q=1' }, 'WEB_SEARCH_URL must be an address'],
  ])('refuses %j', (given, rule) => {
    expect(refusalOf(searchSettings(given))).toContain(rule)
  })

  it.each(['http://localhost', 'localhost:8000', '127.0.0.1:8000', '[::1]:8000', 'a b', '-x', '*'])(
    'refuses to listen on %s',
    (host) => {
      expect(refusalOf({ HOST: host })).toBe(
        'HOST must be an address or a name of this machine, without scheme and port.',
      )
    },
  )

  it('never repeats a value, which may be a secret in the wrong place', () => {
    for (const name of Object.keys(environmentSchema.shape)) {
      expect(refusalOf({ [name]: 'canary://secret' })).not.toContain('canary')
    }
  })
})

describe('.env.example', () => {
  const lines = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  const uncommented = parseEnv(lines.replace(/^#(?=[A-Z_]+=)/gm, ''))

  it('lists exactly the variables that exist', () => {
    expect(Object.keys(uncommented).toSorted()).toEqual(Object.keys(environmentSchema.shape).toSorted())
  })

  it('shows the defaults, and changes nothing when it is used as it is', () => {
    const { given: _, ...values } = readConfig(uncommented)
    expect({ given: {}, ...values }).toEqual(readConfig({}))
    expect(readConfig(parseEnv(lines))).toEqual(readConfig({}))
  })

  it('shows every default by its value', () => {
    const withoutValue = Object.entries(uncommented).filter(([, value]) => value === '')
    expect(withoutValue.map(([name]) => name).toSorted()).toEqual([
      'ADMIN_PASSWORD',
      'ADMIN_PASSWORD_HASH',
      'AMAZON_Q_ENDPOINT',
      'CORS_ORIGINS',
      'DATABASE_URL',
      'HTTPS_PROXY',
      'HTTP_PROXY',
      'MASTER_KEY',
      'MASTER_KEY_FILE',
      'MASTER_KEY_PREVIOUS',
      'MODEL_ALIASES',
      'NO_PROXY',
      'OIDC_ENDPOINT',
      'OPENAI_KEYS',
      'PUBLIC_URL',
      'TRUSTED_PROXIES',
      'WEB_SEARCH_API_KEY',
      'WEB_SEARCH_BACKEND',
      'WEB_SEARCH_URL',
    ])
  })
})

describe('withEnvironmentFile', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'aqueduct-config-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('completes the environment, which wins where both speak', () => {
    const path = join(directory, '.env')
    writeFileSync(path, 'PORT=1234\nLOG_LEVEL="debug"\n')
    expect(withEnvironmentFile({ PORT: '99' }, path)).toEqual({ PORT: '99', LOG_LEVEL: 'debug' })
  })

  it('answers the environment alone where there is no file', () => {
    expect(withEnvironmentFile({ PORT: '99' }, join(directory, 'missing'))).toEqual({ PORT: '99' })
  })
})

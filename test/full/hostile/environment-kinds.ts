/** What users and accidents put into each setting, and whether a gateway has to take it: told here again, apart from the schema under test. */
import type { Random } from './random.ts'

/** In every value that is a secret, or could be one in the wrong place. */
export const CANARY = 'canary-4711'

/** `unknown`: it depends on more than this; whatever comes of it must be said in a clean way. */
export type Expectation = boolean | 'unknown'

/** `fits`: whether a gateway has to take it. */
interface Sample {
  value: string
  fits: Expectation
}
type Kind = (random: Random) => Sample

const good = (...values: [string, ...string[]]) => values.map((value) => ({ value, fits: true }))
const bad = (...values: [string, ...string[]]) => values.map((value) => ({ value, fits: false }))

export const STRANGE: readonly [string, ...string[]] = [
  CANARY,
  '\u{1F6B0}',
  '８０００',
  '\u202e0008',
  'null',
  'undefined',
  'NaN',
  '[object Object]',
  '__proto__',
  '${PATH}',
  '$(id)',
  '"quoted"',
  '\ud800',
  'a\nb',
  'a\r\nLOG_LEVEL=trace',
  '\u001b[31mred',
  '%00',
  '../../etc/passwd',
  'x'.repeat(100_000),
]

function oneOf(samples: readonly Sample[]): Kind {
  return (random) => samples[random.below(samples.length)] ?? { value: '', fits: true }
}

function anyOf(...kinds: [Kind, ...Kind[]]): Kind {
  return (random) => random.pick(kinds)(random)
}

/** None of these is a number, a flag, a word, an address or a list of pairs. */
const strange: Kind = (random) => ({ value: random.pick(STRANGE), fits: false })
export const anyText: Kind = (random) => ({ value: random.pick(STRANGE), fits: true })
const unset: Kind = (random) => ({ value: random.pick(['', ' ', '\t', ' \n ']), fits: true })

function numberFrom(least: number, most: number, form: 'whole' | 'any'): Kind {
  const inside: Kind = (random) => ({ value: `${least + random.below(most - least + 1)}`, fits: true })
  const edges = oneOf([
    ...good(`${least}`, `${most}`, `00${most}`, `${most}.0`),
    ...bad(`${most + 1}`, `-${most}`, '9'.repeat(400), '1e1', '0x10', '1_0', '+5', '5.', '.5'),
    ...bad(`${most}s`, ` ${most}`, `${most}\n`, 'Infinity', '1,5', '１０'),
  ])
  const fraction: Kind = () => ({ value: `${least + (most - least) / 2}.5`, fits: false })
  return anyOf(unset, inside, edges, strange, form === 'whole' ? fraction : inside)
}

const whole = (least: number, most: number) => numberFrom(least, most, 'whole')
const seconds: Kind = anyOf(
  numberFrom(1, 86_400, 'any'),
  oneOf([...good('0.001', '0.5', '86399.999'), ...bad('0', '0.0001', '86400.1')]),
)
const flag: Kind = anyOf(
  unset,
  strange,
  oneOf([
    ...good('true', 'false', '1', '0', 'TRUE', 'fAlSe'),
    ...bad('yes', 'on', 'off', 'no', '2', 'true ', 'tru\u0435', '-1'),
  ]),
)
const words = (...known: [string, ...string[]]): Kind =>
  anyOf(unset, strange, oneOf(good(...known)), oneOf(bad(`${known[0]} `, `${known[0]}s`, 'RANDOM', 'Info')))

const origin: Kind = anyOf(
  unset,
  strange,
  oneOf([
    ...good('https://example.com', 'https://EXAMPLE.com:8443', 'http://127.0.0.1:9', 'http://localhost:80'),
    ...good('http://[::1]:9', 'https://10.0.0.1', 'http://0x7f.1'),
    ...bad(
      'http://example.com',
      'http://0.0.0.0',
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
    ),
    ...bad(
      'ftp://example.com',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://',
      'https:',
      'example.com',
    ),
    ...bad('https://example.com/path', 'https://example.com?q', 'https://example.com#h'),
    ...bad(`https://name:${CANARY}@example.com`, 'https://exam ple.com', 'https://example.com:99999'),
  ]),
)
const proxy: Kind = anyOf(
  unset,
  oneOf([
    ...good('127.0.0.1:3128', 'http://127.0.0.1:3128', `http://name:${CANARY}@example.com:3128`),
    ...good('https://proxy.example', 'http://[::1]:3128'),
    ...bad('socks5://127.0.0.1:1080', 'http://', 'http://a b', 'http://127.0.0.1:3128/path'),
    ...bad(`http://%zz:${CANARY}@example.com`, 'http://127.0.0.1:99999', 'http://example.com?q=1', 'ftp://a'),
  ]),
)
const host: Kind = anyOf(
  unset,
  oneOf([
    ...good('127.0.0.1', '0.0.0.0', '::', '::1', '[::1]', 'localhost', 'gateway.internal', ' 127.0.0.1 '),
    ...bad('http://127.0.0.1', '127.0.0.1:80', 'a b', '-a', 'münchen', '[::1', '[]', 'a/b', 'a\nb', '*'),
  ]),
)
const origins: Kind = anyOf(
  unset,
  oneOf([
    ...good('https://a.example', 'https://a.example, app://obsidian.md', ',,', 'HTTPS://A.EXAMPLE'),
    ...bad('*', 'null', 'https://a.example/path', 'a.example', 'https://', 'https://a b', 'https://a\nb'),
  ]),
)
const aliases: Kind = anyOf(
  unset,
  oneOf([
    ...good(
      'a=b',
      'gpt-4o=claude-sonnet-4.5, fast = claude-haiku-4.5',
      '*=x',
      ',',
      '\u{1F6B0}=m',
      '__proto__=m',
    ),
    ...bad('a', 'a=', '=b', 'a=b=c', 'a=*', 'a=b,A=c', 'a=b,b=c', 'a=a', 'a=b c', 'a=ü', 'a=b\nc'),
  ]),
)
const anyList: Kind = anyOf(
  unset,
  anyText,
  oneOf(good(`sk-${CANARY}`, 'a,b', ',,,', `${'k,'.repeat(5000)}k`)),
)
const path: Kind = anyOf(
  unset,
  oneOf([
    ...good('./data', '/srv/aqueduct', 'a b', '数据', '../x', 'x'.repeat(5000)),
    ...bad('a\nb', '\u001b[31mred', 'a\0b', 'a\rb', 'a\u2028b', 'a\u202eb'),
  ]),
)

const database: Kind = anyOf(
  unset,
  oneOf([
    ...good('sqlite:accounts.db', 'sqlite:./a b.db'),
    ...bad(
      'mysql://localhost/a',
      'sqlite:',
      'accounts.db',
      `mongodb://a:${CANARY}@localhost/a`,
      'sqlite:a\nb',
    ),
    ...bad(`postgres://a:${CANARY}@[/b`, `postgres://a:${CANARY}@localhost:99999/b`),
  ]),
)

const networks: Kind = anyOf(
  unset,
  strange,
  oneOf([
    ...good(
      '127.0.0.1',
      '::1',
      '127.0.0.1, 10.0.0.0/8,fd00::/8',
      '0.0.0.0/0',
      '::/0',
      ',',
      '::ffff:10.0.0.1',
    ),
    ...bad(
      'localhost',
      '*',
      '10.0.0/8',
      '10.0.0.0/33',
      '::1/129',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
    ),
    ...bad('127.0.0.1:80', '[::1]', '10.0.0.1;10.0.0.2', '127.1', '010.0.0.1'),
  ]),
)
const publicOrigin: Kind = anyOf(
  unset,
  strange,
  oneOf([
    ...good('https://q.example.com', 'HTTPS://Q.EXAMPLE.com/', 'http://10.0.0.5:8000', 'https://[::1]:8443'),
    ...bad(
      'q.example.com',
      'https://',
      'ftp://q.example.com',
      'javascript:alert(1)',
      'https://q.example.com/q',
    ),
    ...bad(
      'https://q.example.com?q',
      'https://q.example.com#q',
      'https://q.example.com:99999',
      'https://*',
      'https://*.a.example',
    ),
    ...bad(`https://name:${CANARY}@q.example.com`),
  ]),
)

/** What a backend needs beside its name stands in the other settings. */
const searchBackend: Kind = anyOf(
  words('off'),
  oneOf(['searxng', 'brave', 'tavily'].map((value) => ({ value, fits: 'unknown' }))),
)
const searchAddresses: readonly [string, ...string[]] = [
  ...STRANGE,
  'http://10.0.0.7:8888/searx/',
  'https://s.example',
  `https://name:${CANARY}@s.example`,
]

/** Refused unless there is no console, or where the password itself is set too. */
const HASHES: readonly [string, ...string[]] = [
  ...STRANGE,
  `$scrypt$ln=17,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  `$scrypt$ln=1,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  `$scrypt$ln=99,r=999,p=999$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  `$scrypt$ln=17,r=8,p=1$$`,
  `$2b$12$${CANARY}`,
]

const strategy: readonly [string, ...string[]] = ['random', 'round-robin', 'least-in-flight', 'weighted']

/** One for every setting; a test finds what is missing. */
export const kinds: Readonly<Record<string, Kind>> = {
  PORT: whole(0, 65_535),
  HOST: host,
  WORKERS: whole(1, 64),
  DATA_DIR: path,
  DATABASE_URL: database,
  MASTER_KEY: anyText,
  MASTER_KEY_FILE: path,
  MASTER_KEY_PREVIOUS: anyText,
  OPENAI_KEYS: anyList,
  ALLOW_OPEN_API: flag,
  // Weak ones are refused, unless there is no console.
  ADMIN_PASSWORD: (random) => ({ value: random.pick(STRANGE), fits: 'unknown' }),
  ADMIN_PASSWORD_HASH: (random) => ({ value: random.pick(HASHES), fits: 'unknown' }),
  ADMIN_BEARER_PASSWORD: flag,
  ENABLE_CONSOLE: flag,
  MAX_ERROR_COUNT: whole(1, 1_000_000),
  ACCOUNT_WAIT_SECONDS: numberFrom(0, 7, 'any'),
  ACCOUNT_STRATEGY: words(...strategy, 'priority'),
  ACCOUNT_STRATEGY_WITHIN_PRIORITY: anyOf(words(...strategy), oneOf(bad('priority'))),
  PREFER_EXPIRING_CREDITS: flag,
  ACCOUNT_CONCURRENCY_LIMIT: whole(0, 1000),
  KEY_CONCURRENCY_LIMIT: whole(0, 100_000),
  MAX_WAITING_REQUESTS: whole(0, 100_000),
  STICKY_SESSIONS: flag,
  MAX_SESSIONS: whole(1, 1_000_000),
  SESSION_IDLE_SECONDS: seconds,
  SESSION_MAX_PER_ACCOUNT: whole(1, 1000),
  LAZY_ACCOUNT_POOL_ENABLED: flag,
  LAZY_ACCOUNT_POOL_SIZE: whole(1, 100_000),
  LAZY_ACCOUNT_POOL_REFRESH_OFFSET: whole(0, 100_000),
  LAZY_ACCOUNT_POOL_ORDER_BY: words('created_at', 'id', 'success_count'),
  LAZY_ACCOUNT_POOL_ORDER_DESC: flag,
  REFRESH_AHEAD_SECONDS: numberFrom(60, 1800, 'any'),
  REFRESH_JITTER_SECONDS: numberFrom(0, 300, 'any'),
  REFRESH_PARALLEL: whole(1, 32),
  RETRY_BUDGET_PERCENT: numberFrom(0, 100, 'any'),
  RETRY_BUDGET_PER_SECOND: numberFrom(0, 1000, 'any'),
  BREAKER_ACCOUNTS: whole(1, 1000),
  BREAKER_FAILURES: whole(2, 1000),
  AMAZON_Q_ENDPOINT: origin,
  OIDC_ENDPOINT: origin,
  HTTP_PROXY: proxy,
  HTTPS_PROXY: proxy,
  NO_PROXY: anyText,
  FETCH_REMOTE_IMAGES: flag,
  FETCH_REMOTE_IMAGES_OVER_HTTP: flag,
  WEB_SEARCH_BACKEND: searchBackend,
  WEB_SEARCH_URL: (random) => ({ value: random.pick(searchAddresses), fits: 'unknown' }),
  WEB_SEARCH_API_KEY: (random) => ({ value: random.pick(STRANGE), fits: 'unknown' }),
  LOG_LEVEL: words('info', 'fatal', 'error', 'warn', 'debug', 'trace', 'silent'),
  COMMIT_AFTER_SECONDS: seconds,
  PING_INTERVAL_SECONDS: seconds,
  CONNECT_TIMEOUT_SECONDS: seconds,
  RESPONSE_HEADERS_TIMEOUT_SECONDS: seconds,
  FIRST_EVENT_TIMEOUT_SECONDS: seconds,
  IDLE_TIMEOUT_SECONDS: seconds,
  MAX_BODY_MEGABYTES: numberFrom(1, 1024, 'any'),
  MAX_BUFFERED_MEGABYTES: numberFrom(1, 65_536, 'any'),
  MAX_CONCURRENT_REQUESTS: whole(1, 100_000),
  HEADERS_TIMEOUT_SECONDS: seconds,
  BODY_TIMEOUT_SECONDS: seconds,
  KEEP_ALIVE_TIMEOUT_SECONDS: seconds,
  MAX_CONNECTIONS_PER_ADDRESS: whole(0, 10_000),
  TRUSTED_PROXIES: networks,
  PUBLIC_URL: publicOrigin,
  CORS_ORIGINS: origins,
  MODEL_ALIASES: aliases,
  REPLACE_RETIRED_MODELS: flag,
  SEND_CACHE_MARKS: flag,
  TOKEN_COUNT_MULTIPLIER: numberFrom(1, 100, 'any'),
  EVENTS_KEEP_DAYS: whole(1, 36_500),
  CALLS_KEEP_DAYS: whole(0, 36_500),
  CALLS_KEEP_ROWS: whole(0, 100_000_000),
  CAPTURE_KEEP_HOURS: whole(0, 168),
  RESPONSES_KEEP_DAYS: whole(0, 36_500),
  RESPONSES_KEEP_PER_KEY: whole(0, 1_000_000),
  RESPONSES_KEEP_MEGABYTES_PER_KEY: numberFrom(0, 1_000_000, 'any'),
}

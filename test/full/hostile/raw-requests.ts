/** Bytes for a socket of the gateway: good requests, and what becomes of them. */
import type { Random } from './random.ts'

const CHAT = '{"model":"claude-sonnet-4.5","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}'

/** Forty requests that are in order. `key`: of a client. */
export function goodRequests(key: string): [Buffer, ...Buffer[]] {
  const open = [
    '/healthz',
    '/api/hello',
    '/openapi.json',
    '/v1/models',
    '/v1/usage',
    '/v2/accounts',
    '/',
    '/nope?a=b',
  ]
  const gets = open.flatMap((path) => [
    write('GET', path),
    write('HEAD', path, [`x-api-key: ${key}`]),
    write('OPTIONS', path, ['origin: https://a.example', 'access-control-request-method: POST']),
  ])
  const posts = [
    '/v1/messages',
    '/v1/chat/completions',
    '/v1/messages/count_tokens',
    '/v2/translate',
  ].flatMap((path) => [
    write('POST', path, ['content-type: application/json', `content-length: ${CHAT.length}`], CHAT),
    write('POST', path, [`x-api-key: ${key}`, `content-length: ${CHAT.length}`], CHAT),
    write(
      'POST',
      path,
      [`authorization: Bearer ${key}`, 'transfer-encoding: chunked'],
      `${CHAT.length.toString(16)};a=b\r\n${CHAT}\r\n0\r\nx-trailer: 1\r\n\r\n`,
    ),
    write('POST', path, ['expect: 100-continue', `content-length: ${CHAT.length}`], CHAT),
  ])
  const [first = Buffer.alloc(0), ...rest] = [...gets, ...posts]
  return [first, ...rest]
}

function write(method: string, path: string, headers: readonly string[] = [], body = ''): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, 'host: localhost', 'connection: close', ...headers, '', body]
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Uint8Array

function cut(
  bytes: Buffer,
  [at, removed]: readonly [number, number],
  inserted: Uint8Array = Buffer.alloc(0),
) {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)])
}

function withLines(change: (lines: string[], random: Random) => string[]): Mutation {
  return (bytes, random) =>
    Buffer.from(change(bytes.toString('latin1').split('\r\n'), random).join('\r\n'), 'latin1')
}

const SPECIAL = [
  '\0',
  '\n',
  '\r',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '%',
  '\\',
  '/',
  '..',
  '\x7f',
  '\xff',
  '0',
  '\r\n\r\n',
] as const

const mutations: readonly [Mutation, ...Mutation[]] = [
  (bytes, random) => cut(bytes, [random.below(bytes.length), 1], random.bytes(1)),
  (bytes, random) => cut(bytes, [random.below(bytes.length), random.below(20)]),
  (bytes, random) => cut(bytes, [random.below(bytes.length), 0], random.bytes(1 + random.below(20))),
  (bytes, random) => cut(bytes, [random.below(bytes.length), 0], Buffer.from(random.pick(SPECIAL), 'latin1')),
  (bytes, random) =>
    cut(bytes, [random.below(bytes.length), random.below(2)], Buffer.alloc(random.below(20_000), 'x')),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random, other) =>
    Buffer.concat([
      bytes.subarray(0, random.below(bytes.length)),
      other.subarray(random.below(other.length)),
    ]),
  (bytes, _, other) => Buffer.concat([bytes, other]),
  withLines((lines, random) => lines.toSpliced(random.below(lines.length), 1)),
  withLines((lines, random) => {
    const at = random.below(lines.length)
    return lines.toSpliced(at, 0, ...Array.from({ length: 1 + random.below(120) }, () => lines[at] ?? ''))
  }),
  withLines((lines, random) =>
    lines.toSpliced(random.below(lines.length), 0, ...lines.splice(random.below(lines.length), 1)),
  ),
  withLines((lines, random) =>
    lines.with(random.below(lines.length), ` ${lines[random.below(lines.length)]}`),
  ),
  (bytes, random) =>
    Buffer.from(bytes.toString('latin1').replaceAll('\r\n', random.pick(['\n', '\r', '\r\r\n'])), 'latin1'),
]

/** One to three changes of one of them. */
export function mutateRequest(goods: readonly [Buffer, ...Buffer[]], random: Random): Buffer {
  let bytes = random.pick(goods)
  for (let round = 0; round <= random.below(3); round += 1) {
    if (bytes.length > 0) bytes = Buffer.from(random.pick(mutations)(bytes, random, random.pick(goods)))
  }
  return bytes
}

const NAMES = [
  'x',
  'X-Y',
  'x_y',
  'content_length',
  'x\0y',
  'x y',
  '',
  'ü',
  'x:y',
  'host',
  'cookie',
  '__proto__',
  'constructor',
  'authorization',
  'x-api-key',
  'x-forwarded-for',
  'content-type',
  'expect',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'content-encoding',
] as const
const VALUES = [
  '',
  ' ',
  '\t',
  'a\0b',
  'a\x01b',
  'ä',
  '你好',
  '\xff\xfe',
  'a,b',
  '"',
  '\\',
  'close, upgrade',
  'Bearer ',
  'chunked',
  '${jndi:a}',
  '%0d%0aset-cookie: a',
  'a\rb',
  'a\nb',
  '\u202e',
  '0',
  '-1',
  '1e9',
] as const

/** A request with headers as no program sends them: none to ten thousand, and up to a megabyte. */
export function hostileHeaders(random: Random): Buffer {
  const count = random.pick([1, 2, 5, 50, 97, 100, 101, 1000, 10_000])
  const name = () =>
    random.pick(NAMES) + (random.below(4) === 0 ? random.bytes(1 + random.below(4)).toString('latin1') : '')
  const value = () =>
    random.below(40) === 0
      ? 'v'.repeat(random.pick([100, 16_000, 16_384, 70_000, 1_000_000]))
      : random.pick(VALUES)
  const isSame = count < 200 && random.below(3) === 0
  const line = `${name()}: ${value()}`
  const lines = Array.from({ length: count }, () => (isSame ? line : `${name()}: ${random.pick(VALUES)}`))
  const path = random.pick(['/healthz', '/v1/models', '/v2/accounts', '/nope'])
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('\r\n')}\r\n\r\n`)
}

/** Sixty ways to write `../`, or what a careless decoder makes one of. */
export const CLIMBS: readonly [string, ...string[]] = [
  '../',
  '..\\',
  '..%2f',
  '..%2F',
  '..%5c',
  '..%5C',
  '%2e%2e/',
  '%2E%2E/',
  '%2e%2e%2f',
  '%2e%2e%5c',
  '.%2e/',
  '%2e./',
  '.%2e%2f',
  '..%252f',
  '..%255c',
  '%252e%252e/',
  '%252e%252e%252f',
  '..%25252f',
  '%25252e%25252e%25252f',
  '..%c0%af',
  '%c0%ae%c0%ae/',
  '%c0%ae%c0%ae%c0%af',
  '..%c1%9c',
  '..%e0%80%af',
  '%e0%80%ae%e0%80%ae/',
  '..%f0%80%80%af',
  '..%u2215',
  '%u002e%u002e/',
  '..%u005c',
  '..%ef%bc%8f',
  '%ef%bc%8e%ef%bc%8e/',
  '..%e2%88%95',
  '..%e2%81%84',
  '..;/',
  '..;a=b/',
  '/..;/',
  '....//',
  '....\\\\',
  '..././',
  '..//',
  '..%00/',
  '..%00',
  '%00../',
  '..%0d/',
  '..%0a/',
  '..%09/',
  '..%20/',
  '.. /',
  '..?/',
  '..#/',
  '..%3f/',
  '..%23/',
  '..\u2215',
  '\u2024\u2024/',
  '.\u0000./',
  'C:\\',
  'C:/',
  '%43%3a%5c',
  '\\\\host\\share\\',
  '//host/share/',
  '/./../',
  '/.//..//',
  '..%2f..%2f',
  '%2e%2e%2f%2e%2e%2f',
]
const BASES = [
  '/',
  '/docs/',
  '/docs/static/',
  '/docs/static/../',
  '/v1/',
  '/v1/models/',
  '/v2/',
  '/openapi.json/',
  '//',
  '/DOCS/STATIC/',
] as const
const TARGETS = [
  'package.json',
  'etc/passwd',
  'CANARY',
  '.env',
  'data/master.key',
  'CON',
  'nul.js',
  'index.html/',
  'index.css%00.js',
  'proc/self/environ',
  'WEB-INF/web.xml',
  'x'.repeat(3000),
] as const

/** The target of a request for a file that lies outside of what is served. `canary`: the absolute path of one. */
export function climbingTarget(random: Random, canary: string): string {
  const climb = random.pick(CLIMBS).repeat(1 + random.below(12))
  return random.pick(BASES) + climb + random.pick(TARGETS).replace('CANARY', canary.slice(1))
}

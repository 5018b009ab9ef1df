/** Answers over HTTP as no service should give them, and what may come of each. */
import { gzipSync } from 'node:zlib'
import type { FailureKind } from '../../../src/conversation/failures.ts'
import { encodeEvent } from '../../encode-event.ts'
import { tellsOf, type Form, type Heard } from './heard.ts'
import type { Move } from './hostile-upstream.ts'
import type { Random } from './random.ts'

export interface UpstreamAnswer {
  name: string
  moves: Move[]
  /** What the client may be told; `sound`: it gets all that was said. */
  comesTo: readonly (FailureKind | 'sound')[]
}

/** What a sound answer says. */
const SAID = ['Grüße, ', '世界! ', '👋🏽 ', 'It is done.']
const said = SAID.join('')
const frames = [
  ...SAID.map((content) => encodeEvent('assistantResponseEvent', JSON.stringify({ content }))),
  encodeEvent('meteringEvent', '{"usage":0.03,"unit":"credit"}'),
]
const stream = Buffer.concat(frames)
/** Where a body may end without a fault. */
const borders = new Set(frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length))

/** More than any reader should take. */
const FLOOD_BYTES = 64 * 1024 * 1024
const PIECE_BYTES = 64 * 1024

const BROKEN = ['interrupted'] as const
const UNAVAILABLE = ['upstream-unavailable'] as const
const LATE = ['upstream-timeout'] as const
const SOUND = ['sound'] as const

const write = (bytes: Buffer | string): Move => ({ kind: 'write', bytes: Buffer.from(bytes) })
const flood = (piece: Buffer | string): Move => ({
  kind: 'flood',
  piece: repeatTo(Buffer.from(piece)),
  mostBytes: FLOOD_BYTES,
})
const END: Move = { kind: 'end' }
const RESET: Move = { kind: 'reset' }
const SILENCE: Move = { kind: 'silence' }

function repeatTo(piece: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(PIECE_BYTES / piece.length) }, () => piece))
}

const TYPE = 'content-type: application/vnd.amazon.eventstream\r\n'
const OK = `HTTP/1.1 200 OK\r\n${TYPE}`

function head(status: string, ...lines: string[]): string {
  return `HTTP/1.1 ${status}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
}

const whole = (extra = '') =>
  Buffer.concat([Buffer.from(`${OK}${extra}content-length: ${stream.length}\r\n\r\n`), stream])

function chunked(parts: readonly Buffer[], end = '0\r\n\r\n'): Buffer {
  const chunks = parts.map((piece) =>
    Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
  )
  return Buffer.concat([Buffer.from(`${OK}transfer-encoding: chunked\r\n\r\n`), ...chunks, Buffer.from(end)])
}

const PAGE = '<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>'
const BOMB = gzipSync(Buffer.alloc(16 * 1024 * 1024))
const TYPES = [
  'text/html',
  'application/json',
  'application/vnd.amazon.eventstream',
  '',
  'x'.repeat(5000),
] as const

/** Bodies of answers that are none. */
const BODIES: readonly [Buffer, ...Buffer[]] = [
  Buffer.from(PAGE),
  Buffer.from('{"message":"no","__type":"x#y"}'),
  Buffer.from('{"retryAfterMilliseconds":1e308,"message":7}'),
  Buffer.from('{"__proto__":{"reason":"x"}}'),
  Buffer.from('{'),
  Buffer.from('null'),
  Buffer.alloc(0),
  Buffer.alloc(3000, 0xff),
  BOMB,
  stream,
]

/** Undefined: the status says nothing by itself. */
function kindOfStatus(status: number): FailureKind {
  if (status === 408 || status === 504) return 'upstream-timeout'
  if (status < 400 || status >= 500) return 'upstream-unavailable'
  if (status === 402) return 'quota'
  if (status === 413) return 'context-too-long'
  if (status === 429) return 'throttled'
  // Tokens and access: a fresh token and another profile were tried before.
  return [401, 403, 404, 405, 409, 415].includes(status) ? 'access-denied' : 'invalid-request'
}

const STATUSES = [
  201, 204, 206, 300, 304, 400, 401, 402, 403, 404, 405, 407, 408, 409, 411, 413, 414, 415,
] as const
const MORE_STATUSES = [
  418, 421, 425, 426, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 511, 520, 599,
] as const

function oddStatus(random: Random): UpstreamAnswer {
  const odd = random.pick([600, 700, 999, 226, 418 + random.below(80), 505 + random.below(400)])
  const status = random.pick([random.pick(STATUSES), random.pick(MORE_STATUSES), odd])
  const hasBody = status !== 204 && status !== 304
  const body = hasBody ? random.pick(BODIES) : Buffer.alloc(0)
  const type = random.pick(TYPES)
  const lines = [
    ...(type === '' ? [] : [`content-type: ${type}`]),
    ...(body === BOMB ? ['content-encoding: gzip'] : []),
    ...(random.below(3) === 0 ? [oddHeader(random)] : []),
  ]
  const length = hasBody ? [`content-length: ${body.length}`] : []
  const text = head(
    `${status} ${random.pick(['', 'OK', 'Ünbekannt', 'x'.repeat(3000)])}`,
    ...lines,
    ...length,
  )
  return {
    name: `status ${status}`,
    moves: [write(Buffer.concat([Buffer.from(text, 'latin1'), body]))],
    comesTo: [kindOfStatus(status)],
  }
}

/** Headers that are read, and others. */
function oddHeader(random: Random): string {
  const waits = ['-1', '1e9', '99999999999999999999999', 'soon', '', 'Thu, 01 Jan 1970 00:00:00 GMT'] as const
  return random.pick([
    `retry-after: ${random.pick(waits)}`,
    'retry-after: Fri, 31 Dec 275760 23:59:59 GMT',
    `retry-after: ${'9'.repeat(400)}`,
    'retry-after: 5\r\nretry-after: 6',
    `x-amzn-requestid: ${'i'.repeat(6000)}`,
    'x-amzn-requestid: \u00ff\u00fe\t"\\',
    `x-amzn-errortype: ${'#'.repeat(4000)}`,
    'x-amzn-errortype: __proto__',
    '__proto__: x',
    'set-cookie: a=b\r\nset-cookie: c=d',
    'content-encoding: gzip',
    'trailer: x-amzn-requestid',
    'date: yesterday',
    'keep-alive: timeout=999999999999',
    'connection: close',
  ])
}

function page(random: Random): UpstreamAnswer {
  const body = random.pick(BODIES)
  const type = random.pick(['text/html', 'application/json', 'text/plain; charset=utf-8', 'multipart/mixed'])
  const text = head('200 OK', `content-type: ${type}`, `content-length: ${body.length}`)
  return {
    name: `200 ${type}`,
    moves: [write(Buffer.concat([Buffer.from(text), body]))],
    comesTo: UNAVAILABLE,
  }
}

function bomb(random: Random): UpstreamAnswer {
  const coding = random.pick(['gzip', 'deflate', 'br', 'gzip, gzip', 'zstd'])
  const text = `${OK}content-encoding: ${coding}\r\ncontent-length: ${BOMB.length}\r\n\r\n`
  return {
    name: `bomb of ${coding}`,
    moves: [write(Buffer.concat([Buffer.from(text), BOMB]))],
    comesTo: BROKEN,
  }
}

/** Never to its end, and given up: headers by their size, words behind a status by the time. */
function endlessHeaders(random: Random): UpstreamAnswer {
  const piece = random.pick([
    'x: y\r\n',
    `x-${'n'.repeat(900)}: ${'v'.repeat(900)}\r\n`,
    'v'.repeat(1000),
    'set-cookie: a=b\r\n',
  ])
  const before = random.pick([
    'HTTP/1.1 200 OK\r\nx: ',
    `${OK}x: `,
    'HTTP/1.1 500 ',
    'HTTP/1.1 103 Early\r\nlink: ',
  ])
  return {
    name: 'endless headers',
    moves: [write(before), flood(piece)],
    comesTo: ['upstream-unavailable', 'upstream-timeout'],
  }
}

function endlessTrailers(random: Random): UpstreamAnswer {
  const piece = random.pick(['x: y\r\n', 'v'.repeat(1000)])
  return {
    name: 'endless trailers',
    moves: [write(chunked([stream], '0\r\nx: ')), flood(piece)],
    comesTo: BROKEN,
  }
}

function endlessBody(random: Random): UpstreamAnswer {
  const status = random.pick([400, 500, 503])
  return {
    name: `endless body of ${status}`,
    moves: [write(head(`${status} No`, 'content-type: text/html')), flood(PAGE)],
    comesTo: [kindOfStatus(status)],
  }
}

function redirect(random: Random, sinkUrl: string): UpstreamAnswer {
  const status = random.pick([301, 302, 303, 305, 307, 308, 300])
  const place = random.pick([
    sinkUrl,
    `${sinkUrl}/${'x'.repeat(2000)}`,
    `//${new URL(sinkUrl).host}/`,
    '/',
    'file:///etc/passwd',
    '\u00ff',
  ])
  const text = head(`${status} Moved`, `location: ${place}`, `refresh: 0; url=${place}`, 'content-length: 0')
  return { name: `redirect ${status}`, moves: [write(Buffer.from(text, 'latin1'))], comesTo: UNAVAILABLE }
}

const informational = (status: number) => head(`${status} Wait`, 'link: </style.css>; rel=preload')

function earlyHints(random: Random): UpstreamAnswer {
  const hints = informational(random.pick([102, 103, 110, 199])).repeat(1 + random.below(8))
  return { name: 'some 1xx', moves: [write(hints), write(whole())], comesTo: SOUND }
}

function hintFlood(random: Random): UpstreamAnswer {
  const status = random.pick([102, 103, 199, 100, 101])
  return { name: `flood of ${status}`, moves: [flood(informational(status))], comesTo: UNAVAILABLE }
}

/** Each would put off the end of a wait that begins anew with each. */
function hintDrip(): UpstreamAnswer {
  const drip = Array.from({ length: 60 }, (): Move[] => [
    write(informational(103)),
    { kind: 'wait', ms: 200 },
  ])
  return { name: 'drip of 1xx', moves: drip.flat(), comesTo: ['upstream-timeout', 'upstream-unavailable'] }
}

/** Anywhere in head or body. */
function earlyClose(random: Random): UpstreamAnswer {
  const bytes = random.below(2) === 0 ? whole() : chunked(frames)
  const place = random.below(bytes.length)
  const isInHead = place < bytes.indexOf('\r\n\r\n') + 4
  // What a reset has overtaken never came: even the head may be missing.
  const isReset = random.below(2) === 0
  const cut = [write(bytes.subarray(0, place)), ...(isReset ? [RESET] : [END])]
  const late = isReset ? (['interrupted', 'upstream-unavailable'] as const) : BROKEN
  return { name: `close after ${place} bytes`, moves: cut, comesTo: isInHead ? UNAVAILABLE : late }
}

const withHead = (length: string) => Buffer.concat([Buffer.from(`${OK}${length}\r\n\r\n`), stream])

function wrongLength(random: Random): UpstreamAnswer {
  const inside = () => {
    const place = 1 + random.below(stream.length - 2)
    return borders.has(place) ? place - 1 : place
  }
  return random.pick<() => UpstreamAnswer>([
    () => ({
      name: 'too short a length',
      moves: [write(withHead(`content-length: ${inside()}`))],
      comesTo: BROKEN,
    }),
    () => ({
      name: 'too long a length',
      moves: [write(withHead(`content-length: ${stream.length + 1 + random.below(2 ** 31)}`)), END],
      comesTo: BROKEN,
    }),
    () => ({
      name: 'no length',
      moves: [
        write(
          withHead(`content-length: ${random.pick(['-1', 'x', '', '1e3', '0x20', '+5', '9'.repeat(40)])}`),
        ),
        END,
      ],
      comesTo: UNAVAILABLE,
    }),
    () => ({
      name: 'two lengths',
      moves: [write(withHead(`content-length: ${stream.length}\r\ncontent-length: ${inside()}`)), END],
      comesTo: UNAVAILABLE,
    }),
    () => ({
      name: 'length and chunks',
      moves: [write(withHead(`content-length: ${stream.length}\r\ntransfer-encoding: chunked`)), END],
      comesTo: ['upstream-unavailable', 'interrupted'],
    }),
    () => ({ name: 'no length at all', moves: [write(withHead('x: y')), END], comesTo: SOUND }),
    () => ({
      name: 'bad chunks',
      moves: [
        write(
          `${OK}transfer-encoding: chunked\r\n\r\n${random.pick(['zz', '-1', 'ffffffffffffffffff', '5 5', ''])}\r\nhello\r\n0\r\n\r\n`,
        ),
        END,
      ],
      comesTo: ['interrupted', 'upstream-unavailable'],
    }),
    () => ({ name: 'chunks', moves: [write(chunked(frames))], comesTo: SOUND }),
    () => ({
      name: 'chunks with extensions',
      moves: [write(chunked(frames, `0;${'x'.repeat(3000)}=y\r\ntrailer: z\r\n\r\n`))],
      comesTo: ['sound', 'interrupted'],
    }),
  ])()
}

const OTHERS = [
  'SSH-2.0-OpenSSH_9.9\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0015\u0003\u0001\u0000\u0002\u0002\u0028',
  '<html>no head</html>',
  'HTTP/1.1\r\n\r\n',
  'HTTP/9.9 200 OK\r\n\r\n',
  'HTTP/1.1 20 OK\r\n\r\n',
  'HTTP/1.1 2000 OK\r\n\r\n',
  'HTTP/1.1 -200 OK\r\n\r\n',
  'http/1.1 200 ok\r\n\r\n',
  'HTTP/1.1 200 OK\r\n folded: x\r\n\r\n',
  'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
  'HTTP/1.1 200 OK\r\nx: \u0000\r\n\r\n',
  '\u0000'.repeat(100),
  'RTSP/1.0 200 OK\r\n\r\n',
] as const

function noHttp(random: Random): UpstreamAnswer {
  const bytes =
    random.below(4) === 0 ? random.bytes(1 + random.below(300)) : Buffer.from(random.pick(OTHERS), 'latin1')
  return { name: 'no HTTP', moves: [write(bytes), END], comesTo: ['upstream-unavailable', 'interrupted'] }
}

/** More than was asked for, which must not become the answer to the next question. */
function surplus(random: Random): UpstreamAnswer {
  const text = 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\nsecond'
  const more = random.pick([Buffer.from(text), Buffer.from('rubbish'), random.bytes(40), whole()])
  const apart: Move[] = random.below(2) === 0 ? [] : [{ kind: 'wait', ms: 1 }]
  const moves =
    apart.length > 0 ? [write(whole()), ...apart, write(more)] : [write(Buffer.concat([whole(), more]))]
  // Whoever looks at the connection before the answer has been read to its end sees what is wrong.
  return { name: 'more than one answer', moves: [...moves, END], comesTo: ['sound', 'interrupted'] }
}

function oddHead(random: Random): UpstreamAnswer {
  const header = oddHeader(random)
  const isCoded = header.includes('encoding')
  const bytes = Buffer.from(whole(`${header}\r\n`).toString('latin1'), 'latin1')
  return {
    name: `odd header ${header.slice(0, 30)}`,
    moves: [write(bytes)],
    comesTo: isCoded ? ['sound', 'interrupted'] : SOUND,
  }
}

/** By pieces of any size. */
function pieces(random: Random): UpstreamAnswer {
  const bytes = random.pick([whole(), chunked(frames)])
  const moves: Move[] = []
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + random.below(random.pick([10, 200]))
    moves.push(write(bytes.subarray(start, end)))
    start = end
  }
  return { name: 'pieces', moves, comesTo: SOUND }
}

/** Rare ones: each takes as long as the gateway waits. */
function silent(random: Random): UpstreamAnswer {
  const bytes = whole()
  const headBytes = bytes.indexOf('\r\n\r\n') + 4
  const place = random.pick([0, random.below(headBytes), headBytes, random.below(bytes.length)])
  return {
    name: `silence after ${place} bytes`,
    moves: [write(bytes.subarray(0, place)), SILENCE],
    comesTo: LATE,
  }
}

/** Byte by byte, of a frame that never comes whole: silence, however busy it looks. */
function frameDrip(): UpstreamAnswer {
  const [first = Buffer.alloc(0)] = frames
  const next = encodeEvent('assistantResponseEvent', JSON.stringify({ content: 'x'.repeat(1000) }))
  const drip = Array.from({ length: 150 }, (_, index): Move[] => [
    write(next.subarray(index, index + 1)),
    { kind: 'wait', ms: 200 },
  ])
  const start = Buffer.from(`${OK}content-length: ${first.length + next.length}\r\n\r\n`)
  return {
    name: 'drip of a frame',
    moves: [write(Buffer.concat([start, first])), ...drip.flat()],
    comesTo: LATE,
  }
}

const quickKinds: readonly [
  (random: Random, sinkUrl: string) => UpstreamAnswer,
  ...((random: Random, sinkUrl: string) => UpstreamAnswer)[],
] = [
  oddStatus,
  oddStatus,
  page,
  bomb,
  endlessHeaders,
  endlessTrailers,
  endlessBody,
  redirect,
  earlyHints,
  hintFlood,
  earlyClose,
  earlyClose,
  wrongLength,
  wrongLength,
  noHttp,
  surplus,
  oddHead,
  pieces,
]
const ONE_SLOW_OF = 60

export function createUpstreamAnswer(random: Random, sinkUrl: string): UpstreamAnswer {
  if (random.below(ONE_SLOW_OF) > 0) return random.pick(quickKinds)(random, sinkUrl)
  return random.pick([hintDrip, frameDrip, silent, silent])(random)
}

/** Says what is wrong with what was heard; undefined: nothing. */
export function answerFault(form: Form, { comesTo }: UpstreamAnswer, heard: Heard): string | undefined {
  const { text, end, error, status } = heard
  if (!said.startsWith(text)) return `the text ${text} is no prefix`
  if (end !== undefined) {
    if (!comesTo.includes('sound')) return `a proper end ${end}`
    return text === said && error === undefined && status === 200 ? undefined : 'an end before all was said'
  }
  const told = comesTo.find((kind) => kind !== 'sound' && tellsOf(form, heard, kind))
  return told === undefined
    ? `${status} ${JSON.stringify(error)} in place of ${comesTo.join(' or ')}`
    : undefined
}

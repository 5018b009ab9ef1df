/** What the HTTP surface promises before anybody looks at what a request asks: S31–S38, S41, S45, S52, S54. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { openSocket, readAll, send } from '../send.ts'

const key = 'sk-0123456789abcdef'
const password = 'correct horse'
const withKey = { 'x-api-key': key }
const withPassword = { authorization: `Bearer ${password}` }
const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const messages = { ...chat, max_tokens: 10 }

let gateway: GatewayUnderTest
const startWith = (environment: Record<string, string>) =>
  startGatewayUnderTest({ environment: { OPENAI_KEYS: key, ADMIN_PASSWORD: password, ...environment } })
const start = async (environment: Record<string, string> = {}) => {
  gateway = await startWith(environment)
}
const raw = async (bytes: string | Buffer) => readAll(await openSocket(gateway.url, bytes))
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])
const statusesOf = (answers: string) =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
const ofAnthropic = { type: 'error', error: { message: expect.stringMatching(/./) } }
const ofOpenai = {
  error: { message: expect.stringMatching(/./), type: expect.any(String), code: expect.any(String) },
}

const head = (path: string, target = path) =>
  `GET ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n`
const statusWithHeaderOf = async (length: number) => {
  const answer = await raw(
    `GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx: ${'x'.repeat(length)}\r\n\r\n`,
  )
  return statusOf(answer)
}
const bodyWith = (member: string) => JSON.stringify(messages).replace(/}$/, `,"x":${member}}`)
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
const unread = (length: number) =>
  `POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n`
const postLabelled = (type: string, headers: Record<string, string> = {}, body: string | Buffer = '{}') =>
  send(`${gateway.url}/v2/translate`, {
    method: 'POST',
    headers: { ...withPassword, 'content-type': type, ...headers },
    body,
  })
const statusOfZipped = async (body: Buffer) =>
  (
    await send(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { ...withKey, 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      body,
    })
  ).status
const textWith = (padding: number) => JSON.stringify({ ...messages, x: 'a'.repeat(padding) })

describe('S31: limits, one below, at, and one above', () => {
  beforeAll(() => start({ MAX_BODY_MEGABYTES: '0.1' }))
  afterAll(() => gateway.close())

  const apis = [
    ['/v1/messages', ofAnthropic],
    ['/v1/chat/completions', ofOpenai],
  ] as const

  it.each(apis)('100 headers at %s', async (path, shape) => {
    for (const [count, status] of [
      [99, 405],
      [100, 405],
      [101, 431],
    ] as const) {
      const answer = await raw(`${head(path)}${'x: 1\r\n'.repeat(count - 2)}\r\n`)
      expect([count, statusOf(answer)]).toEqual([count, status])
      expect(bodyOf(answer)).toMatchObject(shape)
    }
  })

  it.each(apis)('8192 bytes of a URL at %s', async (path, shape) => {
    for (const [length, status] of [
      [8191, 405],
      [8192, 405],
      [8193, 414],
    ] as const) {
      const answer = await raw(`${head(path, `${path}?`.padEnd(length, 'x'))}\r\n`)
      expect([length, statusOf(answer)]).toEqual([length, status])
      expect(bodyOf(answer)).toMatchObject(shape)
    }
  })

  it('16 KiB of headers, which Node counts: one byte too many is refused in a body that both APIs know', async () => {
    // Names, values and the target count, separators do not.
    let accepted = 16_000
    let refused = 16_500
    while (refused - accepted > 1) {
      const middle = Math.floor((accepted + refused) / 2)
      if ((await statusWithHeaderOf(middle)) === 200) accepted = middle
      else refused = middle
    }
    expect(await Promise.all([accepted - 1, accepted, refused].map(statusWithHeaderOf))).toEqual([
      200, 200, 431,
    ])
    expect(refused).toBeGreaterThan(16_384 - 100)
    expect(refused).toBeLessThanOrEqual(16_384)
  })

  it.each(apis)('a body of MAX_BODY_MEGABYTES at %s', async (path, shape) => {
    for (const [length, status] of [
      [99_999, 200],
      [100_000, 200],
      [100_001, 413],
    ] as const) {
      const text = JSON.stringify({ ...messages, x: '' })
      const body = text.replace('"x":""', `"x":"${'a'.repeat(length - text.length)}"`)
      const answer = await send(`${gateway.url}${path}`, { method: 'POST', headers: withKey, body })
      expect([length, answer.status]).toEqual([length, status])
      expect(JSON.parse(answer.text)).toMatchObject(status === 200 ? {} : shape)
    }
  })

  it.each(apis)('128 levels at %s', async (path, shape) => {
    const cases: [string, number][] = [
      [nested(126), 200],
      [nested(127), 200],
      [nested(128), 400],
    ]
    for (const [member, status] of cases) {
      const answer = await send(`${gateway.url}${path}`, {
        method: 'POST',
        headers: withKey,
        body: bodyWith(member),
      })
      expect(answer.status).toBe(status)
      expect(JSON.parse(answer.text)).toMatchObject(status === 200 ? {} : shape)
    }
  })

  const next = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'
  it.each<[string, string, number[]]>([
    ['65,535 bytes', unread(65_535) + 'x'.repeat(65_535) + next, [401, 200]],
    ['65,536 bytes', unread(65_536) + 'x'.repeat(65_536) + next, [401, 200]],
    ['65,537 bytes', unread(65_537), [401]],
    ['65,537 bytes, all of them sent', unread(65_537) + 'x'.repeat(65_537) + next, [401]],
    [
      'chunks without end',
      'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n',
      [401],
    ],
  ])('an unread body of %s: beyond 64 kB the connection ends with the answer', async (_, bytes, statuses) => {
    const answers = await raw(bytes)
    expect(statusesOf(answers)).toEqual(statuses)
    expect(/\r\nconnection: close\r\n/i.test(answers.split('HTTP/1.1')[1] ?? '')).toBe(statuses.length === 1)
  })
})

describe('S32: the media type of an operator route', () => {
  beforeAll(() => start())
  afterAll(() => gateway.close())

  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'application/json; charset=utf-8',
    'Application/JSON; Charset=UTF-8',
    'application/json ; charset="utf-8"',
  ])('can be %j', async (type) => {
    expect((await postLabelled(type)).status).toBe(400)
  })

  const odd = [
    '',
    'json',
    'application',
    'application/',
    '/json',
    'application//json',
    'application/json/',
    '*/*',
    'application/*',
    '*/json',
    'text/json',
    'text/plain',
    'text/html',
    'application/xml',
    'text/x-json',
    'application/jsonx',
    'application/json5',
    'application/ndjson',
    'application/x-json',
    'xapplication/json',
    'application/ld+json',
    'application/problem+json',
    'application/json+xml',
    'application/json-seq',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=application/json',
    'text/plain;application/json',
    'text/plain; application/json',
    'application/json, text/plain',
    'text/plain, application/json',
    'application/json,application/json',
    'application/json text/plain',
    'application/json\ttext/plain',
    'application json',
    'application/ json',
    'application /json',
    'application\\json',
    'application/json;',
    'application/json; ;',
    'application/json;;charset=utf-8',
    'application/json;charset',
    'application/json;charset=',
    'application/json;charset=latin1',
    'application/json;charset=utf-16',
    'application/json;charset=utf8',
    'application/json;charset=utf-7',
    'application/json;charset=utf-8;charset=utf-16',
    'application/json;charset=utf-8;boundary=a',
    'application/json;boundary=a',
    'application/json;version=1',
    'application/json;q=1',
    'application/json\\',
    "application/json;charset='utf-8'",
    'application/json;charset=utf-8 x',
    'application/json:charset=utf-8',
    '"application/json"',
    'application/"json"',
    '(x)application/json',
    'application/json(x)',
    'application/json\u00a0',
    'application/json%00',
    'application%2fjson',
    'appl\u0131cation/json',
    'application/json; charset=utf-8,',
  ].map((type) => Buffer.from(type).toString('latin1'))
  it('comes in more than sixty forms that it cannot have', () => {
    expect(new Set(odd).size).toBeGreaterThanOrEqual(60)
  })

  it.each(odd)('cannot be %j', async (type) => {
    expect((await postLabelled(type)).status).toBe(415)
  })

  it('cannot be given twice, nor be left out', async () => {
    const lines = ['content-type: text/plain\r\ncontent-type: application/json', 'x: y']
    for (const line of lines) {
      const answer = await raw(
        `POST /v2/translate HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${password}\r\n${line}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
      )
      expect(statusOf(answer)).toBe(415)
    }
  })

  it.each(['gzip', 'GZIP', 'br', 'zstd', 'deflate', 'gzip, gzip', 'x-odd'])(
    'cannot hide a body that is encoded as %s',
    async (encoding) => {
      const answer = await postLabelled('application/json', { 'content-encoding': encoding }, gzipSync('{}'))
      expect(answer.status).toBe(415)
    },
  )

  it('of a model API does not matter, but a body grows tenfold at most when it is decoded', async () => {
    expect(await statusOfZipped(gzipSync(textWith(900_000)))).toBe(200)
    expect(await statusOfZipped(gzipSync(textWith(1_100_000)))).toBe(413)
  })
})

/** Of each test its own: what goes on from one that has run out of time must not reach the next one's. */
async function startOwn(environment: Record<string, string>): Promise<GatewayUnderTest> {
  const own = await startWith(environment)
  onTestFinished(() => own.close())
  return own
}

/** Each guess costs a password's whole hash, which is slow for that. */
const SLOW_GUESSES_MS = 90_000

describe('S33: what proxies say', { timeout: SLOW_GUESSES_MS }, () => {
  const forwarded = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'q.example.com',
    forwarded: 'for=203.0.113.9;proto=https;host=q.example.com',
  }
  async function statusesOfGuesses(own: GatewayUnderTest) {
    const statuses: number[] = []
    for (let guess = 0; guess < 6; guess += 1) {
      const headers = { ...forwarded, 'x-forwarded-for': `203.0.113.${guess}`, authorization: 'Bearer wrong' }
      statuses.push((await send(`${own.url}/v2/accounts`, { headers })).status)
    }
    return statuses
  }

  it('changes nothing unless they are trusted: not who is throttled, not the host, not the scheme', async () => {
    const own = await startOwn({ PUBLIC_URL: 'https://q.example.com' })
    const page = await send(`${own.url}/docs`, { headers: forwarded })
    expect(page.headers['strict-transport-security']).toBeUndefined()
    const headers = { ...withPassword, ...forwarded, host: 'evil.example' }
    expect((await send(`${own.url}/v2/accounts`, { headers })).status).toBe(421)
    expect(await statusesOfGuesses(own)).toEqual([401, 401, 401, 401, 401, 429])
  })

  it('counts when they are: each client has its own throttle, its host and its scheme', async () => {
    const own = await startOwn({ PUBLIC_URL: 'https://q.example.com', TRUSTED_PROXIES: '127.0.0.0/8' })
    const page = await send(`${own.url}/docs`, { headers: forwarded })
    expect(page.headers['strict-transport-security']).toBe('max-age=15768000')
    const inside = { ...withPassword, ...forwarded, host: 'aqueduct:8000', origin: 'https://q.example.com' }
    expect((await send(`${own.url}/v2/accounts`, { headers: inside })).status).toBe(200)
    const foreign = { ...inside, 'x-forwarded-host': 'evil.example', origin: 'https://evil.example' }
    expect((await send(`${own.url}/v2/accounts`, { headers: foreign })).status).toBe(421)
    expect(await statusesOfGuesses(own)).toEqual([401, 401, 401, 401, 401, 401])
  })

  it.each(['', '127.0.0.0/8'])('ends local mode all the same (TRUSTED_PROXIES=%s)', async (trusted) => {
    const own = await startOwn({ ADMIN_PASSWORD: '', TRUSTED_PROXIES: trusted })
    const statusWith = async (headers: Record<string, string>) =>
      (await send(`${own.url}/v2/accounts`, { headers })).status
    expect([await statusWith({}), await statusWith({ 'x-forwarded-for': '127.0.0.1' })]).toEqual([200, 403])
    expect(await statusWith({})).toBe(403)
  })
})

describe('S4: the operator behind a name', () => {
  beforeAll(() => start({ PUBLIC_URL: 'https://q.example.com' }))
  afterAll(() => gateway.close())

  it.each<[string, number]>([
    ['localhost:8000', 200],
    ['[::1]:8000', 200],
    ['Q.example.com', 200],
    ['q.example.com:8443', 200],
    ['evil.example', 421],
    ['q.example.com.evil.example', 421],
    ['192.0.2.7', 421],
  ])('Host %s gives %i', async (host, status) => {
    for (const path of ['/v2/accounts', '/v2/%61ccounts', '//v2//accounts/']) {
      const answer = await send(`${gateway.url}${path}`, { headers: { ...withPassword, host } })
      expect(answer.status).toBe(status)
    }
    const { status: ofModel } = await send(`${gateway.url}/v1/models`, { headers: { ...withKey, host } })
    expect(ofModel).toBe(200)
  })
})

describe('S38: the headers of a page', () => {
  beforeAll(() => start())
  afterAll(() => gateway.close())

  it('keep out all that does not come from here, and do not say what serves it', async () => {
    const { headers } = await send(`${gateway.url}/docs`)
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self';/),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'cache-control': 'no-store',
    })
    for (const absent of ['server', 'x-powered-by', 'strict-transport-security']) {
      expect(Object.keys(headers)).not.toContain(absent)
    }
  })
})

describe('S41: where the gateway connects to', () => {
  it('is never what a request says', async () => {
    const sink = createServer().listen(0, '127.0.0.1')
    let connections = 0
    sink.on('connection', (socket) => {
      connections += 1
      socket.destroy()
    })
    await once(sink, 'listening')
    const address = sink.address()
    const elsewhere = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    await start()
    const names = [
      'api_base',
      'base_url',
      'baseURL',
      'endpoint',
      'url',
      'proxy',
      'region',
      'host',
      'upstream',
    ]
    const fields = Object.fromEntries(names.map((name) => [name, elsewhere]))
    const headers = {
      ...withKey,
      ...Object.fromEntries(names.map((name) => [`x-${name.replace('_', '-')}`, elsewhere])),
      'x-forwarded-host': elsewhere,
      'x-amz-target': elsewhere,
    }
    const before = gateway.simulator.journal.of('GenerateAssistantResponse').length
    for (const path of ['/v1/messages', '/v1/chat/completions', `/v1/messages?api_base=${elsewhere}`]) {
      const body = { ...messages, ...fields, extra_body: fields, headers: { host: elsewhere } }
      const answer = await send(`${gateway.url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      expect(answer.status).toBe(200)
    }
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toHaveLength(before + 3)
    gateway.assertNoViolation()
    expect(connections).toBe(0)
    sink.close()
    await gateway.close()
  })
})

describe('S52: whatever helps with messages', () => {
  beforeAll(() => start())
  afterAll(() => gateway.close())

  it.each([
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/messages/count_tokens',
    '/anthropic/v1/messages/count_tokens',
    '/v1/v1/messages/count_tokens',
  ])('needs the key at %s', async (path) => {
    for (const headers of [{}, { 'x-api-key': 'sk-another' }, withPassword]) {
      expect((await gateway.postJson(path, messages, headers)).status).toBe(401)
    }
    expect((await gateway.postJson(path, messages, withKey)).status).toBe(200)
  })

  it.each(['/v1/models', '/v1/models/claude-sonnet-4.5', '/v1/usage'])('needs it at %s', async (path) => {
    expect((await gateway.fetch(path)).status).toBe(401)
    expect((await gateway.fetch(path, { headers: withKey })).status).toBe(200)
  })
})

describe('S54: answers', () => {
  beforeAll(() => start())
  afterAll(() => gateway.close())

  it.each<[string, string, Record<string, string>]>([
    ['GET', '/v2/accounts', withPassword],
    ['GET', '/v2/accounts', {}],
    ['GET', '/v1/models', withKey],
    ['POST', '/v1/messages', withKey],
    ['GET', '/docs', {}],
    ['GET', '/openapi.json', {}],
    ['GET', '/nope', {}],
  ])('of %s %s are never compressed, whatever a client takes', async (method, path, headers) => {
    const answer = await send(`${gateway.url}${path}`, {
      method,
      headers: { ...headers, 'accept-encoding': 'gzip, br, zstd, deflate;q=0.5, *' },
      ...(method === 'POST' && { body: JSON.stringify(messages) }),
    })
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.text).toMatch(/^[{<]/)
  })
})

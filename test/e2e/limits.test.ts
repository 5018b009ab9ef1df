import { once } from 'node:events'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { event } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { openSocket, readAll, send } from '../send.ts'

const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const messages = { ...chat, max_tokens: 10 }
const tool = { type: 'tool_use', id: 't1', name: 'ls', input: {} }

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`
}

function withMember(member: string): string {
  return `{"model":"claude-sonnet-4.5","max_tokens":10,"messages":[{"role":"user","content":"hi"}],${member}}`
}

describe('request bodies', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { MAX_BODY_MEGABYTES: '2' } })
  })
  afterAll(() => gateway.close())

  const post = (body: string | Buffer, headers: Record<string, string> = {}, path = '/v1/messages') =>
    send(`${gateway.url}${path}`, { method: 'POST', headers, body })

  it.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['GZIP', gzipSync],
    ['identity', (text) => Buffer.from(text)],
  ])('are decoded from %s', async (encoding, encode) => {
    const prompt = 'äöü 你好 😀'
    const text = JSON.stringify({ ...messages, messages: [{ role: 'user', content: prompt }] })
    const answer = await post(encode(text), { 'content-encoding': encoding })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain(prompt)
  })

  const noise = Buffer.from(Array.from({ length: 60_000 }, (_, index) => (index * 7919) % 251))
  it.each<[string, Buffer, string, number]>([
    ['a bomb', gzipSync(withMember(`"x":"${'a'.repeat(1_500_000)}"`)), 'gzip', 413],
    [
      'more than the limit when decoded',
      gzipSync(withMember(`"x":"${noise.toString('hex')}${'a'.repeat(2_000_000)}"`)),
      'gzip',
      413,
    ],
    ['damaged data', gzipSync('{}').subarray(0, 12), 'gzip', 400],
    ['data of another encoding', Buffer.from(JSON.stringify(messages)), 'br', 400],
    ['an unknown encoding', Buffer.from(JSON.stringify(messages)), 'lzma', 415],
    ['two encodings', Buffer.from(JSON.stringify(messages)), 'gzip, br', 415],
  ])('S32: with %s are refused', async (_, body, encoding, status) => {
    const answer = await post(body, { 'content-encoding': encoding })
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject({ type: 'error' })
  })

  it.each<[string, string | Buffer, number]>([
    ['a byte-order mark', `\uFEFF${JSON.stringify(messages)}`, 200],
    ['a byte that is no UTF-8', Buffer.from(withMember('"x":"\xff"'), 'latin1'), 400],
    ['half a character', Buffer.from(withMember('"x":"ä"')).subarray(0, -3), 400],
    ['128 levels', withMember(`"x":${nested(127)}`), 200],
    ['129 levels', withMember(`"x":${nested(128)}`), 400],
    ['a million levels', '['.repeat(1_000_000), 400],
    ['brackets in a string', withMember(`"x":"${'['.repeat(200_000)}\\"${',['.repeat(200_000)}"`), 200],
    ['99,000 values', withMember(`"x":[${'0,'.repeat(99_000)}0]`), 200],
    ['100,000 values', withMember(`"x":[${'0,'.repeat(100_000)}0]`), 400],
    ['100,000 empty objects', withMember(`"x":[${'{},'.repeat(60_000)}{}]`), 400],
  ])('S48: with %s are judged by their shape', async (_, body, status) => {
    const answer = await post(body)
    expect(answer.status).toBe(status)
    const error = JSON.parse(answer.text)
    expect(error.type).toBe(status === 200 ? 'message' : 'error')
  })

  it.each([-1, 0, 1])('S31: of the limit and %i bytes', async (difference) => {
    const rest = withMember('"x":""').length
    const body = withMember(`"x":"${'a'.repeat(2_000_000 - rest + difference)}"`)
    for (const path of ['/v1/messages', '/v1/chat/completions']) {
      expect((await post(body, {}, path)).status).toBe(difference > 0 ? 413 : 200)
    }
  })

  it('far over the limit get their answer while they are still being sent', async () => {
    const chunked = { 'transfer-encoding': 'chunked' }
    for (const headers of [{}, chunked]) {
      const answer = await post('x'.repeat(3_900_000), headers)
      expect(answer.status).toBe(413)
      expect(JSON.parse(answer.text)).toMatchObject({ error: { type: 'request_too_large' } })
    }
  })

  const poison =
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}}'
  it.each<[string, string]>([
    ['at the top', withMember(poison.slice(1, -1))],
    ['written as an escape', withMember('"\\u005f_proto\\u005f_":{"polluted":1}')],
    [
      'in the input of a tool',
      JSON.stringify({
        ...messages,
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', content: [{ ...tool, input: 'POISON' }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'done' }] },
        ],
      }).replace('"POISON"', poison),
    ],
    [
      'in the schema of a tool',
      JSON.stringify({
        ...messages,
        tools: [{ name: 'ls', input_schema: { type: 'object', properties: 'POISON' } }],
      }).replace('"POISON"', '{"__proto__":{"type":"string"},"constructor":{"type":"string"}}'),
    ],
  ])('S49: with keys of prototypes %s do no harm', async (_, body) => {
    expect((await post(body)).status).toBe(200)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
    gateway.assertNoViolation()
  })

  it('that are bent in any place give 4xx that names the field, or an answer, never 500', async () => {
    const valid = {
      ...messages,
      system: [{ type: 'text', text: 'be kind' }],
      stream: false,
      tools: [{ name: 'ls', description: 'lists', input_schema: { type: 'object' } }],
      tool_choice: { type: 'auto' },
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
        { role: 'assistant', content: [{ ...tool, input: { path: '.' } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'a' }] },
      ],
    }
    const places = placesOf(valid)
    const dialects = [
      ['/v1/messages', 'error'],
      ['/v1/chat/completions', undefined],
    ] as const
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', -1, '', [[]], {})),
        fc.constantFrom(...dialects),
        async (place, value, [path, type]) => {
          const answer = await post(JSON.stringify(replaceAt(valid, place, value)), {}, path)
          expect(answer.status).toBeLessThan(500)
          // An answer may be a stream: `stream` is bent, too.
          if (answer.status === 200) return
          const body = JSON.parse(answer.text)
          expect(body.type).toBe(type)
          expect(body.error.message).toMatch(/./)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('connections', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({
      environment: { HEADERS_TIMEOUT_SECONDS: '0.3', BODY_TIMEOUT_SECONDS: '0.2' },
    })
  })
  afterAll(() => gateway.close())

  const raw = async (bytes: string) => readAll(await openSocket(gateway.url, bytes))
  const get = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n'
  const post = 'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\n'

  it.each<[string, string, number]>([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a bare line feed', 'GET /healthz HTTP/1.1\nhost: localhost\n\n', 400],
    ['a header folded', `${get}x: 1\r\n 2\r\n\r\n`, 400],
    ['two lengths', `${post}content-length: 1\r\ncontent-length: 2\r\n\r\n12`, 400],
    ['a length and chunks', `${post}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['headers of 17 KiB', `${get}x: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    ['headers that never end', get, 408],
    ['a body that never ends', `${post}content-length: 9\r\n\r\n{`, 408],
  ])('S35: with %s get JSON and are closed', async (_, bytes, status) => {
    const answer = await raw(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
    expect(body).toMatchObject({ type: 'error', error: { message: expect.any(String) } })
  })

  it.each<[string, string, number]>([
    ['100 headers', `${get}${'x: 1\r\n'.repeat(98)}connection: close\r\n\r\n`, 200],
    ['101 headers', `${get}${'x: 1\r\n'.repeat(99)}connection: close\r\n\r\n`, 431],
    [
      'a URL of 8 KiB',
      `${get.replace('healthz', `healthz?${'x'.repeat(8183)}`)}connection: close\r\n\r\n`,
      200,
    ],
    [
      'a URL over 8 KiB',
      `${get.replace('healthz', `healthz?${'x'.repeat(8184)}`)}connection: close\r\n\r\n`,
      414,
    ],
    ['no host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ])('with %s get %i', async (_, bytes, status) => {
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('that ask for a tunnel are closed', async () => {
    expect(await raw('CONNECT example.com:443 HTTP/1.1\r\nhost: localhost\r\n\r\n')).not.toMatch(/ 200 /)
  })
})

describe('a gateway that has enough to do', () => {
  it('refuses answers beyond its limit, and takes them again afterwards', async () => {
    const gateway = await startGatewayUnderTest({ environment: { MAX_CONCURRENT_REQUESTS: '2' } })
    const stalled = { ...chat, stream: true, messages: [{ role: 'user', content: '[[sim:stall]]' }] }
    const leaving = new AbortController()
    const open = [1, 2].map(() =>
      gateway.fetch('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify(stalled),
        signal: leaving.signal,
      }),
    )
    await Promise.all(open)
    const refused = await gateway.postJson('/v1/messages', messages)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(await refused.json()).toMatchObject({ type: 'error', error: { type: 'api_error' } })
    expect((await gateway.fetch('/healthz')).status).toBe(200)
    leaving.abort()
    const last = gateway.simulator.journal.of('GenerateAssistantResponse').at(-1)?.order
    await gateway.simulator.journal.waitFor(
      ({ order, outcome }) => order === last && outcome.kind === 'aborted-by-client',
    )
    expect((await gateway.postJson('/v1/messages', messages)).status).toBe(200)
    await gateway.close()
  })

  it('counts a request from when its body is there: slow ones keep nobody out', async () => {
    const gateway = await startGatewayUnderTest({ environment: { MAX_CONCURRENT_REQUESTS: '1' } })
    const head = 'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n'
    const slow = await openSocket(gateway.url, `${head}expect: 100-continue\r\n\r\n`)
    await once(slow, 'data')
    slow.write('{"model":')
    expect((await gateway.postJson('/v1/messages', messages)).status).toBe(200)
    const stalled = { ...chat, stream: true, messages: [{ role: 'user', content: '[[sim:stall]]' }] }
    const leaving = new AbortController()
    const body = JSON.stringify(stalled)
    await gateway.fetch('/v1/chat/completions', { method: 'POST', body, signal: leaving.signal })
    const early = await openSocket(gateway.url, `${head}connection: close\r\n\r\n`)
    expect(await readAll(early)).toMatch(/^HTTP\/1\.1 503 [^]*MAX_CONCURRENT_REQUESTS/)
    leaving.abort()
    slow.destroy()
    await gateway.close()
  })

  it('refuses bodies beyond what it holds at once', async () => {
    const gateway = await startGatewayUnderTest({ environment: { MAX_BUFFERED_MEGABYTES: '0.1' } })
    const large = withMember(`"x":"${'a'.repeat(100_000)}"`)
    const refused = await send(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: large })
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('1')
    const small = withMember(`"x":"${'a'.repeat(90_000)}"`)
    for (let round = 0; round < 3; round += 1) {
      expect((await send(`${gateway.url}/v1/messages`, { method: 'POST', body: small })).status).toBe(200)
    }
    await gateway.close()
  })
})

type Place = readonly (string | number)[]

/** Where something stands in a JSON value, the value itself included. */
function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at]
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [at, ...members.flatMap(([key, member]) => placesOf(member, [...at, key]))]
}

function replaceAt(value: unknown, [key, ...rest]: Place, replacement: unknown): unknown {
  if (key === undefined) return replacement
  if (Array.isArray(value) && typeof key === 'number') {
    return value.with(key, replaceAt(value[key], rest, replacement))
  }
  if (typeof value !== 'object' || value === null) return value
  return { ...value, [key]: replaceAt(Reflect.get(value, key), rest, replacement) }
}

describe('JSON that is too deep to be walked', () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  const paths = ['/v1/messages', '/v1/chat/completions']
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(() => gateway.close())

  it('inside the arguments of an earlier call is carried as the text that it is', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'ls', arguments: deep } }
    const body = {
      ...chat,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
      ],
    }
    expect((await gateway.postJson('/v1/chat/completions', body)).status).toBe(200)
    gateway.assertNoViolation()
  })

  it.each(paths.flatMap((path) => [true, false].map((stream) => [path, stream] as const)))(
    'as the input of a call is an error at %s (stream: %s), not the end of the gateway',
    async (path, stream) => {
      const use = { toolUseId: 't1', name: 'ls' }
      const steps = [
        event('toolUseEvent', use),
        event('toolUseEvent', { ...use, input: deep }),
        event('toolUseEvent', { ...use, stop: true }),
      ]
      gateway.simulator.plan({ behaviour: { kind: 'steps', steps } })
      const answer = await gateway.postJson(path, { ...messages, stream })
      expect([answer.status, await answer.text()]).toEqual([
        stream ? 200 : 502,
        expect.stringContaining('"error"'),
      ])
      gateway.simulator.clearPlans()
      await gateway.resetAccount()
      expect((await gateway.postJson(path, messages)).status).toBe(200)
    },
  )
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { openSocket, readAll, send } from '../send.ts'

const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const messages = { ...chat, max_tokens: 10 }

describe('the HTTP surface', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({
      environment: { OPENAI_KEYS: 'sk-one', ADMIN_PASSWORD: 'open sesame', MAX_BODY_MEGABYTES: '0.1' },
    })
  })
  afterAll(() => gateway.close())

  it.each<[string, string, number]>([
    ['GET', '/healthz', 200],
    ['HEAD', '/', 200],
    ['HEAD', '/api/hello', 200],
    ['HEAD', '/healthz', 200],
    ['GET', '/api/hello', 200],
    ['GET', '/nope', 404],
    ['POST', '/v1/messages', 401],
  ])('%s %s gives %i, with the headers of every answer', async (method, path, status) => {
    const answer = await send(`${gateway.url}${path}`, { method })
    expect(answer.status).toBe(status)
    expect(answer.headers['x-request-id']).toMatch(/^req_/)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(Object.keys(answer.headers)).not.toContain('server')
    expect(Object.keys(answer.headers)).not.toContain('x-powered-by')
  })

  it.each<[string, string, number, string | undefined]>([
    ['GET', '/nope', 404, undefined],
    ['GET', '/v1/nope', 404, undefined],
    ['POST', '/v1/files', 404, undefined],
    ['POST', '/api/event_logging/batch', 404, undefined],
    ['GET', '/v1/messages', 405, 'POST'],
    ['DELETE', '/anthropic/v1/messages/', 405, 'POST'],
    ['PUT', '/v1/chat/completions', 405, 'POST'],
    ['PROPFIND', '/v1/chat/completions', 405, 'POST'],
    ['TRACE', '/v1/chat/completions', 405, 'POST'],
    ['POST', '/healthz', 405, 'GET, HEAD'],
    ['GET', '/%', 400, undefined],
    ['GET', '/v1/%zz', 400, undefined],
  ])('S53: %s %s gives %i in JSON, and says what is allowed', async (method, path, status, allow) => {
    const answer = await send(`${gateway.url}${path}`, { method })
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers['allow']).toBe(allow)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { message: expect.any(String) } })
  })

  it.each<[string, Record<string, string>]>([
    ['/anthropic/nope', {}],
    ['/v1/messages/batches', {}],
    ['/v1/nope', { 'anthropic-version': '2023-06-01' }],
    ['/v1/nope', { 'x-api-key': 'sk-one' }],
  ])('tells an Anthropic client at %s in its own shape that there is nothing', async (path, headers) => {
    const answer = await send(`${gateway.url}${path}`, { method: 'POST', headers, body: '{' })
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.text)).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
  })

  it.each([
    ['/v1/messages', messages],
    ['/messages', messages],
    ['/v1/v1/messages?beta=true', messages],
    ['/anthropic/v1/messages/', messages],
    ['//v1//messages', messages],
    ['/v1/chat/completions', chat],
    ['/chat/completions', chat],
    ['/v1/v1/chat/completions/', chat],
    ['/openai/v1/chat/completions', chat],
  ])('%s is served with the key, and only with it', async (path, body) => {
    expect((await gateway.postJson(path, body, { 'x-api-key': 'sk-one' })).status).toBe(200)
    expect((await gateway.postJson(path, body)).status).toBe(401)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense', ''])(
    'takes valid JSON labelled %j from clients',
    async (type) => {
      const headers = { 'content-type': type, authorization: 'Bearer sk-one' }
      const body = JSON.stringify(chat)
      const answer = await send(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body })
      expect(answer.status).toBe(200)
    },
  )

  it.each<[string, string, number, string]>([
    ['no JSON', '{', 400, 'invalid_request_error'],
    ['an empty body', '', 400, 'invalid_request_error'],
    ['no object', '[]', 400, 'invalid_request_error'],
    ['null', 'null', 400, 'invalid_request_error'],
    ['an unknown model', JSON.stringify({ ...messages, model: 'gpt-2' }), 404, 'not_found_error'],
    ['no messages', JSON.stringify({ ...messages, messages: [] }), 400, 'invalid_request_error'],
    [
      'a body over the limit',
      JSON.stringify({ ...messages, x: 'x'.repeat(100_000) }),
      413,
      'request_too_large',
    ],
  ])('tells an Anthropic client of %s in its own shape', async (_, body, status, type) => {
    const headers = { 'x-api-key': 'sk-one' }
    const answer = await send(`${gateway.url}/v1/messages`, { method: 'POST', headers, body })
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toEqual({
      type: 'error',
      error: { type, message: expect.any(String) },
      request_id: answer.headers['request-id'],
    })
  })

  it('names what it could not carry', async () => {
    const body = { ...messages, temperature: 0.2, metadata: { user_id: 'u' }, thinking: { type: 'adaptive' } }
    const answer = await gateway.postJson('/v1/messages', body, { 'x-api-key': 'sk-one' })
    expect(answer.headers.get('x-aqueduct-ignored')).toBe('temperature')
  })

  const password = { authorization: 'Bearer open sesame' }
  it.each<[string, Record<string, string>, number]>([
    ['the password', { authorization: 'Bearer open sesame' }, 200],
    ['no password', {}, 401],
    ['a client key instead', { authorization: 'Bearer sk-one', 'x-api-key': 'sk-one' }, 401],
    ['another origin', { ...password, origin: 'https://example.com' }, 403],
    ['a proxy', { ...password, 'x-forwarded-for': '10.1.2.3' }, 200],
    ['a cross-site page', { ...password, 'sec-fetch-site': 'cross-site' }, 403],
  ])('/v2 with %s gives the right answer in every spelling of the path', async (_, headers, status) => {
    for (const path of ['/v2/accounts', '/v2/accounts/', '//v2//accounts', '/v2/%61ccounts']) {
      expect((await send(`${gateway.url}${path}`, { headers })).status).toBe(status)
    }
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'S32: takes no account labelled %s, which a foreign page could send',
    async (type) => {
      const headers = { ...password, 'content-type': type }
      const body = JSON.stringify({ clientId: 'a', clientSecret: 'b' })
      expect((await send(`${gateway.url}/v2/accounts`, { method: 'POST', headers, body })).status).toBe(415)
    },
  )
})

describe('a gateway without its console', () => {
  it('S8: has no /v2', async () => {
    const gateway = await startGatewayUnderTest({
      withAccount: false,
      environment: { ENABLE_CONSOLE: 'false' },
    })
    expect((await gateway.fetch('/v2/accounts')).status).toBe(404)
    await gateway.close()
  })
})

describe('a gateway that stops', () => {
  const body = { ...chat, stream: true, messages: [{ role: 'user', content: '[[sim:slow-text]]' }] }

  it('lets open streams finish, and a second stop does no harm', async () => {
    const gateway = await startGatewayUnderTest()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => gateway.postJson('/v1/chat/completions', body)),
    )
    const closings = [gateway.stop(), gateway.stop()]
    for (const answer of answers) expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/)
    await Promise.all(closings)
    await gateway.close()
  })

  it('refuses what comes on a connection that is still open', async () => {
    const gateway = await startGatewayUnderTest()
    const idle = await openSocket(gateway.url)
    const open = await gateway.postJson('/v1/chat/completions', body)
    // Its head has not arrived when the gateway stops, so its connection is not idle.
    const late = await openSocket(gateway.url, 'GET /v1/messages HTTP/1.1\r\n')
    await send(`${gateway.url}/healthz`)
    const closing = gateway.stop()
    await new Promise((resolve) => setImmediate(resolve))
    late.write('host: localhost\r\n\r\n')
    const answer = await readAll(late)
    expect(answer).toMatch(/^HTTP\/1\.1 503 /)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(answer).toMatch(/\r\nretry-after: 5\r\n/)
    expect(answer).toContain('"type":"error"')
    await open.text()
    await closing
    await readAll(idle)
    await gateway.close()
  })
})

import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const messages = { ...chat, max_tokens: 10 }

/** By node:http, which lets a test set every header. */
function send(url: string, options: { method?: string; headers?: Record<string, string>; body?: string }) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const { method = 'GET', headers = {}, body } = options
      const sent = request(url, { method, headers, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    },
  )
}

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
    ['GET', '/', 404],
    ['GET', '/v1/nope', 404],
    ['GET', '/v1/messages', 405],
    ['PUT', '/v1/chat/completions', 405],
    ['POST', '/healthz', 405],
    ['GET', '/%', 400],
  ])('%s %s gives %i', async (method, path, status) => {
    const answer = await send(`${gateway.url}${path}`, { method })
    expect(answer.status).toBe(status)
    expect(answer.headers['x-request-id']).toMatch(/^req_/)
    const error = { error: { message: expect.any(String) } }
    expect(answer.text === '' ? {} : JSON.parse(answer.text)).toMatchObject(status >= 400 ? error : {})
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
    expect(answer.headers.get('x-aqueduct-ignored')?.split(', ').toSorted()).toEqual([
      'max_tokens',
      'metadata',
      'temperature',
      'thinking',
    ])
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
    'takes no account labelled %s, which a foreign page could send',
    async (type) => {
      const headers = { ...password, 'content-type': type }
      const body = JSON.stringify({ clientId: 'a', clientSecret: 'b' })
      expect((await send(`${gateway.url}/v2/accounts`, { method: 'POST', headers, body })).status).toBe(415)
    },
  )
})

describe('a gateway without its console', () => {
  it('has no /v2', async () => {
    const gateway = await startGatewayUnderTest({
      withAccount: false,
      environment: { ENABLE_CONSOLE: 'false' },
    })
    expect((await gateway.fetch('/v2/accounts')).status).toBe(404)
    await gateway.close()
  })
})

describe('a gateway that stops', () => {
  it('lets an open stream finish', async () => {
    const gateway = await startGatewayUnderTest()
    const prompt = '[[sim:slow-text]]'
    const body = { ...chat, stream: true, messages: [{ role: 'user', content: prompt }] }
    const answer = await gateway.postJson('/v1/chat/completions', body)
    const closing = gateway.close()
    expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/)
    await closing
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { send } from '../send.ts'

const page = 'https://chat.example.com'
const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const key = { authorization: 'Bearer sk-one' }
const preflight = {
  origin: page,
  'access-control-request-method': 'POST',
  'access-control-request-headers':
    'Authorization,x-api-key, content-type,anthropic-version,x-stainless-os,openai-beta,x-evil',
}

describe('CORS with keys', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: 'sk-one' } })
  })
  afterAll(() => gateway.close())

  const post = (path: string, body: unknown, headers: Record<string, string>) =>
    send(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { origin: page, ...headers },
      body: JSON.stringify(body),
    })

  it.each<[string, string, unknown, Record<string, string>, number]>([
    ['an answer', '/v1/chat/completions', chat, key, 200],
    ['a stream', '/v1/chat/completions', { ...chat, stream: true }, key, 200],
    ['a wrong key', '/v1/chat/completions', chat, {}, 401],
    ['a bad body', '/v1/messages', {}, key, 400],
    ['an unknown route', '/v1/nope', {}, key, 404],
    ['a path that is none', '/v1/%', {}, key, 400],
  ])('lets any page read %s, without credentials', async (_, path, body, headers, status) => {
    const answer = await post(path, body, headers)
    expect(answer.status).toBe(status)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
    expect(answer.headers['access-control-expose-headers']).toContain('x-aqueduct-ignored')
  })

  it.each(['/v1/chat/completions', '/v1/messages', '/messages/', '/v1/v1/messages'])(
    'answers a preflight for %s without a key',
    async (path) => {
      const answer = await send(`${gateway.url}${path}`, { method: 'OPTIONS', headers: preflight })
      expect(answer.status).toBe(204)
      expect(answer.headers).toMatchObject({
        allow: 'POST, OPTIONS',
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers':
          'authorization, x-api-key, content-type, anthropic-version, x-stainless-os, openai-beta',
        'access-control-max-age': '7200',
      })
    },
  )

  it.each(['/v2/accounts', '/v2/accounts/1', '//v2/accounts', '/%76%32/accounts', '/v2/nope'])(
    'S37: tells a page nothing about %s',
    async (path) => {
      for (const method of ['OPTIONS', 'GET', 'PUT']) {
        const { headers } = await send(`${gateway.url}${path}`, { method, headers: preflight })
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      }
      const { headers } = await send(`${gateway.url}${path}`, { method: 'OPTIONS', headers: preflight })
      expect(headers['allow']).toBeUndefined()
    },
  )

  it('gives OPTIONS of an unknown path 404', async () => {
    expect((await send(`${gateway.url}/nope`, { method: 'OPTIONS' })).status).toBe(404)
  })
})

describe('CORS in open mode', () => {
  it.each<[string, string, string | undefined]>([
    ['nobody when no page is listed', '', undefined],
    ['a page that is listed', `https://other.example,${page}`, page],
    ['no page that is not', 'https://other.example', undefined],
  ])('S37: lets in %s', async (_, listed, allowed) => {
    const gateway = await startGatewayUnderTest({ environment: { CORS_ORIGINS: listed } })
    const headers = { origin: page }
    const url = `${gateway.url}/v1/chat/completions`
    const stream = await send(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...chat, stream: true }),
    })
    const asked = await send(url, { method: 'OPTIONS', headers: preflight })
    expect([stream.status, asked.status]).toEqual([allowed === undefined ? 403 : 200, 204])
    for (const answer of [stream, asked]) {
      expect(answer.headers['access-control-allow-origin']).toBe(allowed)
      expect(answer.headers['vary']).toBe(listed === '' ? undefined : 'origin')
    }
    expect(asked.headers['access-control-allow-methods']).toBe(allowed === undefined ? undefined : 'POST')
    await gateway.close()
  })
})

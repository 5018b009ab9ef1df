import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { send } from '../send.ts'

const openapi = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ summary: z.string() }))),
})

describe('the documentation', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({
      environment: { OPENAI_KEYS: 'sk-one', ADMIN_PASSWORD: 'open sesame' },
    })
  })
  afterAll(() => gateway.close())

  const get = (path: string) => send(`${gateway.url}${path}`)

  it('is an OpenAPI 3.1 document, made from the schemas that the routes check with', async () => {
    const answer = await get('/openapi.json')
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.headers['x-request-id']).toMatch(/^req_/)
    const document = openapi.parse(JSON.parse(answer.text))
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'Aqueduct', version: '0.0.0-test' })
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/healthz',
        '/v1/chat/completions',
        '/v1/messages',
        '/v2/accounts',
        '/v2/accounts/{id}',
      ]),
    )
    expect(Object.keys(document.paths)).not.toContain('/v1/v1/messages')
    expect(document.paths['/v1/messages']?.['post']).toMatchObject({
      requestBody: {
        content: { 'application/json': { schema: { required: ['model', 'max_tokens', 'messages'] } } },
      },
    })
  })

  it('says something of every route', async () => {
    const { paths } = openapi.parse(JSON.parse((await get('/openapi.json')).text))
    const summaries = Object.values(paths).flatMap((methods) => Object.values(methods))
    expect(summaries.filter(({ summary }) => /^[A-Z]+ \//.test(summary))).toEqual([])
  })

  it('S38: is a page without anything from elsewhere', async () => {
    for (const path of ['/docs', '/docs/']) {
      const answer = await get(path)
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toMatch(/^text\/html/)
      expect(answer.headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      )
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      expect(answer.text).not.toMatch(/(src|href)="(https?:)?\/\//)
      expect(answer.text).not.toMatch(/<script(?![^>]* src=)/)
      const links = [...answer.text.matchAll(/(?:src|href)="([^"]+)"/g)].flatMap(([, link]) => link ?? [])
      expect(links.length).toBeGreaterThan(4)
      for (const link of links) {
        expect((await send(new URL(link, `${gateway.url}${path}`).href)).status).toBe(200)
      }
    }
  })

  it('shows our document alone, whatever the query asks for', async () => {
    const { text } = await get('/docs/static/swagger-initializer.js')
    expect(text).toContain('"queryConfigEnabled":false')
    expect(text).toContain("resolveUrl('./json')")
    expect((await get('/docs/json')).text).toBe((await get('/openapi.json')).text)
  })

  it('S11: keeps no credential in the browser: what is typed there is gone with the page', async () => {
    const { text } = await get('/docs/static/swagger-initializer.js')
    expect(text).not.toMatch(/persistAuthorization"?:\s*true|localStorage|sessionStorage|document\.cookie/)
    for (const path of ['/docs', '/', '/openapi.json']) {
      const page = await get(path)
      expect(page.text).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie/)
      expect(page.headers).not.toHaveProperty('set-cookie')
    }
  })

  it.each(['/docs/nope', '/docs/static/nope.js', '/docs/static/..%2f..%2fpackage.json'])(
    'S45: has no %s',
    async (path) => {
      const { status, headers, text } = await get(path)
      expect(status).toBe(404)
      expect(JSON.parse(text)).toMatchObject({
        error: { type: 'invalid_request_error', code: 'unknown_url' },
      })
      expect(headers['x-request-id']).toMatch(/^req_/)
      const asked = await send(`${gateway.url}${path}`, { headers: { 'anthropic-version': '2023-06-01' } })
      expect(JSON.parse(asked.text)).toMatchObject({
        type: 'error',
        error: { type: 'not_found_error' },
        request_id: asked.headers['request-id'],
      })
    },
  )
})

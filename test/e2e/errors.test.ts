/** Hundreds of provoked errors: what is told is short, stable, and nothing of the inside. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refusals } from '../../simulator/replies/refusals.ts'
import { readServedRoutes, samplePath } from '../served-routes.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const LEAST_ERRORS = 500
/** The service's own words, which are quoted without what is private in them, are 600 of these at most. */
const LONGEST_MESSAGE = 1000

let gateway: GatewayUnderTest
let provoked = 0
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    environment: { RETRY_BUDGET_PERCENT: '0', RETRY_BUDGET_PER_SECOND: '0', STICKY_SESSIONS: 'false' },
  })
})
afterAll(() => gateway.close())

const openaiError = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.string().regex(/^[a-z_]+$/),
    param: z.string().nullable(),
    code: z.string().regex(/^[a-z_]+$/),
  }),
})
const anthropicError = z.strictObject({
  type: z.literal('error'),
  error: z.looseObject({ type: z.string().regex(/^[a-z_]+$/), message: z.string() }),
  request_id: z.string(),
})

/** Of the inside. */
const LEAKS: [string, RegExp][] = [
  ['a stack', /\bat [^ ]+ \(|\n\s+at |:\d+:\d+\)?/],
  ['a path', /node_modules|\/src\/|\/tmp\/|\/work\/|file:\/\/|data\.sqlite3|\.ts\b/],
  [
    'SQL',
    /\b(?:select .+ from|insert into|update .+ set|delete from)\b|sqlite|constraint failed|kysely|postgres/i,
  ],
  ['a host', /127\.0\.0\.1|localhost|amazonaws|\.kiro\.dev|:\d{4,5}\b/],
  ['an e-mail address', /[\w.]+@[\w.]+\.\w+/],
  ['an identity', /d-0000000000|\(simulated\)|\barn:aws/],
  ['a word of a library', /ZodError|TypeError|SyntaxError|undici|fastify|FST_ERR|UND_ERR|ECONN|Exception\b/],
  ['a token', /ao[ar]Sim|sim-secret/],
]
async function check(answer: Response): Promise<void> {
  expect(answer.status).toBeGreaterThanOrEqual(400)
  const text = await answer.text()
  const requestId = answer.headers.get('x-request-id')
  expect(requestId).toMatch(/^req_[\w-]{24}$/)
  const parsed = z.union([openaiError, anthropicError]).parse(JSON.parse(text))
  expect('request_id' in parsed ? parsed.request_id : requestId).toBe(requestId)
  const { message } = parsed.error
  expect(message.length).toBeLessThan(LONGEST_MESSAGE)
  expect(message.length).toBeGreaterThan(5)
  expect(LEAKS.filter(([, leak]) => leak.test(message)).map(([name]) => `${name}: ${message}`)).toEqual([])
  expect(text).not.toContain(gateway.accountId)
  provoked += 1
}

const chat = (content: string, more: object = {}) => ({
  model: 'claude-sonnet-4.5',
  max_tokens: 100,
  messages: [{ role: 'user', content }],
  ...more,
})

const CHAT_ROUTES = ['/v1/chat/completions', '/v1/messages'] as const
const BODY_ROUTES = [
  ...CHAT_ROUTES,
  '/v1/messages/count_tokens',
  '/v2/accounts',
  '/v2/accounts/batch',
  '/v2/accounts/feed',
  '/v2/translate',
  '/v2/chat/test',
  '/v2/responses/test',
  '/v2/messages/test',
]

describe('S28: errors tell what is wrong and nothing of the inside', () => {
  it.each(Object.keys(refusals))('when the service refuses: %s', async (name) => {
    for (const route of CHAT_ROUTES) {
      const answer = await gateway.postJson(route, chat(`[[sim:${name}]]`))
      // Some are answered by another form of the request.
      if (answer.status >= 400) await check(answer)
      await gateway.resetAccount()
    }
    expect(provoked).toBeGreaterThan(0)
  })

  it.each([
    'html-502',
    'exception-first',
    'modelled-exception',
    'invalid-state',
    'trailer-only',
    'bad-tool-json',
  ])('when the answer of the service is broken: %s', async (name) => {
    for (const route of CHAT_ROUTES) {
      const answer = await gateway.postJson(route, chat(`[[sim:${name}]]`))
      if (answer.status >= 400) await check(answer)
      await gateway.resetAccount()
    }
    expect(provoked).toBeGreaterThan(0)
  })

  it('when a body is not what the route takes', async () => {
    const bodies = [
      null,
      1,
      'text',
      [],
      {},
      { messages: 7 },
      { model: '', messages: [] },
      { model: 'x'.repeat(5000) },
      chat('hi', { model: 'no-such-model' }),
      chat('hi', { messages: [{ role: 'wizard', content: 'hi' }] }),
      chat('hi', { tools: 'x' }),
      chat('hi', { tools: [{ type: 'function' }] }),
      chat('hi', { max_tokens: -1 }),
      { clientId: '', clientSecret: 7 },
      { accounts: [] },
      { accounts: 'x' },
      { api: 'none', request: 7 },
    ]
    for (const route of BODY_ROUTES) {
      for (const body of bodies) {
        const answer = await gateway.postJson(route, body)
        if (answer.status >= 400) await check(answer)
      }
      for (const body of [
        '',
        '{',
        '{"a":',
        '\u0000',
        '"\uD800"',
        `[${'['.repeat(5000)}`,
        '{"a":1}}',
        'a=b',
      ]) {
        const headers = { 'content-type': 'application/json' }
        await check(await gateway.fetch(route, { method: 'POST', headers, body }))
      }
    }
    expect(provoked).toBeGreaterThan(0)
  })

  it('whatever JSON is sent', async () => {
    const values = fc.sample(fc.tuple(fc.constantFrom(...BODY_ROUTES), fc.json({ maxDepth: 3 })), {
      numRuns: 130,
      seed: 5,
    })
    for (const [route, body] of values) {
      const headers = { 'content-type': 'application/json' }
      await check(await gateway.fetch(route, { method: 'POST', headers, body }))
    }
    expect(provoked).toBeGreaterThan(0)
  })

  it('when any route of the operator is asked for what it cannot do', async () => {
    const routes = await readServedRoutes()
    const served = routes.filter(
      ({ method, path, access }) => method !== 'HEAD' && path.startsWith('/v2/') && access !== 'public',
    )
    expect(served.length).toBeGreaterThan(30)
    const headers = { 'content-type': 'application/json' }
    for (const { method, path } of served) {
      const target = samplePath(path)
      if (method === 'GET') {
        for (const query of ['?limit=x', `?cursor=${'x'.repeat(200)}`, "?kind='%22;drop"]) {
          const answer = await gateway.fetch(target + query)
          if (answer.status >= 400) await check(answer)
        }
        continue
      }
      for (const body of [
        '[]',
        '7',
        '{"id":7,"name":7,"password":7,"what":7,"export":7,"limits":7}',
        '{"a":',
      ]) {
        const answer = await gateway.fetch(target, { method, headers, body })
        if (answer.status >= 400) await check(answer)
      }
    }
    expect(provoked).toBeGreaterThan(0)
  })

  it('where nothing is, and what is there takes another method', async () => {
    const names = [
      'nope',
      'v1',
      'v2',
      'v1/nope',
      'v2/nope',
      'v2/accounts/no-such/refresh',
      'v2/auth/status/none',
    ]
    const generated = fc
      .sample(fc.webPath({ size: 'small' }), { numRuns: 30, seed: 5 })
      .map((path) => path.slice(1))
    for (const path of [...names, ...generated.map((each) => `v1/x${each}`), `v1/${'long/'.repeat(800)}`]) {
      for (const method of ['GET', 'DELETE', 'PUT']) await check(await gateway.fetch(`/${path}`, { method }))
    }
    for (const path of [...BODY_ROUTES, '/healthz', '/v1/models']) {
      await check(await gateway.fetch(path, { method: 'PUT' }))
    }
    for (const path of [
      '/v2/accounts/none',
      '/v2/accounts/none/usage',
      '/v1/models/none',
      '/v1/models?limit=x',
    ]) {
      await check(await gateway.fetch(path))
    }
    expect(provoked).toBeGreaterThan(0)
  })

  it('and all that was provoked is enough', () => {
    expect(provoked).toBeGreaterThan(LEAST_ERRORS)
  })
})

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { keyListAnswer } from '../../src/http/admin/answers.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const listed = 'sk-0123456789abcdef'
const password = 'correct horse'
const chatBody = {
  model: 'claude-sonnet-4.5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'hi' }],
}

const keyView = z.looseObject({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  status: z.string(),
  last_used_at: z.string().nullable(),
  usage: z.object({
    today: z.looseObject({ requests: z.number() }),
    month: z.looseObject({ requests: z.number() }),
  }),
})
const newKey = keyView.extend({ key: z.string() })
const keyList = z.object({ keys: z.array(keyView), count: z.number() })
const errorAnswer = z.looseObject({ error: z.looseObject({ message: z.string() }) })

let gateway: GatewayUnderTest
const authorization = `Bearer ${password}`
const asOperator = (method: string, path: string, body?: unknown) =>
  gateway.fetch(path, {
    method,
    headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
const create = async (settings: Record<string, unknown> = {}) =>
  newKey.parse(await (await asOperator('POST', '/v2/keys', { name: 'laptop', ...settings })).json())
const viewOf = async (id: string) => keyView.parse(await (await asOperator('GET', `/v2/keys/${id}`)).json())
const chat = (headers: Record<string, string>, path = '/v1/chat/completions') =>
  gateway.postJson(path, chatBody, headers)
const statusWith = async (key: string) => (await chat({ 'x-api-key': key })).status
const messageOf = async (answer: Response) => errorAnswer.parse(await answer.json()).error.message

const usageOf = async (key: string) =>
  z
    .object({ key: z.string(), today: z.looseObject({ requests: z.number() }) })
    .parse(await (await gateway.fetch('/v1/usage', { headers: { 'x-api-key': key } })).json())

/** In a conversation that every client calls the same. */
const talk = (key: string) =>
  gateway.postJson(
    '/v1/chat/completions',
    { ...chatBody, prompt_cache_key: 'the same for all' },
    { 'x-api-key': key },
  )
const countSessions = async () =>
  z.object({ count: z.number() }).parse(await (await asOperator('GET', '/v2/sessions')).json()).count

describe('keys of clients', () => {
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: listed, ADMIN_PASSWORD: password } })
  })
  afterAll(() => gateway.close())

  it('work at once, beside those of OPENAI_KEYS, in every carrier and client API', async () => {
    const { key } = await create()
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const carriers = [
        { authorization: `Bearer ${key}` },
        { 'x-api-key': key },
        { 'api-key': key },
        { 'x-api-key': listed },
      ]
      for (const headers of carriers) expect((await chat(headers, path)).status).toBe(200)
    }
  })

  it('of OPENAI_KEYS are listed by their place there, with what they have used, and nothing of them', async () => {
    await chat({ 'x-api-key': listed })
    const answer = await (await asOperator('GET', '/v2/keys')).text()
    const { environment } = keyListAnswer.parse(JSON.parse(answer))
    expect(environment.map(({ id }) => id)).toEqual(['env-1'])
    expect(environment[0]?.usage.today.requests).toBeGreaterThan(0)
    expect(answer).not.toContain(listed)
    expect(answer).not.toContain(listed.slice(0, 8))
  })

  it('S14: are shown once, and nowhere again', async () => {
    const created = await asOperator('POST', '/v2/keys', { name: 'shown once' })
    expect(created.headers.get('cache-control')).toBe('no-store')
    const { id, key, prefix } = newKey.parse(await created.json())
    expect(key).toMatch(/^qk_[0-9A-Za-z]{43}$/)
    expect(key.slice(0, 8)).toBe(prefix)
    await statusWith(key)
    const rotated = newKey.parse(await (await asOperator('POST', `/v2/keys/${id}/rotate`)).json())
    const answers = await Promise.all(
      [
        asOperator('GET', '/v2/keys'),
        asOperator('GET', `/v2/keys/${id}`),
        asOperator('PATCH', `/v2/keys/${id}`, { name: 'x' }),
      ].map(async (answer) => (await answer).text()),
    )
    const files = readdirSync(gateway.dataDirectory).map((name) =>
      readFileSync(join(gateway.dataDirectory, name), 'latin1'),
    )
    const everything = [...answers, ...files, ...gateway.log].join('\n')
    expect(everything).toContain(prefix)
    expect([key, rotated.key].filter((secret) => everything.includes(secret.slice(8)))).toEqual([])
  })

  it.each(['/v1/chat/completions', '/v1/messages'])(
    'S5, S15: end by whatever carrier at %s',
    async (path) => {
      const revoked = await create()
      await asOperator('DELETE', `/v2/keys/${revoked.id}`)
      const replaced = await create()
      await asOperator('POST', `/v2/keys/${replaced.id}/rotate`, { grace_seconds: 0 })
      const elsewhere = await create({ addresses: ['198.51.100.0/24', '2001:db8::1'] })
      for (const [{ key }, status, words] of [
        [revoked, 401, /was revoked/],
        [replaced, 401, /was replaced/],
        [elsewhere, 403, /from your address/],
      ] as const) {
        for (const headers of [
          { authorization: `Bearer ${key}` },
          { authorization: `bearer ${key}` },
          { 'x-api-key': key },
          { authorization: `Bearer ${key}`, 'x-api-key': key },
          { authorization: 'Bearer wrong', 'x-api-key': key },
        ]) {
          const answer = await chat(headers, path)
          expect(answer.status).toBe(status)
          expect(await messageOf(answer)).toMatch(words)
        }
        // The first valid one wins.
        expect((await chat({ authorization: `Bearer ${key}`, 'x-api-key': listed }, path)).status).toBe(200)
      }
    },
  )

  it('S5: are taken from no query string', async () => {
    const { key, id } = await create()
    for (const name of ['key', 'api_key', 'x-api-key', 'access_token', 'authorization']) {
      const answer = await chat({}, `/v1/chat/completions?${name}=${key}`)
      expect(answer.status).toBe(401)
      expect(await messageOf(answer)).toMatch(/Keys in the URL are not read/)
    }
    expect((await viewOf(id)).last_used_at).toBeNull()
  })

  it('keep their usage over a rotation and a restart', async () => {
    const { id, key } = await create()
    expect(await statusWith(key)).toBe(200)
    const rotated = newKey.parse(
      await (await asOperator('POST', `/v2/keys/${id}/rotate`, { grace_seconds: 3600 })).json(),
    )
    expect([rotated.id, rotated.status, rotated.key === key]).toEqual([id, 'rotating', false])
    expect([await statusWith(key), await statusWith(rotated.key)]).toEqual([200, 200])
    await gateway.restart()
    expect([await statusWith(key), await statusWith(rotated.key)]).toEqual([200, 200])
    await asOperator('DELETE', `/v2/keys/${id}`)
    const { status, usage, last_used_at: lastUsedAt } = await viewOf(id)
    expect([status, usage.today.requests, usage.month.requests]).toEqual(['revoked', 5, 5])
    expect(lastUsedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const list = keyList.parse(await (await asOperator('GET', '/v2/keys')).json())
    expect(list.keys.find((each) => each.id === id)?.usage.today.requests).toBe(5)
    expect(list.count).toBe(list.keys.length)
  })

  it('S16: are told of their own usage alone', async () => {
    const [mine, other] = [await create(), await create()]
    await statusWith(mine.key)
    expect([await usageOf(mine.key), await usageOf(other.key)]).toMatchObject([
      { key: mine.id, today: { requests: 1 } },
      { key: other.id, today: { requests: 0 } },
    ])
  })

  it('S16: share neither a conversation by its id nor an answer by its own', async () => {
    const [mine, other] = [await create(), await create()]
    const before = await countSessions()
    const answer = await talk(mine.key)
    await talk(mine.key)
    expect((await countSessions()) - before).toBe(1)
    await talk(other.key)
    expect((await countSessions()) - before).toBe(2)

    const { id } = z.looseObject({ id: z.string() }).parse(await answer.json())
    const requestId = answer.headers.get('x-request-id') ?? ''
    // Nothing that a client began can be asked for later, not even by itself.
    for (const path of [
      'chat/completions',
      'messages',
      'messages/batches',
      'responses',
      'conversations',
      'files',
    ]) {
      for (const [each, { key }] of [id, requestId].flatMap((name) => [
        [name, mine] as const,
        [name, other] as const,
      ])) {
        const headers = { 'x-api-key': key }
        expect((await gateway.fetch(`/v1/${path}/${each}`, { headers })).status).toBe(404)
      }
    }
  })

  it('S16: lead to no sign-in, key, token or session of the operator by its id', async () => {
    const { key, id } = await create()
    const begun = await asOperator('POST', '/v2/auth/start', {})
    const { authId } = z.looseObject({ authId: z.string() }).parse(await begun.json())
    // 128 bits at least: nobody finds one by trying.
    expect(authId.replaceAll('-', '').length).toBeGreaterThanOrEqual(22)
    for (const [method, path] of [
      ['GET', `/v2/auth/status/${authId}`],
      ['POST', `/v2/auth/claim/${authId}`],
      ['POST', `/v2/auth/cancel/${authId}`],
      ['GET', `/v2/keys/${id}`],
      ['DELETE', `/v2/keys/${id}`],
      ['GET', `/v2/accounts/${gateway.accountId}`],
    ] as const) {
      expect((await gateway.fetch(path, { method, headers: { 'x-api-key': key } })).status).toBe(401)
    }
    const status = await (await asOperator('GET', `/v2/auth/status/${authId}`)).json()
    expect(status).toMatchObject({ status: 'pending' })
    expect((await viewOf(id)).status).toBe('active')
    await asOperator('POST', `/v2/auth/cancel/${authId}`)
  })

  it('S51: do not save credits by cutting their answers short, and are shown what the service told alone', async () => {
    const { id, key } = await create({ limits: { credits_per_day: 0.0001 } })
    const headers = { 'x-api-key': key }
    const body = { ...chatBody, max_tokens: 1 }
    const cut = await gateway.postJson('/v1/chat/completions', body, headers)
    expect(await cut.json()).toMatchObject({ choices: [{ finish_reason: 'length' }] })
    const refused = await gateway.postJson('/v1/chat/completions', body, headers)
    expect(refused.status).toBe(429)
    expect(await messageOf(refused)).toContain('0.0001 credits a day')
    expect(await viewOf(id)).toMatchObject({ usage: { today: { requests: 1, credits: 0 } } })
  })

  it('are told back as they were set, with null for what is not limited', async () => {
    const settings = {
      name: 'all of it',
      expires_at: '2099-01-31T00:00:00Z',
      models: ['claude-sonnet-4.5'],
      account_tags: ['blue'],
      addresses: ['127.0.0.1', '2001:db8::/32'],
      limits: {
        requests_per_minute: 60,
        concurrent_requests: 2,
        tokens_per_day: 1_000_000,
        tokens_per_month: 5_000_000_000,
        credits_per_day: 0.5,
        credits_per_month: 10,
      },
    }
    const { id } = await create({ ...settings, models: ['claude-sonnet-4-5-20250929', 'claude-sonnet-4.5'] })
    expect(await viewOf(id)).toMatchObject({ ...settings, status: 'active', revoked_at: null })
    const taken = { expires_at: null, models: null, account_tags: null, addresses: null }
    const changed = await asOperator('PATCH', `/v2/keys/${id}`, {
      ...taken,
      limits: { tokens_per_day: null },
    })
    expect(await changed.json()).toMatchObject({
      ...taken,
      limits: { ...settings.limits, tokens_per_day: null },
    })
  })

  it.each<[Record<string, unknown>, string]>([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'a', expiresAt: '2099-01-31T00:00:00Z' }, 'expiresAt'],
    [{ name: 'a', expires_at: 'tomorrow' }, 'expires_at'],
    [{ name: 'a', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ name: 'a', models: [] }, 'models'],
    [{ name: 'a', models: ['nope'] }, 'models'],
    [{ name: 'a', account_tags: [] }, 'account_tags'],
    [{ name: 'a', addresses: ['192.0.2.0/40'] }, 'addresses.0'],
    [{ name: 'a', limits: { requests_per_minute: 0 } }, 'limits.requests_per_minute'],
    [{ name: 'a', limits: { tokens_per_day: 1.5 } }, 'limits.tokens_per_day'],
    [{ name: 'a', limits: { tokensPerDay: 5 } }, 'limits'],
  ])('are not made of %j', async (body, field) => {
    const answer = await asOperator('POST', '/v2/keys', body)
    expect(answer.status).toBe(400)
    expect(await messageOf(answer)).toMatch(new RegExp(`^${field.replaceAll('.', String.raw`\.`)}: `))
  })

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
  ])('are not found by a wrong id: %s %s', async (method, path) => {
    const answer = await asOperator(
      method,
      `/v2/keys/nope${path}`,
      method === 'GET' || method === 'DELETE' ? undefined : {},
    )
    expect(answer.status).toBe(404)
  })
})

describe('the first key', () => {
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: password } })
  })
  afterAll(() => gateway.close())

  it('ends open access at once, for good, also when it is revoked', async () => {
    const page = { origin: 'https://chat.example' }
    const allowedOrigin = async () =>
      (await gateway.fetch('/v1/models', { headers: page })).headers.get('access-control-allow-origin')
    expect([(await chat({})).status, await allowedOrigin()]).toEqual([200, null])
    const { id, key } = await create()
    expect([(await chat({})).status, await statusWith(key), await allowedOrigin()]).toEqual([401, 200, '*'])
    await asOperator('DELETE', `/v2/keys/${id}`)
    expect([(await chat({})).status, await statusWith(key)]).toEqual([401, 401])
    await gateway.restart()
    expect([(await chat({})).status, await statusWith(key)]).toEqual([401, 401])
  })
})

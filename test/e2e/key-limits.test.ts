import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { startGrantedGateway, type Grants } from '../granted-gateway.ts'

const page = 'https://chat.example.com'
const MODEL = 'claude-sonnet-4.5'
const OTHER_MODEL = 'claude-haiku-4.5'
const chatOf = (model = MODEL) => ({ model, messages: [{ role: 'user', content: 'hi' }] })
const messagesOf = (model = MODEL) => ({ ...chatOf(model), max_tokens: 10 })
const list = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
const openaiError = z.looseObject({
  error: z.looseObject({ message: z.string(), type: z.string(), code: z.string() }),
})
const anthropicError = z.looseObject({
  type: z.literal('error'),
  error: z.looseObject({ type: z.string(), message: z.string() }),
})

const grants: Grants = new Map()
let gateway: GatewayUnderTest
let red: string
beforeAll(async () => {
  gateway = await startGrantedGateway(grants, {
    MODEL_ALIASES: `fast=${OTHER_MODEL}`,
    ACCOUNT_WAIT_SECONDS: '1',
    CORS_ORIGINS: page,
  })
  red = await gateway.addAccount({ tags: ['red'] })
  await gateway.addAccount({ tags: ['blue'] })
})
afterAll(() => gateway.close())
afterEach(() => grants.clear())

const sent = () => gateway.simulator.journal.of('GenerateAssistantResponse').length
const ask = (key: string, model?: string) =>
  gateway.postJson('/v1/chat/completions', chatOf(model), { authorization: `Bearer ${key}` })

/** Of the refusal, less the name that was asked for. */
const wordsTo = async (key: string, name: string) =>
  openaiError.parse(await (await ask(key, name)).json()).error.message.replaceAll(name, 'X')

const carriers: [string, (key: string) => Record<string, string>][] = [
  ['Authorization: Bearer', (key) => ({ Authorization: `Bearer ${key}` })],
  ['authorization: bearer', (key) => ({ authorization: `bearer ${key}` })],
  ['x-api-key', (key) => ({ 'x-api-key': key })],
  ['api-key', (key) => ({ 'api-key': key })],
  ['both', (key) => ({ authorization: `Bearer ${key}`, 'x-api-key': key })],
]

describe.each(carriers)('a key that comes as %s', (carrier, headersOf) => {
  const key = `key by ${carrier}`.replaceAll(/\W/g, '-')
  const chat = (model?: string) => gateway.postJson('/v1/chat/completions', chatOf(model), headersOf(key))

  it('S5: is held to its requests a minute, in the words of either API, before anything is sent', async () => {
    grants.set(key, { limits: { requestsPerMinute: 2 } })
    const first = await chat()
    expect([first.status, first.headers.get('x-ratelimit-remaining-requests')]).toEqual([200, '1'])
    await chat()
    const before = sent()
    const refused = await chat()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('x-ratelimit-limit-requests')).toBe('2')
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(61)
    expect(refused.headers.get('x-should-retry')).toBeNull()
    expect(openaiError.parse(await refused.json()).error).toMatchObject({
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      message: expect.stringContaining('2 requests a minute'),
    })
    const messages = await gateway.postJson('/v1/messages', messagesOf(), headersOf(key))
    expect(messages.status).toBe(429)
    expect(anthropicError.parse(await messages.json()).error.type).toBe('rate_limit_error')
    expect(sent()).toBe(before)
  })

  it('S5: is held to its tokens a day', async () => {
    const spender = { limits: { tokensPerDay: 1 } }
    grants.set(`${key}-day`, spender)
    const headers = headersOf(`${key}-day`)
    const first = await gateway.postJson('/v1/chat/completions', { ...chatOf(), stream: true }, headers)
    expect([first.status, first.headers.get('x-ratelimit-remaining-tokens')]).toEqual([200, '1'])
    await first.text()
    const before = sent()
    const refused = await gateway.postJson('/v1/chat/completions', chatOf(), headers)
    expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([429, 'false'])
    expect(refused.headers.get('x-ratelimit-remaining-tokens')).toBe('0')
    // Nobody is told to wait for hours; a midnight may be near.
    expect(refused.headers.get('x-should-retry')).toBe('false')
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(600)
    expect(openaiError.parse(await refused.json()).error.code).toBe('insufficient_quota')
    expect(sent()).toBe(before)
  })

  it('S5: uses the models that it may', async () => {
    grants.set(key, { models: [MODEL] })
    expect((await chat()).status).toBe(200)
    const before = sent()
    const refused = await chat(OTHER_MODEL)
    expect(refused.status).toBe(404)
    expect(openaiError.parse(await refused.json()).error.code).toBe('model_not_found')
    expect(sent()).toBe(before)
  })

  it('S5: is served by the accounts that it may use', async () => {
    grants.set(key, { accountTags: ['red'] })
    const before = gateway.log.length
    for (let request = 0; request < 5; request += 1) expect((await chat()).status).toBe(200)
    const lines = gateway.log.slice(before).filter((line) => line.includes('"attempts"'))
    expect(lines).toHaveLength(5)
    for (const line of lines) {
      expect(line).toContain(`"attempts":[{"account":"${red}"`)
      expect(line).toContain('"why":"lacks-tag"')
    }
    grants.set(key, { accountTags: ['violet'] })
    const refused = await chat()
    expect(refused.status).toBe(401)
    const { message } = openaiError.parse(await refused.json()).error
    expect(message).toContain('certain tags')
    expect(message).not.toContain('violet')
  })
})

describe('what is left of a limit', () => {
  it.each([
    ['an answer', 2, '/v1/chat/completions', 200],
    ['a stream', 2, '/v1/messages', 200],
    ['a refusal', 0, '/v1/messages', 429],
    ['a list', 2, '/v1/models', 200],
  ])('can be read in %s by pages of other origins, as can all that is told in headers', async (...row) => {
    const [what, requestsPerMinute, path, status] = row
    const key = what.replaceAll(' ', '-')
    grants.set(key, { limits: { requestsPerMinute, tokensPerDay: 1000 } })
    const headers = { 'x-api-key': key, origin: page }
    const answer = path.endsWith('models')
      ? await gateway.fetch(path, { headers })
      : await gateway.postJson(path, { ...messagesOf(), stream: what === 'a stream' }, headers)
    expect(answer.status).toBe(status)
    const told = [...answer.headers.keys()].filter((name) => /^(x-(?!content-type|accel)|retry-)/.test(name))
    expect(told).toEqual(expect.arrayContaining(['x-ratelimit-reset-requests', 'x-ratelimit-reset-tokens']))
    const readable = answer.headers.get('access-control-expose-headers')?.split(', ')
    expect(readable).toEqual(expect.arrayContaining(told))
    await answer.text()
  })
})

describe('helper endpoints', () => {
  const headers = { 'x-api-key': 'helper' }

  it('count as requests a minute, and are refused in the words of the caller', async () => {
    grants.set('helper', { limits: { requestsPerMinute: 3, tokensPerDay: 0 } })
    const statuses: number[] = []
    const count = () => gateway.postJson('/v1/messages/count_tokens', messagesOf(), headers)
    for (let request = 0; request < 2; request += 1) statuses.push((await count()).status)
    statuses.push((await gateway.fetch('/v1/models', { headers })).status)
    const refused = await count()
    statuses.push(refused.status, (await gateway.fetch(`/v1/models/${MODEL}`, { headers })).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    expect(anthropicError.parse(await refused.json()).error.type).toBe('rate_limit_error')
  })
})

describe('the models of a key', () => {
  const headers = { 'x-api-key': 'models' }
  const listed = async () =>
    list.parse(await (await gateway.fetch('/v1/models', { headers })).json()).data.map(({ id }) => id)
  const statusOf = async (name: string) => {
    const [chat, model] = await Promise.all([
      ask('models', name),
      gateway.fetch(`/v1/models/${encodeURIComponent(name)}`, { headers }),
    ])
    expect(chat.status).toBe(model.status)
    return chat.status
  }

  it.each<[models: string[], listed: string[], may: string[], mayNot: string[]]>([
    [[MODEL], [MODEL], [MODEL, 'claude-sonnet-4-5', 'Claude-Sonnet-4.5'], [OTHER_MODEL, 'fast']],
    [[OTHER_MODEL], [OTHER_MODEL, 'fast'], [OTHER_MODEL, 'fast'], [MODEL]],
    [['fast'], ['fast'], ['fast', 'FAST'], [OTHER_MODEL, MODEL]],
    [[], [], [], [MODEL, 'fast']],
  ])('%j are listed as %j, and it may use %j, but not %j', async (models, shown, may, mayNot) => {
    grants.set('models', { models })
    expect((await listed()).toSorted()).toEqual(shown.toSorted())
    for (const name of may) expect([name, await statusOf(name)]).toEqual([name, 200])
    for (const name of mayNot) expect([name, await statusOf(name)]).toEqual([name, 404])
  })

  it('tell nothing of those that it may not use, not even which are there', async () => {
    grants.set('models', { models: [MODEL] })
    const forbidden = await wordsTo('models', OTHER_MODEL)
    expect(forbidden).toContain('GET /v1/models lists all that this API key may use')
    expect(await wordsTo('models', 'claude-haiku-9.9')).toBe(forbidden)
    expect(forbidden).not.toContain('haiku')
  })

  it('are not asked for images by address when they may not be used', async () => {
    grants.set('models', { models: [MODEL] })
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
    const body = { model: OTHER_MODEL, messages: [{ role: 'user', content: [image] }] }
    const answer = await gateway.postJson('/v1/chat/completions', body, headers)
    expect(answer.status).toBe(404)
  })
})

describe('a limit of requests at once', () => {
  it('S51: has what is beyond it wait, and be refused when its time is over; others are served meanwhile', async () => {
    grants.set('narrow', { limits: { concurrentRequests: 1, requestsPerMinute: 100 } })
    grants.set('other', {})
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'hang' } })
    const before = sent()
    const leaving = new AbortController()
    const first = gateway
      .fetch('/v1/chat/completions', {
        method: 'POST',
        headers: { 'x-api-key': 'narrow' },
        body: JSON.stringify(chatOf()),
        signal: leaving.signal,
      })
      .catch(() => undefined)
    await expect.poll(sent).toBeGreaterThan(before)
    const refused = await ask('narrow')
    expect(refused.status).toBe(429)
    expect(openaiError.parse(await refused.json()).error.message).toContain('(1)')
    const inOtherWords = await gateway.postJson('/v1/messages', messagesOf(), { 'x-api-key': 'narrow' })
    expect(anthropicError.parse(await inOtherWords.json()).error.type).toBe('rate_limit_error')
    for (const { headers } of [refused, inOtherWords]) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(headers.get('x-should-retry')).toBeNull()
      expect(headers.get('x-ratelimit-limit-requests')).toBe('100')
      expect(headers.get('x-ratelimit-remaining-requests')).toMatch(/^9\d$/)
      expect(headers.get('x-ratelimit-reset-requests')).toMatch(/^(5\ds|1m[01]s)$/)
    }
    expect((await ask('other')).status).toBe(200)
    leaving.abort()
    await first
    expect((await ask('narrow')).status).toBe(200)
  })
})

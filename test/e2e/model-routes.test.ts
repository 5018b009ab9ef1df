import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogue } from '../../src/upstreams/amazon-q/catalogue.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const ids = catalogue.map(({ id }) => id)

const page = z.object({
  object: z.literal('list'),
  data: z.array(z.object({ id: z.string() })),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
})

const idsOf = ({ data }: z.output<typeof page>) => data.map(({ id }) => id)

describe('the model list', () => {
  let gateway: GatewayUnderTest
  const key = { 'x-api-key': 'sk-one' }
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false, environment: { OPENAI_KEYS: 'sk-one' } })
  })
  afterAll(() => gateway.close())

  const get = (path: string, headers: Record<string, string> = key) => gateway.fetch(path, { headers })
  const list = async (query: string) => page.parse(await (await get(`/v1/models${query}`)).json())

  it.each([
    '/v1/models',
    '/models',
    '/v1/v1/models/',
    '/anthropic/v1/models',
    '/openai/v1/models',
    '//v1//models',
  ])('%s is served with the key, and only with it', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('vary')).toBe('anthropic-version')
    expect(idsOf(page.parse(await answer.json()))).toEqual(ids)
    expect((await get(path, {})).status).toBe(401)
    expect((await get(`${path}/claude-sonnet-4`, {})).status).toBe(401)
  })

  it('is the same model to both APIs', async () => {
    expect(await (await get('/v1/models/claude-sonnet-4.5')).json()).toMatchObject({
      id: 'claude-sonnet-4.5',
      object: 'model',
      type: 'model',
      display_name: 'Claude Sonnet 4.5',
      owned_by: 'amazon-q',
      created: expect.any(Number),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      max_input_tokens: 200_000,
    })
  })

  it.each([
    'claude-sonnet-4-5',
    'claude-sonnet-4-5-20250929',
    'claude-sonnet-4-5%5B1m%5D',
    'anthropic%2Fclaude-sonnet-4.5',
    'anthropic/claude-sonnet-4.5',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  ])('knows the alias %s without listing it', async (name) => {
    const answer = await get(`/v1/models/${name}`)
    expect(await answer.json()).toMatchObject({ id: 'claude-sonnet-4.5' })
  })

  it.each([
    [
      { ...key, 'anthropic-version': '2023-06-01' },
      { type: 'error', error: { type: 'not_found_error' } },
    ],
    [{ authorization: 'Bearer sk-one' }, { error: { code: 'model_not_found', param: 'model' } }],
  ])('refuses an unknown id in the dialect of %j', async (headers, body) => {
    const answer = await get('/v1/models/gpt-2%2Flarge', headers)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject(body)
  })

  it.each([1, 2, 7, 20, 1000])('comes in pages of %i, forwards and backwards', async (limit) => {
    const forwards: string[] = []
    let cursor = ''
    for (let more = true; more;) {
      const next = await list(`?limit=${limit}${cursor}`)
      forwards.push(...idsOf(next))
      cursor = `&after_id=${next.last_id}`
      more = next.has_more
    }
    expect(forwards).toEqual(ids)

    const backwards: string[] = [ids.at(-1) ?? '']
    for (let more = true; more;) {
      const next = await list(`?limit=${limit}&before_id=${backwards[0]}`)
      backwards.unshift(...idsOf(next))
      more = next.has_more
    }
    expect(backwards).toEqual(ids)
  })

  it('takes a limit beyond the largest for the largest', async () => {
    expect(idsOf(await list('?limit=100000'))).toEqual(ids)
  })

  it('has an end behind its last model', async () => {
    expect(await list(`?after_id=${ids.at(-1)}`)).toEqual({
      object: 'list',
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    })
  })

  it.each(['limit=0', 'limit=abc', 'limit=1.5', 'after_id=nope', 'before_id=nope', 'after_id=a&after_id=b'])(
    'refuses ?%s by the name of the field',
    async (query) => {
      const answer = await get(`/v1/models?${query}`, { authorization: 'Bearer sk-one' })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { param: query.split('=')[0] } })
    },
  )

  it('is read to its end by both SDKs', async () => {
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-one', maxRetries: 0 })
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-one', maxRetries: 0 })
    const seen: string[] = []
    for await (const { id } of openai.models.list()) seen.push(id)
    for await (const { id } of anthropic.models.list({ limit: 3 })) seen.push(id)
    expect(seen).toEqual([...ids, ...ids])
    expect(await openai.models.retrieve('anthropic/claude-opus-4.6')).toMatchObject({ id: 'claude-opus-4.6' })
    await expect(anthropic.models.retrieve('claude-9')).rejects.toBeInstanceOf(Anthropic.NotFoundError)
  })
})

describe('a model that no account may serve', () => {
  it.each([
    ['claude-sonnet-4.5', 404],
    ['claude-sonnet-4-5', 404],
    ['quick', 404],
    ['claude-haiku-4-5', 200],
    ['Fast', 200],
  ])('is no more there by itself than in the list: %s', async (name, status) => {
    const gateway = await startGatewayUnderTest({
      environment: { MODEL_ALIASES: 'fast=claude-haiku-4.5,quick=claude-sonnet-4.5' },
    })
    await gateway.fetch(`/v2/accounts/${gateway.accountId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ models: ['claude-haiku-4.5'] }),
    })
    const list = page.parse(await (await gateway.fetch('/v1/models')).json())
    expect(idsOf(list)).toEqual(['claude-haiku-4.5', 'fast'])
    expect((await gateway.fetch(`/v1/models/${name}`)).status).toBe(status)
    await gateway.close()
  })
})

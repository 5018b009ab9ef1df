import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readClientRequest } from '../client-request.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'

const minimal = {
  model: 'claude-sonnet-4.5',
  messages: [{ role: 'user' as const, content: 'foo' }],
  tools: [],
}
const count = z.strictObject({ input_tokens: z.int().min(1) })

describe('counting tokens', () => {
  let gateway: GatewayUnderTest
  const key = { 'x-api-key': 'sk-one' }
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false, environment: { OPENAI_KEYS: 'sk-one' } })
  })
  afterAll(() => gateway.close())

  const ask = (body: unknown, path = '/v1/messages/count_tokens') => gateway.postJson(path, body, key)
  const tokensOf = async (change: Record<string, unknown>) =>
    count.parse(await (await ask({ ...minimal, ...change })).json()).input_tokens

  const tokensOfText = (content: string) => tokensOf({ messages: [{ role: 'user', content }] })

  it.each([
    '/v1/messages/count_tokens',
    '/v1/messages/count_tokens?beta=true',
    '/messages/count_tokens',
    '/v1/v1/messages/count_tokens',
    '/anthropic/v1/messages/count_tokens/',
    '/anthropic/messages/count_tokens',
  ])('S52: %s is served with the key, and only with it', async (path) => {
    const answer = await ask(minimal, path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-aqueduct-usage')).toBe('estimated')
    expect(await answer.json()).toEqual({ input_tokens: 1 })
    expect((await gateway.postJson(path, minimal)).status).toBe(401)
  })

  it('grows with all that a request may hold', async () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: images.png } }
    const result = { type: 'tool_result', tool_use_id: 'a', content: [image] }
    const least = await tokensOf({})
    expect(await tokensOf({ system: 'Be brief, please.' })).toBeGreaterThan(least)
    expect(await tokensOf({ tools: [{ name: 'ls', input_schema: { type: 'object' } }] })).toBeGreaterThan(
      least,
    )
    expect(await tokensOf({ messages: [{ role: 'user', content: 'foo'.repeat(9) }] })).toBeGreaterThan(least)
    expect(await tokensOf({ messages: [{ role: 'user', content: [image, result] }] })).toBe(3000)
  })

  it('counts by a vocabulary, long prompts as well as short ones', async () => {
    // 9 tokens, and 10 with the line break, of OpenAI's o200k vocabulary; Claude is guessed to need more.
    expect(await tokensOfText('The gateway refreshes tokens before they expire.')).toBe(10)
    expect(await tokensOfText('The gateway refreshes tokens before they expire.\n'.repeat(10_000))).toBe(
      99_000,
    )
  })

  it.each(['claude-code-2.1.197-count-tokens', 'claude-code-2.1.330-first-turn'])(
    'takes what Claude Code sends: %s',
    async (name) => {
      const { headers, body } = readClientRequest(name)
      const answer = await gateway.postJson('/v1/messages/count_tokens?beta=true', body, {
        ...headers,
        ...key,
      })
      expect(count.parse(await answer.json()).input_tokens).toBeGreaterThan(100)
    },
  )

  it('answers thirty at once, and asks nobody', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(minimal)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })

  it('refuses in the shape of its API', async () => {
    const answer = await ask({ ...minimal, messages: [] })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringMatching(/^messages: /) },
    })
    expect((await gateway.fetch('/v1/messages/count_tokens')).status).toBe(405)
  })

  it('serves the SDK', async () => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-one', maxRetries: 0 })
    expect(await client.messages.countTokens(minimal)).toEqual({ input_tokens: 1 })
  })
})

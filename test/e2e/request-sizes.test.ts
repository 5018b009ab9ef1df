import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'

const MODEL = 'claude-sonnet-4.5'
const inAnthropic = { type: 'error', error: { message: expect.stringMatching(/./) } }
const inOpenai = { error: { message: expect.stringMatching(/./), type: 'invalid_request_error' } }

const imageOf = {
  '/v1/messages': { type: 'image', source: { type: 'base64', media_type: 'image/png', data: images.png } },
  '/v1/chat/completions': {
    type: 'image_url',
    image_url: { url: `data:image/png;base64,${images.png}` },
  },
}
const toolOf = {
  '/v1/messages': (name: string) => ({ name, input_schema: { type: 'object' } }),
  '/v1/chat/completions': (name: string) => ({ type: 'function', function: { name } }),
}
const apis = [
  ['/v1/messages', inAnthropic],
  ['/v1/chat/completions', inOpenai],
] as const

/** Of the two in turn, so that none is joined to the one before; the last one is a person. */
function alternating(count: number): { role: string; content: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    role: (count - index) % 2 === 1 ? 'user' : 'assistant',
    content: 'a',
  }))
}

describe('S31: what a conversation may hold, below, at, and above', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(() => gateway.close())

  const post = async (path: (typeof apis)[number][0], body: object) => {
    const answer = await gateway.postJson(path, { model: MODEL, max_tokens: 10, ...body })
    const read: unknown = await answer.json()
    return { status: answer.status, body: read }
  }

  it.each(apis)('20 images of a message at %s', async (path, shape) => {
    for (const [count, status] of [
      [19, 200],
      [20, 200],
      [21, 400],
    ] as const) {
      const content = Array.from({ length: count }, () => imageOf[path])
      const answer = await post(path, { messages: [{ role: 'user', content }] })
      expect([count, answer.status]).toEqual([count, status])
      expect(answer.body).toMatchObject(status === 200 ? {} : shape)
    }
  })

  it.each(apis)('10,001 messages at %s', async (path, shape) => {
    for (const [count, status] of [
      [10_000, 200],
      [10_001, 200],
      [10_002, 400],
    ] as const) {
      const answer = await post(path, { messages: alternating(count) })
      expect([count, answer.status]).toEqual([count, status])
      expect(answer.body).toMatchObject(status === 200 ? {} : shape)
    }
  })

  it.each(apis)('100,000 values at %s', async (path, shape) => {
    const body = { messages: alternating(1), x: [] }
    // One for the whole, and one for each container and each comma.
    const others =
      1 + (JSON.stringify({ model: MODEL, max_tokens: 10, ...body }).match(/[{[,]/g)?.length ?? 0)
    for (const [count, status] of [
      [99_999, 200],
      [100_000, 200],
      [100_001, 400],
    ] as const) {
      const answer = await post(path, { ...body, x: Array.from({ length: count - others + 1 }, () => 0) })
      expect([count, answer.status]).toEqual([count, status])
      expect(answer.body).toMatchObject(status === 200 ? {} : shape)
    }
  })

  it.each(apis)('1024 tools at %s', async (path, shape) => {
    for (const [count, status] of [
      [1023, 200],
      [1024, 200],
      [1025, 400],
    ] as const) {
      const tools = Array.from({ length: count }, (_, index) => toolOf[path](`tool_${index}`))
      const answer = await post(path, { messages: alternating(1), tools })
      expect([count, answer.status]).toEqual([count, status])
      expect(answer.body).toMatchObject(status === 200 ? {} : shape)
      expect(JSON.stringify(answer.body)).toContain(
        status === 200 ? '' : 'tools: At most 1024 tools are taken',
      )
    }
  })
})

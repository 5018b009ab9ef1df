import Anthropic from '@anthropic-ai/sdk'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'
import { readSentConversation } from '../sent-conversation.ts'

const tool: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

const ask = (content: string): Anthropic.MessageCreateParamsNonStreaming => ({
  model: 'claude-opus-4-6',
  max_tokens: 1024,
  system: 'You are terse.',
  messages: [{ role: 'user', content }],
})

describe('@anthropic-ai/sdk against the gateway', () => {
  let gateway: GatewayUnderTest
  let client: Anthropic
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: 'sk-one,sk-two' } })
    client = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-two', maxRetries: 0 })
  })
  afterAll(() => gateway.close())
  beforeEach(() => gateway.resetAccount())
  afterEach(() => {
    gateway.assertNoViolation()
    gateway.simulator.clearPlans()
  })

  it('gets a text', async () => {
    const message = await client.messages.create(ask('Say hello.'))
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-4-6',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: expect.stringContaining('Say hello.') }],
    })
    expect(message.id).toMatch(/^msg_/)
    expect(message.usage.output_tokens).toBeGreaterThan(0)
  })

  it('streams a text whose pieces are those of the whole answer', async () => {
    const prompt = ask('[[sim:text:Grüße, 世界! 👋🏽 a < b == c == d]] [[sim:slice:1]]')
    const pieces: string[] = []
    const stream = client.messages.stream(prompt).on('text', (text) => void pieces.push(text))
    const message = await stream.finalMessage()
    expect(pieces.join('')).toBe('Grüße, 世界! 👋🏽 a < b == c == d')
    expect(message.content).toMatchObject([{ type: 'text', text: pieces.join('') }])
  })

  it.each([false, true])('runs a tool loop (streaming: %s)', async (streaming) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Please use the tool get_weather.' }]
    const next = () => {
      const request = { ...ask(''), messages, tools: [tool] }
      return streaming ? client.messages.stream(request).finalMessage() : client.messages.create(request)
    }
    const called = await next()
    expect(called.stop_reason).toBe('tool_use')
    const use = called.content.find((block) => block.type === 'tool_use')
    expect(use).toMatchObject({ name: 'get_weather', input: { city: 'example' } })

    messages.push({ role: 'assistant', content: called.content })
    messages.push({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: use?.id ?? '', content: 'rain, 12 degrees' }],
    })
    const answered = await next()
    expect(answered.stop_reason).toBe('end_turn')
    expect(answered.content).toMatchObject([{ text: expect.stringContaining('rain, 12 degrees') }])
  })

  it('holds a thread, of which the gateway keeps nothing', async () => {
    const { messages, ...common } = ask('[[sim:text:First]]')
    const thread = client.beta.messages.thread(common)
    await thread.send(messages)
    const second = await thread.send({ role: 'user', content: '[[sim:text:Second]]' })
    expect(second.content).toMatchObject([{ text: 'Second' }])
    const { users, assistants } = readSentConversation(
      gateway.simulator.journal.of('GenerateAssistantResponse').at(-1),
    )
    expect([...users, ...assistants].map(({ content }) => content)).toEqual([
      expect.stringContaining('First'),
      expect.stringContaining('Second'),
      'First',
    ])
  })

  it.each([false, true])('shows an image, also in a tool result (streaming: %s)', async (streaming) => {
    gateway.simulator.journal.clear()
    const image: Anthropic.ImageBlockParam = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/webp', data: images.webp },
    }
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: [image, { type: 'text', text: 'Compare.' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [image] }] },
    ]
    const request = { ...ask(''), messages, tools: [tool] }
    const message = await (streaming
      ? client.messages.stream(request).finalMessage()
      : client.messages.create(request))
    expect(message.stop_reason).toBe('end_turn')
    const { users } = readSentConversation(gateway.simulator.journal.of('GenerateAssistantResponse')[0])
    const sent = { format: 'webp', source: { bytes: images.webp } }
    expect(users.map((user) => user.images)).toEqual([[sent], [sent]])
  })

  it('is refused a foreign format by the path of the image', async () => {
    const data = Buffer.from('BM bitmap').toString('base64')
    const image: Anthropic.ImageBlockParam = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data },
    }
    await expect(
      client.messages.create({ ...ask(''), messages: [{ role: 'user', content: [image] }] }),
    ).rejects.toThrow(/messages\.0\.content\.0\.source\.data: Input should be an image/)
  })

  it('gets two interleaved calls as two blocks', async () => {
    const message = await client.messages.stream(ask('[[sim:two-tools-interleaved]]')).finalMessage()
    expect(message.content.map((block) => block.type)).toEqual(['tool_use', 'tool_use'])
    expect(message.stop_reason).toBe('tool_use')
  })

  it.each([
    ['throttled', Anthropic.RateLimitError, 'rate_limit_error'],
    ['high-traffic', Anthropic.APIError, 'overloaded_error'],
    ['input-too-long', Anthropic.BadRequestError, 'invalid_request_error'],
    ['html-502', Anthropic.InternalServerError, 'api_error'],
    ['no-answer', Anthropic.InternalServerError, 'api_error'],
  ])('meets %s as an error of its own kind', async (name, kind, type) => {
    const error: unknown = await client.messages.create(ask(`[[sim:${name}]]`)).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({
      error: { type: 'error', error: { type } },
      requestID: expect.stringMatching(/^req_/),
    })
  })

  it.each(['exception-mid-stream', 'connection-cut', 'mid-frame-end', 'bad-message-crc', 'truncated-tool'])(
    'never takes %s for a complete answer',
    async (name) => {
      await expect(client.messages.stream(ask(`[[sim:${name}]]`)).finalMessage()).rejects.toBeInstanceOf(
        Anthropic.APIError,
      )
      await expect(client.messages.create(ask(`[[sim:${name}]]`))).rejects.toBeInstanceOf(Anthropic.APIError)
    },
  )

  it('is refused with a wrong key', async () => {
    const stranger = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-three', maxRetries: 0 })
    await expect(stranger.messages.create(ask('hi'))).rejects.toBeInstanceOf(Anthropic.AuthenticationError)
  })

  it('aborts the upstream when it leaves a stream', async () => {
    const stream = client.messages.stream(ask('[[sim:stall]]'))
    stream.done().catch(() => {})
    await new Promise<void>((resolve) => void stream.on('text', () => resolve()))
    stream.abort()
    const entry = await gateway.simulator.journal.waitFor(
      ({ outcome }) => outcome.kind === 'aborted-by-client',
    )
    expect(entry.accountId).toBeDefined()
  })

  it.each([true, false])('aborts the upstream before the first token (streaming: %s)', async (stream) => {
    gateway.simulator.journal.clear()
    const leaving = new AbortController()
    const request = client.messages.create(
      { ...ask('[[sim:stall-at-start]]'), stream },
      { signal: leaving.signal },
    )
    const left = request.catch((thrown: unknown) => thrown)
    await gateway.simulator.journal.waitFor(({ operation }) => operation === 'GenerateAssistantResponse')
    leaving.abort()
    expect(await left).toBeInstanceOf(Anthropic.APIUserAbortError)
    const entry = await gateway.simulator.journal.waitFor(
      ({ outcome }) => outcome.kind === 'aborted-by-client',
    )
    expect(entry.operation).toBe('GenerateAssistantResponse')
  })
})

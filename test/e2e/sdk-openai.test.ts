import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'
import { readSentConversation } from '../sent-conversation.ts'

const model = 'claude-sonnet-4.5'
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }

const ask = (content: string) => ({
  model,
  messages: [
    { role: 'system' as const, content: 'You are terse.' },
    { role: 'user' as const, content },
  ],
})

describe('openai against the gateway', () => {
  let gateway: GatewayUnderTest
  let client: OpenAI
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 })
  })
  afterAll(() => gateway.close())
  beforeEach(() => gateway.resetAccount())
  afterEach(() => {
    gateway.assertNoViolation()
  })

  it('gets a text', async () => {
    const completion = await client.chat.completions.create(ask('Say hello.'))
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model,
      choices: [
        {
          finish_reason: 'stop',
          message: { role: 'assistant', content: expect.stringContaining('Say hello.') },
        },
      ],
    })
    const usage = completion.usage
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0))
  })

  it('streams a text exactly, with usage when it asks for it', async () => {
    const text = 'Grüße, 世界! 👋🏽 a < b == c == d'
    const stream = client.chat.completions.stream({
      ...ask(`[[sim:text:${text}]] [[sim:slice:1]]`),
      stream_options: { include_usage: true },
    })
    const pieces: string[] = []
    stream.on('content', (piece) => void pieces.push(piece))
    const completion = await stream.finalChatCompletion()
    expect(pieces.join('')).toBe(text)
    expect(completion.choices[0]?.message.content).toBe(text)
    expect(completion.usage?.completion_tokens).toBeGreaterThan(0)
  })

  it('runs a tool loop by runTools', async () => {
    const asked: unknown[] = []
    const runner = client.chat.completions.runTools({
      ...ask('Please use the tool get_weather.'),
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'Tells the weather of a city.',
            parameters,
            parse: JSON.parse,
            function: (input: unknown) => {
              asked.push(input)
              return 'rain, 12 degrees'
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toContain('rain, 12 degrees')
    expect(asked).toEqual([{ city: 'example' }])
  })

  it.each([false, true])('calls a function of before there were tools (streaming: %s)', async (streaming) => {
    const functions = [{ name: 'get_weather', description: 'Tells the weather of a city.', parameters }]
    const question = ask('Please use the tool get_weather.')
    const create = (messages: OpenAI.ChatCompletionMessageParam[]) => {
      const request = { ...question, messages, functions }
      return streaming
        ? client.chat.completions.stream(request).finalChatCompletion()
        : client.chat.completions.create(request)
    }
    const [asked] = (await create(question.messages)).choices
    expect(asked?.finish_reason).toBe('function_call')
    expect(asked?.message.tool_calls).toBeUndefined()
    expect(asked?.message.function_call).toEqual({ name: 'get_weather', arguments: '{"city":"example"}' })

    const [answered] = (
      await create([
        ...question.messages,
        { role: 'assistant', content: null, function_call: asked?.message.function_call ?? null },
        { role: 'function', name: 'get_weather', content: 'rain, 12 degrees' },
      ])
    ).choices
    expect(answered?.finish_reason).toBe('stop')
    expect(answered?.message.content).toContain('rain, 12 degrees')
  })

  describe('with a custom tool', () => {
    const custom = { name: 'run_code', description: 'Runs Python.', format: { type: 'text' as const } }
    const tools = [{ type: 'custom' as const, custom }]
    const code = 'print("a")\n'
    const question = ask(`[[sim:tool:run_code:${JSON.stringify({ input: code })}]]`)

    it('calls it, and takes its result', async () => {
      const completion = await client.chat.completions.create({ ...question, tools })
      const [asked] = completion.choices
      expect(asked?.finish_reason).toBe('tool_calls')
      const [call] = asked?.message.tool_calls ?? []
      expect(call).toEqual({
        id: expect.any(String),
        type: 'custom',
        custom: { name: 'run_code', input: code },
      })

      const answer = await client.chat.completions.create({
        model,
        tools,
        messages: [
          ...question.messages,
          { role: 'assistant', content: null, ...(call && { tool_calls: [call] }) },
          { role: 'tool', tool_call_id: call?.id ?? '', content: 'a' },
        ],
      })
      expect(answer.choices[0]).toMatchObject({
        finish_reason: 'stop',
        message: { content: expect.stringContaining('The tool answered: a') },
      })
    })

    it('is told of the call in a stream', async () => {
      const stream = await client.chat.completions.create({ ...question, tools, stream: true })
      const choices: OpenAI.ChatCompletionChunk.Choice[] = []
      for await (const chunk of stream) choices.push(...chunk.choices)
      expect(choices.flatMap(({ delta }) => delta.tool_calls ?? [])).toEqual([
        { index: 0, id: expect.any(String), type: 'custom', custom: { name: 'run_code', input: code } },
      ])
      expect(choices.at(-1)?.finish_reason).toBe('tool_calls')
    })
  })

  it.each([false, true])('shows an image (streaming: %s)', async (streaming) => {
    gateway.simulator.journal.clear()
    const request = {
      model,
      messages: [
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'What is this?' },
            { type: 'image_url' as const, image_url: { url: `data:image/gif;base64,${images.gif}` } },
          ],
        },
      ],
    }
    const completion = await (streaming
      ? client.chat.completions.stream(request).finalChatCompletion()
      : client.chat.completions.create(request))
    expect(completion.choices[0]?.message.content).toContain('What is this?')
    const { users } = readSentConversation(gateway.simulator.journal.of('GenerateAssistantResponse')[0])
    expect(users[0]?.images).toEqual([{ format: 'gif', source: { bytes: images.gif } }])
  })

  it('is refused an image by URL, with the name of the field', async () => {
    const content = [{ type: 'image_url' as const, image_url: { url: 'https://example.com/a.png' } }]
    const error: unknown = await client.chat.completions
      .create({ model, messages: [{ role: 'user', content }] })
      .catch((thrown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error).toMatchObject({
      code: 'invalid_image_url',
      param: 'messages.0.content.0.image_url.url',
    })
  })

  it('gets two interleaved calls with an index of their own', async () => {
    const completion = await client.chat.completions
      .stream(ask('[[sim:two-tools-interleaved]]'))
      .finalChatCompletion()
    const [choice] = completion.choices
    expect(choice?.finish_reason).toBe('tool_calls')
    expect(new Set(choice?.message.tool_calls?.map((call) => call.id)).size).toBe(2)
  })

  it.each([
    ['throttled', OpenAI.RateLimitError, 'rate_limit_exceeded'],
    ['monthly-limit', OpenAI.RateLimitError, 'insufficient_quota'],
    ['input-too-long', OpenAI.BadRequestError, 'context_length_exceeded'],
    ['invalid-model', OpenAI.NotFoundError, 'model_not_found'],
    ['html-502', OpenAI.InternalServerError, 'upstream_error'],
  ])('meets %s as an error of its own kind', async (name, kind, code) => {
    const error: unknown = await client.chat.completions
      .create(ask(`[[sim:${name}]]`))
      .catch((thrown) => thrown)
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ code })
  })

  it.each(['exception-mid-stream', 'connection-reset', 'mid-frame-cut', 'bad-prelude-crc', 'truncated-tool'])(
    'never takes %s for a complete answer',
    async (name) => {
      const stream = client.chat.completions.stream(ask(`[[sim:${name}]]`))
      await expect(stream.finalChatCompletion()).rejects.toBeInstanceOf(OpenAI.OpenAIError)
      await expect(client.chat.completions.create(ask(`[[sim:${name}]]`))).rejects.toBeInstanceOf(
        OpenAI.APIError,
      )
    },
  )

  it.each([true, false])(
    'aborts the upstream when it leaves before the first token (streaming: %s)',
    async (stream) => {
      gateway.simulator.journal.clear()
      const leaving = new AbortController()
      const request = client.chat.completions.create(
        { ...ask('[[sim:stall-at-start]]'), stream },
        { signal: leaving.signal },
      )
      request.catch(() => {})
      await gateway.simulator.journal.waitFor(({ operation }) => operation === 'GenerateAssistantResponse')
      leaving.abort()
      const entry = await gateway.simulator.journal.waitFor(
        ({ outcome }) => outcome.kind === 'aborted-by-client',
      )
      expect(entry.operation).toBe('GenerateAssistantResponse')
    },
  )
})

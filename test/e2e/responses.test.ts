/** The Responses API as its official clients see it: the SDK of OpenAI, and the AI SDK, which speaks nothing else by default. */
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, stepCountIs, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readSentConversation } from '../sent-conversation.ts'

const model = 'claude-sonnet-4.5'
const QUESTION = 'Please use the tool get_weather.'
const WEATHER = 'rain, 12 degrees'
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const tools: OpenAI.Responses.FunctionTool[] = [
  { type: 'function', name: 'get_weather', description: 'Tells the weather.', parameters, strict: false },
]

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())
beforeEach(() => gateway.resetAccount())
afterEach(() => gateway.assertNoViolation())

const lastSent = () => readSentConversation(gateway.simulator.journal.of('GenerateAssistantResponse').at(-1))

function callIn(output: readonly OpenAI.Responses.ResponseOutputItem[]) {
  const call = output.find((item) => item.type === 'function_call')
  if (call === undefined) throw new Error('The answer calls no function.')
  return call
}

describe('openai against the gateway', () => {
  let client: OpenAI
  beforeAll(() => {
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 })
  })

  /** Whole, or put together from a stream. */
  const createBy = (streaming: boolean, body: Omit<OpenAI.Responses.ResponseCreateParams, 'stream'>) =>
    streaming
      ? client.responses.stream({ model, ...body }).finalResponse()
      : client.responses.create({ model, ...body })

  it.each([false, true])('gets a text (streaming: %s)', async (streaming) => {
    const text = 'Grüße, 世界! 👋🏽 a < b'
    const response = await createBy(streaming, { input: `[[sim:text:${text}]] [[sim:slice:1]]` })
    expect(response.output_text).toBe(text)
    expect(response).toMatchObject({ object: 'response', status: 'completed', model, store: true })
    expect(response.usage?.total_tokens).toBeGreaterThan(1)
  })

  it('is told of a text piece by piece, each event with the next number', async () => {
    const stream = client.responses.stream({ model, input: '[[sim:text:one two three]] [[sim:slice:4]]' })
    const numbers: number[] = []
    const pieces: string[] = []
    for await (const event of stream) {
      numbers.push(event.sequence_number)
      if (event.type === 'response.output_text.delta') pieces.push(event.delta)
    }
    expect(pieces.join('')).toBe('one two three')
    expect(numbers).toEqual(numbers.map((_, index) => index))
  })

  it.each([false, true])(
    'R8: has its tool asked, and carries all itself (streaming: %s)',
    async (streaming) => {
      const common = { tools, store: false }
      const first = await createBy(streaming, { ...common, input: QUESTION })
      const call = callIn(first.output)
      expect(call).toMatchObject({
        name: 'get_weather',
        arguments: '{"city":"example"}',
        status: 'completed',
      })
      const second = await createBy(streaming, {
        ...common,
        input: [
          { role: 'user', content: QUESTION },
          call,
          { type: 'function_call_output', call_id: call.call_id, output: WEATHER },
        ],
      })
      expect(second.output_text).toContain(WEATHER)
      await expect(client.responses.retrieve(first.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    },
  )

  it.each([false, true])(
    'R20: has its tool asked, and says the result alone (streaming: %s)',
    async (streaming) => {
      const first = await createBy(streaming, { tools, input: QUESTION })
      const call = callIn(first.output)
      const second = await createBy(streaming, {
        tools,
        previous_response_id: first.id,
        input: [{ type: 'function_call_output', call_id: call.call_id, output: WEATHER }],
      })
      expect(second.output_text).toContain(WEATHER)
      expect(second.previous_response_id).toBe(first.id)
      const { users, assistants } = lastSent()
      expect(users[0]?.content).toContain(QUESTION)
      expect(assistants.flatMap(({ toolUses }) => toolUses.map(({ name }) => name))).toEqual(['get_weather'])
    },
  )

  it.each([false, true])(
    'R21: retrieves, lists and deletes what it was given (streaming: %s)',
    async (streaming) => {
      const created = await createBy(streaming, { input: 'Say hello.', metadata: { a: 'b' } })
      const { output_text: text, ...kept } = await client.responses.retrieve(created.id)
      expect(text).toBe(created.output_text)
      expect(created).toMatchObject(kept)
      const next = await createBy(streaming, { input: 'Again.', previous_response_id: created.id })
      const texts: string[] = []
      for await (const item of client.responses.inputItems.list(next.id, { limit: 1, order: 'asc' })) {
        if (item.type === 'message') texts.push(JSON.stringify(item.content))
      }
      expect(texts).toEqual([
        expect.stringContaining('Say hello.'),
        expect.stringContaining('output_text'),
        expect.stringContaining('Again.'),
      ])
      await client.responses.delete(created.id)
      await expect(client.responses.retrieve(created.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError)
      await expect(client.responses.cancel(next.id)).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    },
  )

  it('R20: meets an unknown response as an error that names the field', async () => {
    const error: unknown = await createBy(false, { input: 'x', previous_response_id: 'resp_x' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error).toMatchObject({ code: 'previous_response_not_found', param: 'previous_response_id' })
  })

  it.each([
    ['throttled', OpenAI.RateLimitError, 'rate_limit_exceeded'],
    ['input-too-long', OpenAI.BadRequestError, 'context_length_exceeded'],
    ['html-502', OpenAI.InternalServerError, 'upstream_error'],
  ])('meets %s as an error of its own kind', async (name, kind, code) => {
    const error: unknown = await createBy(false, { input: `[[sim:${name}]]` }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ code })
  })

  it('never keeps an answer that broke off', async () => {
    const stream = client.responses.stream({ model, input: '[[sim:exception-mid-stream]]' })
    let id = ''
    const ended = (async () => {
      for await (const event of stream) if (event.type === 'response.created') id = event.response.id
      return stream.finalResponse()
    })()
    const outcome = await ended.then(
      ({ status }) => status,
      () => 'failed',
    )
    expect(outcome).toBe('failed')
    expect(id).toMatch(/^resp_/)
    await expect(client.responses.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })
})

describe('the AI SDK against the gateway, by its default API', () => {
  let sent: string[] = []
  beforeEach(() => {
    sent = []
  })
  const connect = () =>
    createOpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: 'any',
      fetch: (input, init) => {
        if (typeof init?.body === 'string') sent.push(init.body)
        return fetch(input, init)
      },
    })(model)
  const getWeather = tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: async () => WEATHER,
  })
  const common = { maxRetries: 0, tools: { get_weather: getWeather }, stopWhen: stepCountIs(3) }

  it.each([undefined, false])('R31: runs a tool loop (store: %s)', async (store) => {
    const { text, steps } = await generateText({
      ...common,
      model: connect(),
      prompt: QUESTION,
      ...(store !== undefined && { providerOptions: { openai: { store } } }),
    })
    expect(text).toContain(WEATHER)
    expect(steps).toHaveLength(2)
    expect(lastSent().users[0]?.content).toContain(QUESTION)
  })

  it.each([undefined, false])('R31: runs a tool loop by streams (store: %s)', async (store) => {
    const result = streamText({
      ...common,
      model: connect(),
      prompt: QUESTION,
      ...(store !== undefined && { providerOptions: { openai: { store } } }),
    })
    const pieces: string[] = []
    for await (const piece of result.textStream) pieces.push(piece)
    expect(pieces.join('')).toContain(WEATHER)
    expect(await result.steps).toHaveLength(2)
  })

  it('R31: goes on with what was said, which it only points to', async () => {
    const languageModel = connect()
    const question = { role: 'user' as const, content: 'Say heron.' }
    const first = await generateText({ model: languageModel, maxRetries: 0, messages: [question] })
    await generateText({
      model: languageModel,
      maxRetries: 0,
      messages: [question, ...first.response.messages, { role: 'user', content: 'And again?' }],
    })
    expect(sent[1]).toContain('item_reference')
    expect(
      lastSent()
        .assistants.map(({ content }) => content)
        .join(),
    ).toContain('heron')
  })
})

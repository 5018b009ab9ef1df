/** C1–C40: OpenAI's Chat Completions API. */
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { stepCountIs, streamText, tool as declareTool } from 'ai'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event, exception } from '../../simulator/replies/steps.ts'
import { images } from '../sample-images.ts'
import {
  at,
  joined,
  KEY,
  listAt,
  MODEL,
  namedAnswer,
  openConformanceLab,
  says,
  textAt,
  wholeAnswers,
  type ConformanceLab,
  type Frame,
} from './lab.ts'

const PATH = '/v1/chat/completions'
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const TOOL = {
  type: 'function',
  function: { name: 'get_weather', description: 'Tells the weather.', parameters: schema },
}

let lab: ConformanceLab
let client: OpenAI
beforeAll(async () => {
  lab = await openConformanceLab()
  client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: KEY, maxRetries: 0 })
})
afterAll(() => lab.close())
beforeEach(() => lab.reset())
afterEach(() => lab.gateway.assertNoViolation())

const user = (content: unknown) => ({ role: 'user', content })
const ask = (content: unknown, more: object = {}) => ({ model: MODEL, messages: [user(content)], ...more })
const whole = (body: object) => lab.whole(PATH, body)
const stream = (body: object) => lab.stream(PATH, body)
const converse = async (...messages: object[]) =>
  (await whole({ model: MODEL, messages, tools: [TOOL] })).status
const parts = (text: string) => [{ type: 'text', text }]
const image = (url: string) => [{ type: 'image_url', image_url: { url } }]
const message = (body: unknown) => at(body, 'choices.0.message')
const firstDelta = 'choices.0.delta'
const withoutChoices = (frames: readonly Frame[]) =>
  frames.filter(({ data }) => listAt(data, 'choices').length === 0)
const calls = (name: string) => [
  event('toolUseEvent', { toolUseId: 'tooluse_1', name, input: '{"city":"Oslo"}' }),
  event('toolUseEvent', { toolUseId: 'tooluse_1', name, stop: true }),
]

describe('an answer', () => {
  it('C1: a text has the fields of a completion', async () => {
    const { status, body } = await whole(ask('[[sim:text:Hello]]'))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
    })
    expect(Number.isInteger(body['created'])).toBe(true)
  })

  it.each([MODEL, 'Claude-Sonnet-4-5', 'anthropic/claude-opus-4.6'])(
    'C2: the model is named as it was asked for: %s',
    async (model) => {
      expect((await whole(ask('hi', { model }))).body).toMatchObject({ model })
      const { frames } = await stream(ask('hi', { model }))
      expect(new Set(frames.map(({ data }) => data['model']))).toEqual(new Set([model]))
    },
  )

  it('C8: tokens add up', async () => {
    const usage = at((await whole(ask('hi'))).body, 'usage')
    expect(Number(at(usage, 'prompt_tokens')) + Number(at(usage, 'completion_tokens'))).toBe(
      at(usage, 'total_tokens'),
    )
    expect(at(usage, 'prompt_tokens')).toBeGreaterThan(0)
  })

  it('C12: content is empty beside calls, and calls are absent where there are none', async () => {
    const called = message((await whole(ask('[[sim:tool:ls:{"path":"."}]]'))).body)
    expect(at(called, 'content') ?? '').toBe('')
    expect(listAt(called, 'tool_calls')).toHaveLength(1)
    expect(Object.keys(Object(message((await whole(ask('hi'))).body)))).not.toContain('tool_calls')
  })
})

describe('a stream', () => {
  it.each(wholeAnswers)('C3: chunks come in order, the first with the role: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    expect(at(frames[0]?.data, `${firstDelta}.role`)).toBe('assistant')
    expect(frames.slice(1).some(({ data }) => at(data, `${firstDelta}.role`) !== undefined)).toBe(false)
    expect(frames.map((frame) => frame.event)).toEqual(frames.map(() => undefined))
    const kinds = frames
      .flatMap(({ data }) => Object.keys(Object(at(data, firstDelta))))
      .filter((key) => key !== 'role')
    expect(kinds.length).toBeGreaterThan(0)
    expect(at(frames.at(-1)?.data, 'choices.0.finish_reason')).toMatch(/^(stop|length|tool_calls)$/)
  })

  it.each(wholeAnswers)('C4: all chunks bear one id, time and model: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    const heads = frames.map(({ data: { id, created, model, object } }) =>
      JSON.stringify([id, created, model, object]),
    )
    expect(new Set(heads).size).toBe(1)
    expect(frames[0]?.data['object']).toBe('chat.completion.chunk')
  })

  it.each(wholeAnswers)('C5: why it ended is said once: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    expect(frames.filter(({ data }) => at(data, 'choices.0.finish_reason') != null)).toHaveLength(1)
  })

  it.each(wholeAnswers)('C6: a stream ends with [DONE]: %s', async (name) => {
    expect((await stream(ask(namedAnswer(name)))).text).toMatch(/\ndata: \[DONE\]\n\n$/)
  })

  it('C7: usage comes in a chunk of its own, and only when asked for', async () => {
    const unasked = await stream(ask('hi', { stream_options: { include_usage: false } }))
    expect(withoutChoices(unasked.frames)).toEqual([])
    const { frames } = await stream(ask('hi', { stream_options: { include_usage: true } }))
    const last = frames.at(-1)?.data
    expect(withoutChoices(frames).map(({ data }) => data)).toEqual([last])
    expect(Number.isInteger(at(last, 'usage.total_tokens'))).toBe(true)
    expect(frames.slice(0, -1).every(({ data }) => data['usage'] == null)).toBe(true)
  })

  it.each(['one-tool', 'object-input', 'two-tools', 'empty-tool-input', 'no-tool-input'])(
    'C9: a call is named once, then only its arguments follow: %s',
    async (name) => {
      const { frames } = await stream(ask(namedAnswer(name)))
      const deltas = frames.flatMap(({ data }) => listAt(data, `${firstDelta}.tool_calls`))
      const places = new Set(deltas.map((delta) => at(delta, 'index')))
      expect(places.size).toBeGreaterThan(0)
      for (const place of places) {
        const [first, ...later] = deltas.filter((delta) => at(delta, 'index') === place)
        expect(first).toMatchObject({
          id: expect.any(String),
          type: 'function',
          function: { name: expect.any(String) },
        })
        for (const delta of later) {
          expect(Object.keys(Object(delta)).toSorted()).toEqual(['function', 'index'])
          expect(Object.keys(Object(at(delta, 'function')))).toEqual(['arguments'])
        }
        const pieces = [first, ...later].map((delta) => textAt(delta, 'function.arguments'))
        expect(JSON.parse(pieces.join(''))).toBeTypeOf('object')
      }
    },
  )

  it.each(['two-tools', 'two-tools-interleaved'])(
    'C10: parallel calls have places and ids of their own: %s',
    async (name) => {
      const { frames } = await stream(ask(namedAnswer(name)))
      const firsts = frames
        .flatMap(({ data }) => listAt(data, `${firstDelta}.tool_calls`))
        .filter((delta) => at(delta, 'id') !== undefined)
      expect(firsts.map((delta) => at(delta, 'index'))).toEqual([0, 1])
      expect(new Set(firsts.map((delta) => at(delta, 'id'))).size).toBe(2)
    },
  )

  it.each(['one-tool', 'two-tools', 'text-after-tool'])(
    'C11: calls are the reason of the end, streamed or not: %s',
    async (name) => {
      const { frames } = await stream(ask(namedAnswer(name)))
      expect(at(frames.at(-1)?.data, 'choices.0.finish_reason')).toBe('tool_calls')
      expect(at((await whole(ask(namedAnswer(name)))).body, 'choices.0.finish_reason')).toBe('tool_calls')
    },
  )
})

describe('messages', () => {
  const call = {
    id: 'call_1',
    type: 'function',
    function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
  }
  const result = { role: 'tool', tool_call_id: 'call_1', content: 'rain' }
  it('C13: messages of every role are taken', async () => {
    const all = [
      { role: 'system', content: 'one' },
      { role: 'developer', content: 'two' },
      user('three'),
      { role: 'assistant', content: 'four', tool_calls: [call] },
      result,
      { role: 'assistant', content: null, function_call: { name: 'get_weather', arguments: '{}' } },
      { role: 'function', name: 'get_weather', content: 'seven' },
    ]
    expect(await converse(...all)).toBe(200)
    for (const word of ['one', 'two', 'three', 'four', 'rain', 'seven'])
      expect(lab.sentText()).toContain(word)
  })

  it.each([null, ''])('C14: an assistant that only called may have no content: %j', async (content) => {
    expect(await converse(user('hi'), { role: 'assistant', content, tool_calls: [call] }, result)).toBe(200)
  })

  it('C15: content may be parts in every role', async () => {
    const all = [
      { role: 'system', content: parts('one') },
      { role: 'developer', content: parts('two') },
      user(parts('three')),
      { role: 'assistant', content: parts('four'), tool_calls: [call] },
      { ...result, content: parts('five') },
    ]
    expect(await converse(...all)).toBe(200)
    for (const word of ['one', 'two', 'three', 'four', 'five']) expect(lab.sentText()).toContain(word)
  })

  it('C16: an image by data reaches the model, one by address never from inside', async () => {
    expect(await converse(user(image(`data:image/png;base64,${images.png}`)))).toBe(200)
    expect(lab.sent().users.at(-1)?.images).toEqual([{ format: 'png', source: { bytes: images.png } }])
    for (const url of ['http://127.0.0.1:1/a.png', 'http://169.254.169.254/latest/'])
      expect(await converse(user(image(url)))).toBe(400)
  })

  it('C17: audio is refused by its place', async () => {
    const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }
    const { status, body } = await whole(ask([audio]))
    expect([status, at(body, 'error.param')]).toEqual([400, expect.stringContaining('messages')])
  })

  it('C29: reasoning in the history is taken', async () => {
    const before = {
      role: 'assistant',
      content: 'ho',
      reasoning_content: 'Secret thoughts.',
      reasoning_details: [],
    }
    expect(await converse(user('hi'), before, user('go on'))).toBe(200)
    expect(lab.sentText()).not.toContain('Secret thoughts.')
  })

  it.each([undefined, [], 'hi', 7, null])(
    'C30: messages that are missing, none or no list are named: %j',
    async (messages) => {
      const { status, body } = await whole({ model: MODEL, messages })
      expect(status).toBe(400)
      expect(body).toEqual({
        error: {
          message: expect.any(String),
          type: 'invalid_request_error',
          param: 'messages',
          code: expect.any(String),
        },
      })
    },
  )
})

describe('tools', () => {
  it.each<[unknown, boolean]>([
    ['auto', true],
    ['none', false],
    ['required', true],
    [{ type: 'function', function: { name: 'get_weather' } }, true],
  ])('C18: choices of tools are kept: %j', async (choice, mayCall) => {
    lab.plan(calls('get_weather'), says('done'))
    const { status, body } = await whole(ask('hi', { tools: [TOOL], tool_choice: choice }))
    expect(status).toBe(200)
    expect(listAt(message(body), 'tool_calls').length > 0).toBe(mayCall)
  })

  it('C19: functions of old are answered in their form', async () => {
    lab.plan(calls('get_weather'), calls('get_weather'))
    const body = ask('hi', { functions: [TOOL.function], function_call: 'auto' })
    const { frames } = await stream(body)
    expect(joined(frames, `${firstDelta}.function_call.arguments`)).toBe('{"city":"Oslo"}')
    expect(at(frames.at(-1)?.data, 'choices.0.finish_reason')).toBe('function_call')
    const answered = {
      finish_reason: 'function_call',
      message: { function_call: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
    }
    expect((await whole(body)).body).toMatchObject({ choices: [answered] })
  })

  it("C20: tools and parts in Anthropic's form are taken", async () => {
    const messages = [
      user([{ type: 'text', text: 'hi' }]),
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } }],
      },
      user([{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'rain' }]),
    ]
    const tools = [{ name: 'get_weather', description: 'Tells the weather.', input_schema: schema }]
    expect((await whole({ model: MODEL, messages, tools })).status).toBe(200)
    const [use] = lab.sent().assistants.at(-1)?.toolUses ?? []
    expect(use).toMatchObject({ name: 'get_weather', input: { city: 'Oslo' } })
  })

  it('C21: a body of the Responses API is taken, or told where to go', async () => {
    const { status, body } = await whole({ model: MODEL, input: 'hi' })
    expect([status, at(body, 'error.message')]).toEqual([400, expect.stringContaining('Responses API')])
  })
})

describe('parameters', () => {
  it.each([
    { max_tokens: 50_000 },
    { max_completion_tokens: 50_000 },
    { max_tokens: null, max_completion_tokens: null, stop: null, n: null, temperature: null },
  ])('C22: both limits are taken, and null: %j', async (limits) => {
    expect((await whole(ask('hi', limits))).status).toBe(200)
  })

  it.each(['STOP', ['HALT', 'STOP']])('C23: stop may be a text or a list: %j', async (stop) => {
    lab.plan(says('before ST', 'OP after'), says('before S', 'TOP after'))
    expect((await whole(ask('hi', { stop }))).body).toMatchObject({
      choices: [{ finish_reason: 'stop', message: { content: 'before ' } }],
    })
    const { frames } = await stream(ask('hi', { stop }))
    expect(joined(frames, `${firstDelta}.content`)).toBe('before ')
    expect(at(frames.at(-1)?.data, 'choices.0.finish_reason')).toBe('stop')
  })

  const fenced = says('Here it is:\n```json\n{"ci', 'ty":"Oslo"}\n```\nHave fun!')
  it('C24: a JSON object is a JSON object', async () => {
    lab.plan(fenced)
    const { body } = await whole(ask('Answer in JSON.', { response_format: { type: 'json_object' } }))
    expect(JSON.parse(textAt(message(body), 'content'))).toEqual({ city: 'Oslo' })
  })

  it.each([false, true])('C25: a schema makes bare JSON that fits it: %s', async (streamed) => {
    lab.plan(fenced)
    const format = { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } }
    const request = ask('Where?', { response_format: format })
    const text = streamed
      ? joined((await stream(request)).frames, `${firstDelta}.content`)
      : String(at(message((await whole(request)).body), 'content'))
    expect(JSON.parse(text)).toEqual({ city: 'Oslo' })
  })

  it('C26: two choices are given or refused by their field', async () => {
    const { status, body } = await whole(ask('hi', { n: 2 }))
    expect([status, at(body, 'error.param')]).toEqual([400, 'n'])
  })

  it('C27: fields that nothing here knows are taken', async () => {
    const more = {
      prompt_cache_key: 'a',
      store: true,
      metadata: { a: 'b' },
      seed: 7,
      logit_bias: { 50_256: -100 },
      service_tier: 'auto',
      verbosity: 'low',
      user: 'me',
      top_k: 3,
      wizardry: { level: 9 },
    }
    expect((await whole(ask('hi', more))).status).toBe(200)
  })

  it('C28: reasoning comes before the content, or not at all', async () => {
    const { frames } = await stream(ask('[[sim:thinking]]', { reasoning_effort: 'high' }))
    const keys = frames.flatMap(({ data }) => Object.keys(Object(at(data, firstDelta))))
    expect(keys).toContain('reasoning_content')
    expect(keys.lastIndexOf('reasoning_content')).toBeLessThan(keys.lastIndexOf('content'))
    expect(joined(frames, `${firstDelta}.reasoning_content`).length).toBeGreaterThan(0)
    const quiet = await stream(ask('hi', { reasoning_effort: 'none' }))
    expect(joined(quiet.frames, `${firstDelta}.reasoning_content`)).toBe('')
  })

  it('C31: an unknown model is not found', async () => {
    const { status, body } = await whole(ask('hi', { model: 'no-such-model' }))
    expect([status, at(body, 'error.code'), at(body, 'error.param')]).toEqual([
      404,
      'model_not_found',
      'model',
    ])
  })

  it.each(['input-too-long', 'prompt-too-long', 'chat-context-too-long'])(
    'C32: too long a prompt is told in the words that clients read: %s',
    async (name) => {
      const { status, body } = await whole(ask(namedAnswer(name)))
      expect([status, at(body, 'error.code')]).toEqual([400, 'context_length_exceeded'])
      expect(at(body, 'error.message')).toMatch(/^This model's maximum context length is \d+ tokens/)
    },
  )

  it('C33: a failure in the middle is an error that the SDK throws', async () => {
    const broken = [...says('The first half'), exception('internalServerException', { message: 'Broken.' })]
    lab.plan(broken, broken)
    const { frames, text } = await stream(ask('hi'))
    expect(frames.at(-1)?.data).toMatchObject({
      error: { message: expect.any(String), type: expect.any(String) },
    })
    expect(text).not.toContain('[DONE]')
    await lab.reset()
    lab.plan(broken)
    const answer = await client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    })
    const read = async () => {
      for await (const chunk of answer) expect(chunk.object).toBe('chat.completion.chunk')
    }
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError)
  })
})

describe('beside the completions', () => {
  it("C34: models are listed in OpenAI's form", async () => {
    const body: unknown = await (await lab.get('/v1/models')).json()
    expect(body).toMatchObject({ object: 'list' })
    expect(listAt(body, 'data').length).toBeGreaterThan(2)
    for (const model of listAt(body, 'data')) {
      expect(model).toMatchObject({ id: expect.any(String), object: 'model', owned_by: expect.any(String) })
      expect(Number.isInteger(at(model, 'created'))).toBe(true)
    }
  })

  it.each(['claude-sonnet-4.5', 'anthropic%2Fclaude-sonnet-4.5'])(
    'C35: one model is shown, whatever its id holds: %s',
    async (id) => {
      const answer = await lab.get(`/v1/models/${id}`)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({
        object: 'model',
        id: expect.stringContaining('claude-sonnet-4.5'),
      })
    },
  )

  it('C36: old completions have an answer in JSON', async () => {
    const { status, body } = await lab.whole('/v1/completions', { model: MODEL, prompt: 'hi' })
    expect([status, at(body, 'error.code')]).toEqual([404, 'unknown_url'])
  })

  it('C37: embeddings have an error in JSON', async () => {
    const { status, body } = await lab.whole('/v1/embeddings', {
      model: 'text-embedding-3-small',
      input: 'hi',
    })
    expect([404, 501]).toContain(status)
    expect(body).toMatchObject({ error: { message: expect.any(String), code: expect.any(String) } })
  })

  it("C38: the SDK's helpers for streams and tools work", async () => {
    const messages = [{ role: 'user' as const, content: 'Please use the tool get_weather.' }]
    const completion = await client.chat.completions
      .stream({ model: MODEL, messages: [{ role: 'user', content: 'Say heron.' }] })
      .finalChatCompletion()
    expect(completion.choices[0]?.message.content).toContain('heron')
    const asked: unknown[] = []
    const answer = (input: unknown) => {
      asked.push(input)
      return 'rain, 12 degrees'
    }
    const tool = {
      name: 'get_weather',
      description: 'Tells the weather.',
      parameters: schema,
      parse: JSON.parse,
      function: answer,
    }
    const runner = client.chat.completions.runTools({
      model: MODEL,
      messages,
      tools: [{ type: 'function', function: tool }],
      stream: true,
    })
    expect(await runner.finalContent()).toContain('rain, 12 degrees')
    expect(asked).toEqual([{ city: 'example' }])
  })
})

const settings = () => ({
  apiKey: KEY,
  model: MODEL,
  maxRetries: 0,
  configuration: { baseURL: `${lab.gateway.url}/v1` },
})

describe('libraries', () => {
  const WEATHER = 'rain, 12 degrees'
  const question = 'Please use the tool get_weather.'

  it('C39: LangChain works', async () => {
    const model = new ChatOpenAI(settings())
    expect((await model.invoke('Say heron.')).text).toContain('heron')

    const pieces: string[] = []
    for await (const chunk of await model.stream('Say heron.')) pieces.push(chunk.text)
    expect(pieces.join('')).toContain('heron')

    const called = await model.bindTools([TOOL]).invoke(question)
    expect(called.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'example' } }])

    lab.plan(says('```json\n{"city":', '"Oslo"}\n```'))
    const place = z.object({ city: z.string() })
    expect(await model.withStructuredOutput(place).invoke('Where?')).toEqual({ city: 'Oslo' })
  })

  const getWeather = declareTool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: async () => WEATHER,
  })
  it.each([
    ['openai.chat', (baseURL: string) => createOpenAI({ baseURL, apiKey: KEY }).chat(MODEL)],
    [
      'openai-compatible',
      (baseURL: string) => createOpenAICompatible({ name: 'aqueduct', baseURL, apiKey: KEY })(MODEL),
    ],
  ])('C40: the AI SDK works, by both of its providers: %s', async (_, connect) => {
    const result = streamText({
      model: connect(`${lab.gateway.url}/v1`),
      maxRetries: 0,
      tools: { get_weather: getWeather },
      stopWhen: stepCountIs(3),
      prompt: question,
    })
    const pieces: string[] = []
    for await (const piece of result.textStream) pieces.push(piece)
    expect(pieces.join('')).toContain(WEATHER)
    expect(await result.steps).toHaveLength(2)
  })
})

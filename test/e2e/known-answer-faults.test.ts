/** What gateways before this one are known to have done wrong with answers: what the service sent, and what must arrive. */
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event, exception, type Step } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())
beforeEach(() => gateway.resetAccount())
afterEach(() => {
  gateway.assertNoViolation()
  gateway.simulator.clearPlans()
})

/** Thinks by tags, if at all. */
const MODEL = 'claude-sonnet-4.5'
/** Thinks by itself. */
const THINKER = 'claude-opus-4.6'
const schema = { type: 'object' as const, properties: { path: { type: 'string' } } }

const say = (content: string): Step => event('assistantResponseEvent', { content })
const think = (told: object): Step => event('reasoningContentEvent', told)
const call = (toolUseId: string, rest: object): Step =>
  event('toolUseEvent', { toolUseId, name: 'ls', ...rest })
const told = (metadata: object): Step => event('metadataEvent', metadata)

function plan(...steps: Step[]): void {
  gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps } })
}

function planNamed(name: string): void {
  gateway.simulator.plan({ behaviour: { kind: 'named', name } })
}

/** An answer in either API, streamed or whole, as the vendor's SDK reads it. */
interface Answer {
  text: string
  thinking: string
  calls: { name: string; input: unknown }[]
  stop: string | null
}

interface Question {
  model?: string
  thinking?: boolean
  stopSequence?: string
}

async function askAnthropic(stream: boolean, question: Question = {}): Promise<Answer> {
  const message = await messageOf(stream, question)
  return {
    text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    thinking: message.content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : [],
    ),
    stop: message.stop_reason,
  }
}

function messageOf(stream: boolean, { model = MODEL, thinking = false, stopSequence }: Question = {}) {
  const client = new Anthropic({ baseURL: gateway.url, apiKey: 'any', maxRetries: 0 })
  const request: Anthropic.MessageCreateParamsNonStreaming = {
    model,
    max_tokens: 4000,
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ name: 'ls', input_schema: schema }],
    ...(thinking && { thinking: { type: 'enabled', budget_tokens: 2000 } }),
    ...(stopSequence !== undefined && { stop_sequences: [stopSequence] }),
  }
  return stream ? client.messages.stream(request).finalMessage() : client.messages.create(request)
}

async function askChat(stream: boolean, question: Question = {}): Promise<Answer> {
  const { model = MODEL, thinking = false, stopSequence } = question
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 })
  const request = {
    model,
    messages: [{ role: 'user' as const, content: 'hi' }],
    tools: [{ type: 'function' as const, function: { name: 'ls', parameters: schema } }],
    ...(thinking && { reasoning_effort: 'high' as const }),
    ...(stopSequence !== undefined && { stop: stopSequence }),
  }
  let thought = ''
  const { choices } = stream
    ? await client.chat.completions
        .stream(request)
        .on('chunk', (chunk) => {
          thought += Object(chunk.choices[0]?.delta).reasoning_content ?? ''
        })
        .finalChatCompletion()
    : await client.chat.completions.create(request)
  const [choice] = choices
  const { content = '', tool_calls: calls = [] } = choice?.message ?? {}
  return {
    text: content ?? '',
    thinking: stream ? thought : (Object(choice?.message).reasoning_content ?? ''),
    calls: calls.flatMap((each) =>
      each.type === 'function'
        ? [{ name: each.function.name, input: JSON.parse(each.function.arguments) as unknown }]
        : [],
    ),
    stop: choice?.finish_reason ?? null,
  }
}

const ways = [
  {
    way: 'Anthropic, streamed',
    api: 'anthropic' as const,
    ask: (question?: Question) => askAnthropic(true, question),
  },
  {
    way: 'Anthropic, whole',
    api: 'anthropic' as const,
    ask: (question?: Question) => askAnthropic(false, question),
  },
  { way: 'Chat, streamed', api: 'chat' as const, ask: (question?: Question) => askChat(true, question) },
  { way: 'Chat, whole', api: 'chat' as const, ask: (question?: Question) => askChat(false, question) },
]

const raw = (path: string, stream: boolean, fields: object = {}) =>
  gateway.postJson(path, {
    model: MODEL,
    max_tokens: 100,
    stream,
    messages: [{ role: 'user', content: 'hi' }],
    ...fields,
  })
const apis = [
  { api: 'Anthropic', path: '/v1/messages' },
  { api: 'Chat', path: '/v1/chat/completions' },
]
const chats = () => gateway.simulator.journal.of('GenerateAssistantResponse')
const account = async () =>
  z
    .looseObject({ success_count: z.number() })
    .parse(await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json())

const stopReasons = [
  { reason: 'MAX_TOKENS', anthropic: 'max_tokens', chat: 'length' },
  { reason: 'MODEL_CONTEXT_WINDOW_EXCEEDED', anthropic: 'model_context_window_exceeded', chat: 'length' },
  { reason: 'CONTENT_FILTERED', anthropic: 'refusal', chat: 'content_filter' },
  { reason: 'END_TURN', anthropic: 'end_turn', chat: 'stop' },
]

describe.each(ways)('an answer ($way)', ({ ask, api }) => {
  it.each([
    ['<', 'div class="a">hello</div> done'],
    ['<t', 'able></table>'],
    ['<thinking', '-cap/> is a tag of ours'],
    ['  <', '?xml version="1.0"?>'],
  ])('keeps every character of a text that begins with %j', async (...pieces) => {
    for (const thinking of [false, true]) {
      plan(...pieces.map(say))
      expect(await ask({ thinking })).toMatchObject({ text: pieces.join(''), thinking: '' })
    }
  })

  it('has calls that came interleaved each with its own input', async () => {
    plan(
      call('a', {}),
      call('b', {}),
      call('b', { input: '{"path":' }),
      call('a', { input: '{"path":"1"}' }),
      call('b', { input: '"2"}', stop: true }),
      call('a', { stop: true }),
    )
    const { calls, stop } = await ask()
    expect(calls.map(({ input }) => input)).toEqual([{ path: '1' }, { path: '2' }])
    expect(stop).toMatch(/^tool_(use|calls)$/)
  })

  it('is not begun by an event that only some channels send', async () => {
    plan(say('Hel'), say('lo'))
    expect((await ask()).text).toBe('Hello')
  })

  it.each(stopReasons)('says why it ended ($reason)', async ({ reason, ...expected }) => {
    plan(say('So far'), told({ stopReason: reason }))
    expect((await ask()).stop).toBe(expected[api])
  })

  it('ends at a stop sequence that the service knows nothing of', async () => {
    plan(say('one, tw'), say('o, three'))
    const stop = { anthropic: 'stop_sequence', chat: 'stop' }[api]
    expect(await ask({ stopSequence: 'two' })).toMatchObject({ text: 'one, ', stop })
  })

  it('has the thinking, also when a tool call cuts it off', async () => {
    plan(think({ text: 'Let me ' }), think({ text: 'look.' }), call('a', { input: '{}', stop: true }))
    expect(await ask({ model: THINKER, thinking: true })).toMatchObject({
      thinking: 'Let me look.',
      calls: [{ input: {} }],
    })
  })

  it.each([
    ['a tool call', call('a', { input: '{}', stop: true }), 'plan</thin'],
    ['the end', say('ger'), 'plan</thinger'],
  ])('has thinking in tags, also when %s cuts it off', async (_, last, thinking) => {
    plan(say('<thin'), say('king>plan</thin'), last)
    expect(await ask({ thinking: true })).toMatchObject({ text: '', thinking })
  })

  it.each(['truncated-tool', 'bad-tool-json'])('never hands on half a call (%s)', async (name) => {
    planNamed(name)
    const calls = await ask().then(
      (answer) => answer.calls,
      () => [],
    )
    expect(calls).toEqual([])
  })

  it('is asked for again when it is empty', async () => {
    plan()
    plan(say('There.'))
    expect((await ask()).text).toBe('There.')
  })

  it.each(['assistantResponseEnd', 'newEvent', 'followupPromptEvent'])('is read past %s', async (name) => {
    plan(say('Same'), event(name, {}), say('.'))
    expect((await ask()).text).toBe('Same.')
  })

  it('is read past headers of every type', async () => {
    planNamed('every-header-type')
    expect((await ask()).text).toBe('All headers.')
  })

  it.each([
    'bad-prelude-crc',
    'bad-message-crc',
    'unknown-header-type',
    'undersized-frame',
    'oversized-frame',
  ])('of broken frames (%s) is an error at once, not a stall', async (name) => {
    planNamed(name)
    await expect(ask()).rejects.toThrow(/./)
  })

  it('shows what it cites', async () => {
    planNamed('code-reference-of-call')
    expect((await ask()).text).toBe('Source: example/questions (licence: Apache-2.0)')
  })
})

describe.each(apis)('an error of the service ($api)', ({ path }) => {
  const throttled = exception('throttlingException', {
    message: 'I am experiencing high traffic, please try again shortly.',
    reason: 'INSUFFICIENT_MODEL_CAPACITY',
  })
  const invalid = event('invalidStateEvent', { reason: 'INVALID_TASK_ASSIST_PLAN', message: 'no' })

  it.each([
    ['an exception', throttled],
    ['an invalid state', invalid],
  ])('in mid-stream (%s) is an error to the client, and no success of the account', async (_, step) => {
    const before = await account()
    gateway.simulator.plan({ behaviour: { kind: 'steps', steps: [say('Half an ans'), step] } })
    const answer = await raw(path, true)
    const text = await answer.text()
    expect(text).toContain('Half an ans')
    expect(text).toMatch(/"error":\{/)
    expect(text).not.toMatch(/message_stop|"finish_reason":"|\[DONE\]/)
    expect(await account()).toMatchObject({ success_count: before.success_count })
  })

  it('that breaks the connection is no end either', async () => {
    planNamed('connection-cut')
    const text = await (await raw(path, true)).text()
    expect(text).toMatch(/"error":\{/)
    expect(text).not.toMatch(/message_stop|"finish_reason":"|\[DONE\]/)
  })

  it.each([true, false])(
    'about too long a context is a 400 that clients know (streamed: %s)',
    async (stream) => {
      planNamed('input-too-long')
      const answer = await raw(path, stream)
      expect(answer.status).toBe(400)
      const expected =
        path === '/v1/messages' ? { type: 'invalid_request_error' } : { code: 'context_length_exceeded' }
      expect(await answer.json()).toMatchObject({
        error: { ...expected, message: expect.stringMatching(/prompt is too long|maximum context length/) },
      })
    },
  )
})

const framesOf = (text: string) => text.trimEnd().split('\n\n')

describe('an Anthropic stream', () => {
  it('begins with its message, whose id says what it is, and names every event', async () => {
    plan(say('Hi'), call('a', { input: '{}', stop: true }), say('Bye'))
    const frames = framesOf(await (await raw('/v1/messages', true)).text())
    expect(frames[0]).toMatch(/^event: message_start\ndata: .*"id":"msg_/)
    expect(frames.every((frame) => /^event: \w+\ndata: \{"type":"\w+"/.test(frame))).toBe(true)
    expect(frames.at(-1)).toMatch(/^event: message_stop\n/)
  })

  it('numbers its blocks without gaps, and closes one before the next begins', async () => {
    plan(say('a'), call('x', {}), say('b'), call('y', { input: '{}', stop: true }), call('x', { stop: true }))
    const frames = framesOf(await (await raw('/v1/messages', true)).text())
    const steps = frames.flatMap(
      (frame) => /"type":"content_block_(start|stop)","index":(\d+)/.exec(frame)?.slice(1, 3).join(' ') ?? [],
    )
    const indexes = [...new Set(steps.map((step) => Number(step.split(' ')[1])))]
    expect(steps).toEqual(indexes.flatMap((index) => [`start ${index}`, `stop ${index}`]))
    expect(indexes).toEqual(indexes.map((_, position) => position))
  })
})

describe('the usage', () => {
  it('of an answer that is not streamed has its input tokens', async () => {
    plan(say('Hi'))
    const { usage } = await messageOf(false)
    expect(usage.input_tokens).toBeGreaterThan(0)
    expect(usage.output_tokens).toBeGreaterThan(0)
  })

  it.each([true, false])('is what the service counted, caches apart (streamed: %s)', async (stream) => {
    const tokenUsage = {
      uncachedInputTokens: 10,
      cacheReadInputTokens: 200,
      cacheWriteInputTokens: 3000,
      outputTokens: 40,
      totalTokens: 3250,
    }
    plan(say('Hi'), told({ tokenUsage }), event('meteringEvent', { usage: 0.5, unit: 'credit' }))
    expect((await messageOf(stream)).usage).toMatchObject({
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 3000,
      output_tokens: 40,
    })
  })
})

describe('thinking', () => {
  it.each([true, false])(
    'has the signature of the model, and what it redacts (streamed: %s)',
    async (stream) => {
      plan(
        think({ text: 'Hm.' }),
        think({ signature: 'c2ln' }),
        think({ redactedContent: 'cmVk' }),
        say('Hi'),
        call('a', { input: '{}', stop: true }),
      )
      const { content } = await messageOf(stream, { model: THINKER, thinking: true })
      expect(content.map(({ type }) => type)).toEqual(['thinking', 'redacted_thinking', 'text', 'tool_use'])
      expect(content[0]).toMatchObject({ thinking: 'Hm.', signature: expect.stringMatching(/c2ln$/) })
      expect(content[1]).toMatchObject({ data: expect.stringMatching(/cmVk$/) })
    },
  )
})

describe('a slow answer', () => {
  it('is waited for, by many at once', async () => {
    gateway.simulator.plan({
      behaviour: { kind: 'named', name: 'legacy-text' },
      delivery: { headersDelayMs: 1200 },
    })
    const answers = await Promise.all(Array.from({ length: 12 }, () => raw('/v1/messages', false)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })

  it('goes on while others come and go', async () => {
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'named', name: 'slow-text' } })
    const slow = await raw('/v1/messages', true)
    for (let count = 0; count < 5; count += 1) await (await raw('/v1/messages', true)).text()
    const text = await slow.text()
    expect(text).toContain('"eight "')
    expect(text).toContain('event: message_stop')
  })
})

describe.each(apis)('a client that leaves ($api)', ({ path }) => {
  it('after it got content is no fault of the account', async () => {
    planNamed('stall')
    const leaving = new AbortController()
    const answer = await gateway.fetch(path, {
      method: 'POST',
      body: JSON.stringify({
        model: MODEL,
        max_tokens: 9,
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
      }),
      signal: leaving.signal,
    })
    const reader = answer.body?.getReader()
    let received = ''
    while (!received.includes('And now'))
      received += Buffer.from((await reader?.read())?.value ?? []).toString()
    leaving.abort()
    const { order } = chats().at(-1) ?? {}
    await gateway.simulator.journal.waitFor(
      (entry) => entry.order === order && entry.outcome.kind === 'aborted-by-client',
    )
    expect(await account()).toMatchObject({ enabled: true, error_count: 0 })
  })
})

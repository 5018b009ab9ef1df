/** R1–R28 and R31: OpenAI's Responses API. */
import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { event, exception } from '../../simulator/replies/steps.ts'
import { images } from '../sample-images.ts'
import { openSocket, readAll } from '../send.ts'
import { followItems, readEvents } from '../response-stream.ts'
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
} from './lab.ts'

const PATH = '/v1/responses'
const OTHER_KEY = 'sk-conformance-too'
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const TOOL = {
  type: 'function',
  name: 'get_weather',
  description: 'Tells the weather.',
  parameters: schema,
  strict: false,
}
const QUESTION = 'Please use the tool get_weather.'

let lab: ConformanceLab
let client: OpenAI
beforeAll(async () => {
  lab = await openConformanceLab({ OPENAI_KEYS: `${KEY},${OTHER_KEY}` })
  client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: KEY, maxRetries: 0 })
})
afterAll(() => lab.close())
beforeEach(() => lab.reset())
afterEach(() => lab.gateway.assertNoViolation())

const ask = (input: unknown, more: object = {}) => ({ model: MODEL, input, ...more })
const whole = (body: object, headers?: Record<string, string>) => lab.whole(PATH, body, headers)
const stream = (body: object) => lab.stream(PATH, body)
const typesOf = (frames: readonly { event: string | undefined }[]) => frames.map((frame) => frame.event)
const outputOf = (body: unknown, type: string) =>
  listAt(body, 'output').find((item) => at(item, 'type') === type)
const calls = (name: string, input: object) => [
  event('toolUseEvent', { toolUseId: 'tooluse_1', name, input: JSON.stringify(input) }),
  event('toolUseEvent', { toolUseId: 'tooluse_1', name, stop: true }),
]
const user = (text: string) => ({ role: 'user', content: [{ type: 'input_text', text }] })

describe('an answer', () => {
  it.each([
    ['text', 'hi'],
    ['items', [user('hi')]],
    ['messages with plain content', [{ role: 'user', content: 'hi' }]],
  ])('R1: input may be text or items without a type: %s', async (_, input) => {
    expect((await whole(ask(input))).status).toBe(200)
    expect(lab.sent().users.at(-1)?.content).toContain('hi')
  })

  it('R2: an answer is a whole response, with a text for the SDK', async () => {
    const { status, body } = await whole(ask('[[sim:text:Hello]]'))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
      model: MODEL,
      output: [
        {
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
        },
      ],
      parallel_tool_calls: expect.any(Boolean),
      tools: [],
      usage: {
        input_tokens: expect.any(Number),
        output_tokens: expect.any(Number),
        total_tokens: expect.any(Number),
      },
    })
    expect((await client.responses.create({ model: MODEL, input: '[[sim:text:Hello]]' })).output_text).toBe(
      'Hello',
    )
  })
})

describe('a stream', () => {
  it.each(wholeAnswers)('R3: events come in order, numbered from zero: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    expect(frames.map(({ data }) => data['sequence_number'])).toEqual(frames.map((_, index) => index))
    expect(typesOf(frames).slice(0, 2)).toEqual(['response.created', 'response.in_progress'])
  })

  it.each(wholeAnswers)('R4: each event is named as its data: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    expect(frames.length).toBeGreaterThan(4)
    expect(frames.map(({ data }) => data['type'])).toEqual(typesOf(frames))
  })

  it.each(wholeAnswers)('R5: places and ids agree, and all that begins ends: %s', async (name) => {
    const { text } = await stream(ask(namedAnswer(name)))
    const { items, faults } = followItems(readEvents(text))
    expect(faults).toEqual([])
    expect(items.length).toBeGreaterThan(0)
  })

  it.each(wholeAnswers)('R6: an item that is done has all its content: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    const done = frames
      .filter((frame) => frame.event === 'response.output_item.done')
      .map(({ data }) => data['item'])
    expect(at(frames.at(-1)?.data, 'response.output')).toEqual(done)
    const texts = done.flatMap((item) => listAt(item, 'content').map((part) => at(part, 'text')))
    expect(texts.join('')).toBe(
      joined(
        frames.filter((frame) => frame.event === 'response.output_text.delta'),
        'delta',
      ),
    )
    const inputs = done.map((item) => textAt(item, 'arguments'))
    expect(inputs.join('')).toBe(
      joined(
        frames.filter((frame) => frame.event === 'response.function_call_arguments.delta'),
        'delta',
      ),
    )
  })

  it('R7: the last event is the response, with usage', async () => {
    const { frames } = await stream(ask('hi'))
    expect(typesOf(frames).at(-1)).toBe('response.completed')
    const usage = at(frames.at(-1)?.data, 'response.usage')
    expect(Number(at(usage, 'input_tokens')) + Number(at(usage, 'output_tokens'))).toBe(
      at(usage, 'total_tokens'),
    )
  })
})

describe('tools', () => {
  const call = { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' }

  it('R8: a call and its output go round without being kept', async () => {
    const common = { tools: [TOOL], store: false }
    const first = await whole(ask(QUESTION, common))
    const called = outputOf(first.body, 'function_call')
    expect(called).toMatchObject({
      name: 'get_weather',
      call_id: expect.any(String),
      arguments: '{"city":"example"}',
    })
    const output = {
      type: 'function_call_output',
      call_id: at(called, 'call_id'),
      output: 'rain, 12 degrees',
    }
    const second = await whole(ask([user(QUESTION), called, output], common))
    expect(JSON.stringify(outputOf(second.body, 'message'))).toContain('rain, 12 degrees')
  })

  it('R9: ids of calls come back', async () => {
    const output = { type: 'function_call_output', call_id: 'call_1', output: 'rain' }
    expect((await whole(ask([user('hi'), call, output], { tools: [TOOL] }))).status).toBe(200)
    const [use] = lab.sent().assistants.at(-1)?.toolUses ?? []
    expect(lab.sent().users.at(-1)?.userInputMessageContext.toolResults[0]?.toolUseId).toBe(use?.toolUseId)
    const { frames } = await stream(ask(QUESTION, { tools: [TOOL] }))
    const ids = frames.flatMap(({ data }) => at(data, 'item.call_id') ?? [])
    expect(new Set(ids).size).toBe(1)
  })

  it('R10: tools of a namespace are answered by it', async () => {
    const namespace = {
      type: 'namespace',
      name: 'multi_agent',
      description: 'Agents.',
      tools: [{ ...TOOL, name: 'spawn' }],
    }
    await whole(ask('hi', { tools: [namespace] }))
    const [declared] = lab.sent().users.at(-1)?.userInputMessageContext.tools ?? []
    lab.plan(calls(declared?.toolSpecification.name ?? '', { city: 'Oslo' }))
    const { body } = await whole(ask('hi', { tools: [namespace] }))
    expect(outputOf(body, 'function_call')).toMatchObject({ name: 'spawn', namespace: 'multi_agent' })
  })

  it('R11: a custom tool is called with plain text', async () => {
    const custom = { type: 'custom', name: 'apply_patch', description: 'Patches.', format: { type: 'text' } }
    lab.plan(calls('apply_patch', { input: '*** Begin Patch\n' }))
    const { body } = await whole(ask('hi', { tools: [custom] }))
    expect(outputOf(body, 'custom_tool_call')).toMatchObject({
      name: 'apply_patch',
      input: '*** Begin Patch\n',
      call_id: expect.any(String),
    })
  })

  it.each(['tool_search', 'web_search', 'image_generation', 'xyz'])(
    'R12: unknown tools are taken: %s',
    async (type) => {
      expect((await whole(ask('hi', { tools: [{ type }] }))).status).toBe(200)
    },
  )

  it.each([
    { type: 'additional_tools', tools: [TOOL] },
    { type: 'wizardry', level: 9 },
  ])('R13: unknown items are taken: %j', async (item) => {
    expect((await whole(ask([user('hi'), item]))).status).toBe(200)
  })
})

describe('what is said', () => {
  it('R14: what developer and system say reaches the model before the user', async () => {
    const input = [
      { role: 'developer', content: 'first rule' },
      { role: 'system', content: 'second rule' },
      user('the question'),
    ]
    expect((await whole(ask(input))).status).toBe(200)
    expect(lab.sentText()).toMatch(/first rule.*second rule.*the question/)
  })

  it('R15: instructions reach the model', async () => {
    expect((await whole(ask('hi', { instructions: 'Answer in verse.' }))).status).toBe(200)
    expect(lab.sentText()).toContain('Answer in verse.')
  })

  it('R16: reasoning of others in the history is taken', async () => {
    const reasoning = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'Hm.' }],
      encrypted_content: 'Zm9yZWlnbg==',
    }
    const message = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ho' }] }
    expect((await whole(ask([user('hi'), reasoning, message, user('go on')]))).status).toBe(200)
  })

  it('R17: sealed reasoning may be asked for', async () => {
    const more = {
      include: ['reasoning.encrypted_content'],
      store: false,
      reasoning: { effort: 'high', summary: 'auto' },
    }
    const first = await whole(ask('[[sim:thinking]]', more))
    expect(first.status).toBe(200)
    const reasoning = outputOf(first.body, 'reasoning')
    expect(at(reasoning, 'encrypted_content')).toBeTypeOf('string')
    const next = await whole(ask([user('hi'), ...listAt(first.body, 'output'), user('go on')], more))
    expect(next.status).toBe(200)
  })

  it('R18: images reach the model, from outputs too', async () => {
    const image = { type: 'input_image', image_url: `data:image/png;base64,${images.png}` }
    const sent = { format: 'png', source: { bytes: images.png } }
    expect((await whole(ask([{ role: 'user', content: [image] }]))).status).toBe(200)
    expect(lab.sent().users.at(-1)?.images).toEqual([sent])
    const call = { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' }
    const output = {
      type: 'function_call_output',
      call_id: 'call_1',
      output: [{ type: 'input_text', text: 'see' }, image],
    }
    expect((await whole(ask([user('hi'), call, output], { tools: [TOOL] }))).status).toBe(200)
    expect(lab.sent().users.at(-1)?.images).toEqual([sent])
  })

  it('R19: a schema makes the text JSON that fits it', async () => {
    lab.plan(says('```json\n{"city":', '"Oslo"}\n```'))
    const format = { type: 'json_schema', name: 'place', strict: true, schema }
    const { body } = await whole(ask('Where?', { text: { format } }))
    expect(JSON.parse(textAt(outputOf(body, 'message'), 'content.0.text'))).toEqual({ city: 'Oslo' })
  })
})

describe('what is kept', () => {
  it('R20: a response that is gone on from is seen, by its own key alone', async () => {
    const { body } = await whole(ask('The word is heron.'))
    const next = ask('Which word?', { previous_response_id: body['id'] })
    expect((await whole(next)).status).toBe(200)
    expect(
      lab
        .sent()
        .users.map(({ content }) => content)
        .join(),
    ).toContain('The word is heron.')
    const refused = { status: 400, body: { error: { code: 'previous_response_not_found' } } }
    expect(await whole(ask('x', { previous_response_id: 'resp_unknown' }))).toMatchObject(refused)
    expect(await whole(next, { authorization: `Bearer ${OTHER_KEY}` })).toMatchObject(refused)
  })

  it('R21: a kept response is shown, deleted and gone', async () => {
    const { body } = await whole(ask('hi', { store: true }))
    const path = `${PATH}/${String(body['id'])}`
    expect(await (await lab.get(path)).json()).toEqual(body)
    const headers = { authorization: `Bearer ${KEY}` }
    const deleted = await lab.gateway.fetch(path, { method: 'DELETE', headers })
    expect(await deleted.json()).toMatchObject({ id: body['id'], deleted: true })
    expect((await lab.get(path)).status).toBe(404)
  })

  it('R22: a response that is not to be kept is not found', async () => {
    const { body } = await whole(ask('hi', { store: false }))
    expect((await lab.get(`${PATH}/${String(body['id'])}`)).status).toBe(404)
  })

  it('R28: a compaction is one item that is taken later', async () => {
    const { body } = await whole(
      ask([user('The word is heron.'), { type: 'compaction_trigger' }], { store: false }),
    )
    const compactions = listAt(body, 'output').filter((item) => at(item, 'type') === 'compaction')
    expect(compactions).toHaveLength(1)
    expect(listAt(body, 'output')).toHaveLength(1)
    expect((await whole(ask([...compactions, user('Which word?')], { store: false }))).status).toBe(200)
  })
})

describe('what cannot be', () => {
  it('R23: a WebSocket is refused at once', async () => {
    const head = [
      `GET ${PATH} HTTP/1.1`,
      'host: localhost',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
      `authorization: Bearer ${KEY}`,
    ]
    const socket = await openSocket(lab.gateway.url, `${head.join('\r\n')}\r\n\r\n`)
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 426 /)
  })

  it('R24: a plain GET has an answer in JSON', async () => {
    const answer = await lab.get(PATH)
    expect([404, 405]).toContain(answer.status)
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } })
  })

  it('R25: a failure in the middle fails the response', async () => {
    lab.plan([...says('The first half'), exception('internalServerException', { message: 'Broken.' })])
    const { frames } = await stream(ask('hi'))
    expect(typesOf(frames).at(-1)).toBe('response.failed')
    expect(at(frames.at(-1)?.data, 'response.error.code')).toBeTypeOf('string')
  })

  it.each(['input-too-long', 'prompt-too-long'])(
    'R26: too long a prompt has the code that clients know: %s',
    async (name) => {
      expect(await whole(ask(namedAnswer(name)))).toMatchObject({
        status: 400,
        body: { error: { code: 'context_length_exceeded' } },
      })
    },
  )

  it('R27: another account is asked before a client is told to wait', async () => {
    const second = await lab.gateway.addAccount()
    lab.gateway.simulator.plan({ times: 1, behaviour: { kind: 'named', name: 'throttled' } })
    const { frames } = await stream(ask('hi'))
    expect(typesOf(frames).at(-1)).toBe('response.completed')
    await lab.gateway.fetch(`/v2/accounts/${second}`, { method: 'DELETE' })
    await lab.reset()
    lab.gateway.simulator.plan({ behaviour: { kind: 'named', name: 'throttled' } })
    const codex = {
      authorization: `Bearer ${KEY}`,
      originator: 'codex_exec',
      'user-agent': 'codex_exec/0.169.0',
    }
    const told = await lab.stream(PATH, ask('hi'), codex)
    expect(told.status).toBe(200)
    expect(at(told.frames.at(-1)?.data, 'response.error')).toMatchObject({
      code: 'rate_limit_exceeded',
      message: expect.stringMatching(/try again in [\d.]+ ?s/i),
    })
  })
})

it('R31: the AI SDK works by its default, and the SDK by streams', async () => {
  const response = await client.responses.stream({ model: MODEL, input: 'Say heron.' }).finalResponse()
  expect(response.output_text).toContain('heron')
  const openai = createOpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: KEY })
  const pieces: string[] = []
  for await (const piece of streamText({ model: openai(MODEL), maxRetries: 0, prompt: 'Say heron.' })
    .textStream)
    pieces.push(piece)
  expect(pieces.join('')).toContain('heron')
})

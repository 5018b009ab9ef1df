/** A1–A47: Anthropic's Messages API. */
import Anthropic from '@anthropic-ai/sdk'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { event, exception, stall } from '../../simulator/replies/steps.ts'
import { readConfig } from '../../src/config.ts'
import { images, imageFormats } from '../sample-images.ts'
import {
  at,
  faults,
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

const PATH = '/v1/messages'
const TOOL = {
  name: 'get_weather',
  description: 'Tells the weather.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
}

let lab: ConformanceLab
beforeAll(async () => {
  lab = await openConformanceLab()
})
afterAll(() => lab.close())
beforeEach(() => lab.reset())
afterEach(() => lab.gateway.assertNoViolation())

const user = (content: unknown) => ({ role: 'user', content })
const ask = (content: unknown, more: object = {}) => ({
  model: MODEL,
  max_tokens: 100_000,
  messages: [user(content)],
  ...more,
})
const whole = (body: object, headers?: Record<string, string>) => lab.whole(PATH, body, headers)
const stream = (body: object) => lab.stream(PATH, body)
const textOf = (body: unknown) =>
  listAt(body, 'content')
    .map((block) => textAt(block, 'text'))
    .join('')
const toolResults = () => lab.sent().users.at(-1)?.userInputMessageContext.toolResults ?? []
const toolResult = (id: string, content = `of ${id}`) => ({ type: 'tool_result', tool_use_id: id, content })
const document = (source: object) => [
  { type: 'document', source },
  { type: 'text', text: 'Sum it up.' },
]
const count = async (content: string, more: object = {}) => {
  const { status, body } = await lab.whole(`${PATH}/count_tokens`, {
    model: MODEL,
    messages: [user(content)],
    ...more,
  })
  expect([status, Object.keys(body)]).toEqual([200, ['input_tokens']])
  return Number(body['input_tokens'])
}
const typesOf = (frames: readonly { event: string | undefined }[]) => frames.map((frame) => frame.event)

describe('an answer', () => {
  it('A1: a text has the fields of a message', async () => {
    const { status, body } = await whole(ask('[[sim:text:Hello]]'))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: expect.stringMatching(/^msg_/),
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
    })
  })

  it.each([MODEL, 'claude-sonnet-4-5-20250929', 'claude-opus-4-6[1m]'])(
    'A2: the model is named as it was asked for: %s',
    async (model) => {
      expect((await whole(ask('hi', { model }))).body).toMatchObject({ model })
      const { frames } = await stream(ask('hi', { model }))
      expect(at(frames[0]?.data, 'message.model')).toBe(model)
    },
  )

  it.each(['?beta=true', '?a=b&c', '?'])('A3: every query string is taken: %s', async (query) => {
    expect((await lab.post(PATH + query, ask('hi'))).status).toBe(200)
  })

  it.each(['/messages', '/v1/v1/messages', '/anthropic/v1/messages'])(
    'A4: every spelling of the path gives the same: %s',
    async (path) => {
      const there = await lab.whole(path, ask('[[sim:text:same]]'))
      const here = await whole(ask('[[sim:text:same]]'))
      expect({ ...there.body, id: '' }).toEqual({ ...here.body, id: '' })
    },
  )

  it.each([
    { 'anthropic-version': '2023-06-01' },
    { 'anthropic-version': '2026-10-21' },
    {},
    { 'anthropic-version': 'garbage' },
  ])('A5: every version is taken: %j', async (headers) => {
    expect((await whole(ask('hi'), { ...headers, 'x-api-key': KEY })).status).toBe(200)
  })

  it('A6: unknown betas are taken', async () => {
    const headers = { 'x-api-key': KEY, 'anthropic-beta': 'no-such-thing-2099-01-01,another' }
    expect((await whole(ask('hi'), headers)).status).toBe(200)
  })

  it.each<Record<string, string>>([
    { 'x-api-key': KEY },
    { authorization: `Bearer ${KEY}` },
    { 'x-api-key': KEY, authorization: `Bearer ${KEY}` },
    { 'x-api-key': KEY, authorization: '' },
    { 'x-api-key': '', authorization: `Bearer ${KEY}` },
  ])('A7: the key may come in either header, or in both: %j', async (headers) => {
    expect((await whole(ask('hi'), headers)).status).toBe(200)
  })
})

describe('a stream', () => {
  it.each(wholeAnswers)('A8: a stream begins, says why it ends once, and stops: %s', async (name) => {
    const { frames, text } = await stream(ask(namedAnswer(name)))
    const types = typesOf(frames)
    expect(types[0]).toBe('message_start')
    expect(types.at(-1)).toBe('message_stop')
    expect(types.filter((type) => type === 'message_delta')).toHaveLength(1)
    expect(text).not.toContain('[DONE]')
  })

  it.each(wholeAnswers)('A9: each frame is named as its data: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    expect(frames.length).toBeGreaterThan(3)
    expect(frames.map(({ data }) => data['type'])).toEqual(typesOf(frames))
  })

  it.each(wholeAnswers)('A10: blocks are numbered in order and never interleave: %s', async (name) => {
    const { frames } = await stream(ask(namedAnswer(name)))
    const blocks = frames.flatMap(({ event: type, data }) =>
      data['index'] === undefined ? [] : [`${type} ${JSON.stringify(data['index'])}`],
    )
    const inOrder = [...new Set(blocks)]
    // Each begins once, goes on and ends before the next begins.
    expect(blocks.filter((each, index) => each !== blocks[index - 1])).toEqual(inOrder)
    const places = inOrder.map((each) => Number(each.split(' ')[1]))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect([...new Set(places)]).toEqual([...new Set(places)].map((_, index) => index))
    for (const place of places) {
      const own = inOrder.filter((each) => each.endsWith(` ${place}`))
      expect([own[0], own.at(-1)]).toEqual([`content_block_start ${place}`, `content_block_stop ${place}`])
    }
    expect(places.length).toBeGreaterThan(0)
  })

  it.each(['[[sim:slice:1]]', '[[sim:slice:3]]', '[[sim:slice:whole]]'])(
    'A11: the streamed text is the whole text, however bytes were cut: %s',
    async (slice) => {
      const prompt = `[[sim:multibyte]] ${slice}`
      const { frames } = await stream(ask(prompt))
      const text = joined(frames, 'delta.text')
      expect(text).toBe(textOf((await whole(ask(prompt))).body))
      expect(Buffer.byteLength(text)).toBeGreaterThan(text.length)
    },
  )

  it.each(['one-tool', 'object-input', 'single-tool-event'])(
    'A12: the pieces of an input join to the input of the whole answer: %s',
    async (name) => {
      const { frames } = await stream(ask(namedAnswer(name)))
      const start = frames.find(({ data }) => at(data, 'content_block.type') === 'tool_use')
      expect(at(start?.data, 'content_block.input')).toEqual({})
      const inWhole = listAt((await whole(ask(namedAnswer(name)))).body, 'content').find(
        (block) => at(block, 'type') === 'tool_use',
      )
      const input: unknown = JSON.parse(joined(frames, 'delta.partial_json'))
      expect(input).toEqual(at(inWhole, 'input'))
      expect(Object.keys(Object(input)).length).toBeGreaterThan(0)
    },
  )

  it.each(['empty-tool-input', 'no-tool-input'])(
    'A13: a call without arguments has an empty input: %s',
    async (name) => {
      const client = new Anthropic({ baseURL: lab.gateway.url, apiKey: KEY, maxRetries: 0 })
      const body = {
        model: MODEL,
        max_tokens: 100,
        messages: [{ role: 'user' as const, content: namedAnswer(name) }],
      }
      const { content } = await client.messages.stream(body).finalMessage()
      expect(content.find((block) => block.type === 'tool_use')).toMatchObject({ input: {} })
      expect(listAt((await whole(body)).body, 'content')).toContainEqual(
        expect.objectContaining({ type: 'tool_use', input: {} }),
      )
    },
  )

  it.each(['two-tools', 'two-tools-interleaved'])(
    'A14: two calls are two blocks with ids of their own: %s',
    async (name) => {
      const { body } = await whole(ask(namedAnswer(name)))
      const calls = listAt(body, 'content').filter((block) => at(block, 'type') === 'tool_use')
      expect(new Set(calls.map((block) => at(block, 'id'))).size).toBe(2)
      expect(body).toMatchObject({ stop_reason: 'tool_use' })
      const { frames } = await stream(ask(namedAnswer(name)))
      expect(frames.filter(({ data }) => at(data, 'content_block.type') === 'tool_use')).toHaveLength(2)
      expect(frames.map(({ data }) => at(data, 'delta.stop_reason'))).toContain('tool_use')
    },
  )
})

describe('tools', () => {
  const called = (id: string, name = TOOL.name) => ({ type: 'tool_use', id, name, input: { city: 'Oslo' } })
  const conversation = (calls: object[], answers: object[]) => ({
    ...ask(''),
    tools: [TOOL],
    messages: [user('hi'), { role: 'assistant', content: calls }, user(answers)],
  })
  it('A15: ids of calls are plain and come back', async () => {
    const { body } = await whole(ask('Please use the tool get_weather.', { tools: [TOOL] }))
    const id = String(
      at(
        listAt(body, 'content').find((block) => at(block, 'type') === 'tool_use'),
        'id',
      ),
    )
    expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    const answer = { type: 'tool_result', tool_use_id: id, content: 'rain' }
    expect((await whole(conversation([called(id)], [answer]))).status).toBe(200)
    expect(lab.sent().assistants.at(-1)?.toolUses[0]?.toolUseId).toBe(toolResults()[0]?.toolUseId)
  })

  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: images.png } }
  it.each<[string, object, string, RegExp]>([
    ['a string', { content: 'rain' }, 'success', /^rain$/],
    ['a text', { content: [{ type: 'text', text: 'rain' }] }, 'success', /^rain$/],
    ['a text and an image', { content: [{ type: 'text', text: 'rain' }, image] }, 'success', /^rain/],
    ['an empty list', { content: [] }, 'success', /./],
    ['nothing', {}, 'success', /./],
    ['an error', { content: 'no such city', is_error: true }, 'error', /no such city/],
  ])('A16: a result may be any content, with its status: %s', async (_, content, status, text) => {
    const answer = { type: 'tool_result', tool_use_id: 'toolu_1', ...content }
    expect((await whole(conversation([called('toolu_1')], [answer]))).status).toBe(200)
    expect(toolResults()).toMatchObject([{ status, content: [{ text: expect.stringMatching(text) }] }])
  })

  it('A17: results are matched by id in any order', async () => {
    const answers = [toolResult('toolu_2'), toolResult('toolu_1')]
    const body = conversation([called('toolu_1'), called('toolu_2')], answers)
    expect((await whole(body)).status).toBe(200)
    const uses = lab.sent().assistants.at(-1)?.toolUses ?? []
    expect(uses).toHaveLength(2)
    for (const [index, { toolUseId }] of uses.entries()) {
      const result = toolResults().find((each) => each.toolUseId === toolUseId)
      expect(result?.content[0]?.text).toBe(`of toolu_${index + 1}`)
    }
  })

  it.each<[string, object[], object[]]>([
    [
      'no such call',
      [{ type: 'text', text: 'I see.' }],
      [{ type: 'tool_result', tool_use_id: 'toolu_9', content: 'x' }],
    ],
    ['no result', [called('toolu_1')], [{ type: 'text', text: 'go on' }]],
    [
      'half of the results',
      [called('toolu_1'), called('toolu_2')],
      [{ type: 'tool_result', tool_use_id: 'toolu_2', content: 'x' }],
    ],
  ])('A18: a result or a call without its other half is mended, or named: %s', async (_, calls, answers) => {
    expect((await whole(conversation(calls, answers))).status).toBe(200)
    const uses = lab.sent().assistants.flatMap((each) => each.toolUses.map(({ toolUseId }) => toolUseId))
    expect(
      toolResults()
        .map(({ toolUseId }) => toolUseId)
        .toSorted(),
    ).toEqual(uses.toSorted())
  })

  it.each<[object, boolean]>([
    [{ type: 'any' }, true],
    [{ type: 'tool', name: TOOL.name }, true],
    [{ type: 'auto', disable_parallel_tool_use: true }, true],
    [{ type: 'none' }, false],
  ])('A32: choices of tools are kept: %j', async (choice, mayCall) => {
    lab.plan(
      [
        event('toolUseEvent', { toolUseId: 'tooluse_1', name: TOOL.name, input: '{}' }),
        event('toolUseEvent', { toolUseId: 'tooluse_1', name: TOOL.name, stop: true }),
      ],
      says('done'),
    )
    const { status, body } = await whole(ask('hi', { tools: [TOOL], tool_choice: choice }))
    expect(status).toBe(200)
    expect(listAt(body, 'content').some((block) => at(block, 'type') === 'tool_use')).toBe(mayCall)
  })

  it.each([
    { type: 'web_search_20250305', name: 'web_search' },
    { type: 'bash_20250124', name: 'bash' },
    { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
    { type: 'memory_20250818', name: 'memory' },
    { type: 'computer_20250124', name: 'computer', display_width_px: 1, display_height_px: 1 },
    { type: 'wizardry_20990101', name: 'wizardry' },
  ])('A33: tools of the server are no error and stay here: $type', async (serverTool) => {
    const { status } = await whole(ask('hi', { tools: [serverTool] }))
    expect(status).toBe(200)
    expect(lab.sentText()).not.toContain(serverTool.type)
  })
})

describe('prompts', () => {
  it.each([
    ['text', 'Be terse.'],
    ['blocks', [{ type: 'text', text: 'Be terse.', cache_control: { type: 'ephemeral' } }]],
    ['nothing', undefined],
  ])('A19: a system prompt may be text, blocks or absent: %s', async (_, system) => {
    expect((await whole(ask('hi', system === undefined ? {} : { system }))).status).toBe(200)
    expect(lab.sentText().includes('Be terse.')).toBe(system !== undefined)
  })

  it('A20: the billing header of Claude Code stays here', async () => {
    const header = 'x-anthropic-billing-header: cc_version=2.1.330.abc; cch=12345;'
    const system = [
      { type: 'text', text: header },
      { type: 'text', text: 'Be terse.' },
    ]
    expect((await whole(ask('hi', { system }))).status).toBe(200)
    expect(lab.sentText()).toContain('Be terse.')
    expect(lab.sentText()).not.toMatch(/billing-header|cc_version/)
  })

  it.each([
    ['text', 'Mind the gap.'],
    ['blocks', [{ type: 'text', text: 'Mind the gap.' }]],
  ])('A21: a system message among the others reaches the model: %s', async (_, content) => {
    const messages = [
      user('hi'),
      { role: 'assistant', content: 'ho' },
      { role: 'system', content },
      user('go on'),
    ]
    expect((await whole(ask('', { messages }))).status).toBe(200)
    expect(lab.sentText()).toContain('Mind the gap.')
  })

  it('A22: several messages of the user in a row keep their order', async () => {
    expect((await whole(ask('', { messages: [user('first'), user('second'), user('third')] }))).status).toBe(
      200,
    )
    expect(lab.sentText()).toMatch(/first.*second.*third/)
  })

  it.each(imageFormats)(
    'A23: images of four formats reach the model, a foreign one is named: %s',
    async (format) => {
      const image = (mediaType: string) => ({
        type: 'image',
        source: { type: 'base64', media_type: mediaType, data: images[format] },
      })
      expect((await whole(ask([image(`image/${format}`)]))).status).toBe(200)
      expect(lab.sent().users.at(-1)?.images).toEqual([{ format, source: { bytes: images[format] } }])
      const { status, body } = await whole(ask([{ type: 'text', text: 'x' }, image('image/tiff')]))
      expect([status, at(body, 'error.message')]).toEqual([
        400,
        expect.stringContaining('messages.0.content.1'),
      ])
    },
  )

  it.each([
    'http://127.0.0.1/a.png',
    'http://localhost/a.png',
    'http://[::1]/a.png',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])('A24: an image by address is never fetched from inside: %s', async (url) => {
    const { status } = await whole(ask([{ type: 'image', source: { type: 'url', url } }]))
    expect(status).toBe(400)
    expect(lab.gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })

  it('A25: a text document is read, a file of elsewhere refused', async () => {
    const text = document({ type: 'text', media_type: 'text/plain', data: 'The heron stands.' })
    expect((await whole(ask(text))).status).toBe(200)
    expect(lab.sentText()).toContain('The heron stands.')
    const { status, body } = await whole(ask(document({ type: 'file', file_id: 'file_1' })))
    expect([status, at(body, 'error.message')]).toEqual([
      400,
      expect.stringContaining('messages.0.content.0'),
    ])
  })

  it.each<[string, object]>([
    ['ours', {}],
    ['foreign', { signature: 'RXJyb3IgMTIzNDU2Nzg5MA==' }],
    ['empty', { signature: '' }],
    ['redacted', { type: 'redacted_thinking', data: 'b3BhcXVl' }],
  ])('A28: thinking in the history is taken, whoever signed it: %s', async (name, given) => {
    const first = await whole(ask('[[sim:thinking]]', { thinking: { type: 'enabled', budget_tokens: 2000 } }))
    const [ours] = listAt(first.body, 'content')
    expect(at(ours, 'type')).toBe('thinking')
    const block = name === 'ours' ? ours : { type: 'thinking', thinking: 'Hm.', ...given }
    const messages = [
      user('hi'),
      { role: 'assistant', content: [block, { type: 'text', text: 'ho' }] },
      user('go on'),
    ]
    expect((await whole(ask('', { messages }))).status).toBe(200)
  })
})

describe('parameters', () => {
  const thinking = { thinking: { type: 'enabled', budget_tokens: 2000 } }

  it('A26: thinking comes first, signed once, then the text', async () => {
    const { frames } = await stream(ask('[[sim:thinking]]', thinking))
    const starts = frames.flatMap(({ data }) => at(data, 'content_block.type') ?? [])
    expect(starts).toEqual(['thinking', 'text'])
    expect(joined(frames, 'delta.thinking').length).toBeGreaterThan(0)
    const deltas = frames.flatMap(({ data }) => at(data, 'delta.type') ?? [])
    expect(deltas.filter((type) => type === 'signature_delta')).toHaveLength(1)
    expect(deltas.lastIndexOf('thinking_delta')).toBeLessThan(deltas.indexOf('signature_delta'))
    expect(deltas.indexOf('signature_delta')).toBeLessThan(deltas.indexOf('text_delta'))
  })

  it.each([
    { type: 'adaptive' },
    { type: 'disabled' },
    { type: 'between_tools' },
    { type: 'enabled', budget_tokens: 2000, display: 'omitted' },
  ])('A27: every form of thinking is taken: %j', async (each) => {
    expect((await whole(ask('hi', { thinking: each }))).status).toBe(200)
  })

  it.each<[unknown, number, unknown]>([
    [128_000, 200, undefined],
    [1, 200, undefined],
    [undefined, 400, expect.stringMatching(/^max_tokens: /)],
    ['abc', 400, expect.stringMatching(/^max_tokens: /)],
  ])(
    'A29: every limit is taken, a missing or wrong one is named: %j',
    async (maxTokens, expected, message) => {
      const { status, body } = await whole({ ...ask('hi'), max_tokens: maxTokens })
      expect([status, at(body, 'error.message')]).toEqual([expected, message])
    },
  )

  it('A30: the text ends before a stop sequence, even one in pieces', async () => {
    const pieces = says('before ST', 'O', 'P after')
    lab.plan(pieces, pieces)
    const body = ask('hi', { stop_sequences: ['STOP', 'HALT'] })
    const expected = { stop_reason: 'stop_sequence', stop_sequence: 'STOP' }
    const { frames } = await stream(body)
    expect(joined(frames, 'delta.text')).toBe('before ')
    expect(frames.find((frame) => frame.event === 'message_delta')?.data['delta']).toEqual(expected)
    expect((await whole(body)).body).toMatchObject({ ...expected, content: [{ text: 'before ' }] })
  })

  it("A31: the model's own limit is told", async () => {
    expect((await whole(ask('[[sim:max-tokens]]'))).body).toMatchObject({ stop_reason: 'max_tokens' })
    const { frames } = await stream(ask('[[sim:max-tokens]]'))
    expect(frames.map(({ data }) => at(data, 'delta.stop_reason'))).toContain('max_tokens')
  })

  it.each(['output_config', 'output_format'])(
    'A34: a schema makes the text JSON that fits it: %s',
    async (field) => {
      const schema = {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
        additionalProperties: false,
      }
      const format = { type: 'json_schema', schema }
      lab.plan(says('Sure:\n```json\n{"city": ', '"Oslo"}\n```'))
      const { status, body } = await whole(
        ask('hi', field === 'output_config' ? { output_config: { format } } : { output_format: format }),
      )
      expect(status).toBe(200)
      expect(JSON.parse(textOf(body))).toEqual({ city: 'Oslo' })
    },
  )

  it('A35: unknown fields are taken', async () => {
    const content = [
      { type: 'text', text: 'hi', mood: 'fine', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]
    const more = {
      wizardry: { level: 9 },
      context_management: { edits: [] },
      service_tier: 'auto',
      mcp_servers: [],
    }
    expect((await whole(ask(content, more))).status).toBe(200)
  })

  it('A36: usage is in its places, as whole numbers', async () => {
    const { frames } = await stream(ask('hi'))
    const usage = at(frames[0]?.data, 'message.usage')
    expect(at(usage, 'input_tokens')).toBeGreaterThan(0)
    for (const name of ['cache_creation_input_tokens', 'cache_read_input_tokens']) {
      expect(Number.isInteger(at(usage, name))).toBe(true)
    }
    const end = frames.find((frame) => frame.event === 'message_delta')
    expect(at(end?.data, 'usage.output_tokens')).toBeGreaterThanOrEqual(1)
  })
})

describe('waiting and failing', () => {
  it('A37: a silent service does not make the stream silent', async () => {
    expect(readConfig({}).pingIntervalSeconds).toBeLessThanOrEqual(15)
    const impatient = await openConformanceLab({
      COMMIT_AFTER_SECONDS: '0.05',
      PING_INTERVAL_SECONDS: '0.02',
    })
    impatient.plan([stall()])
    const leaving = new AbortController()
    const answer = await impatient.gateway.fetch(PATH, {
      method: 'POST',
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify(ask('hi', { stream: true })),
      signal: leaving.signal,
    })
    let text = ''
    const reader = answer.body?.getReader()
    while (text.split('event: ping').length < 4)
      text += Buffer.from((await reader?.read())?.value ?? []).toString()
    expect(text).toMatch(/^event: message_start\n/)
    leaving.abort()
    await impatient.close()
  })

  it('A38: a failure is a status before the first byte, and an event after it', async () => {
    const before = await whole(ask('[[sim:html-502]]', { stream: true }))
    expect(before.status).toBeGreaterThanOrEqual(500)
    expect(before.body).toMatchObject({ type: 'error', error: { type: 'api_error' } })
    await lab.reset()
    lab.plan([...says('The first half'), exception('internalServerException', { message: 'Broken.' })])
    const after = await stream(ask('hi'))
    expect(after.status).toBe(200)
    expect(typesOf(after.frames).at(-1)).toBe('error')
    expect(typesOf(after.frames)).not.toContain('message_stop')
  })

  it('A39: an error has its envelope and the id of its header', async () => {
    const { body, headers } = await whole({ model: MODEL })
    expect(body).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.any(String) },
      request_id: headers.get('request-id'),
    })
  })

  const STATUSES_OF: Readonly<Record<string, readonly number[]>> = {
    invalid_request_error: [400, 422],
    authentication_error: [401],
    billing_error: [402],
    permission_error: [403],
    not_found_error: [404],
    timeout_error: [408, 504],
    request_too_large: [413],
    rate_limit_error: [429],
    api_error: [500, 502, 503],
    overloaded_error: [503, 529],
  }
  it.each(faults)(
    'A40: a fault of the service has a status and a type that belong together: %s',
    async (name) => {
      const { status, body } = await whole(ask(namedAnswer(name)))
      const type = textAt(body, 'error.type')
      expect(STATUSES_OF[type]).toContain(status)
      expect(status).not.toBe(401)
    },
  )

  it.each(['input-too-long', 'prompt-too-long', 'chat-context-too-long'])(
    'A41: too long a prompt is told in the words that clients read: %s',
    async (name) => {
      const { status, body } = await whole(ask(namedAnswer(name)))
      expect([status, at(body, 'error.type')]).toEqual([400, 'invalid_request_error'])
      expect(at(body, 'error.message')).toMatch(/^prompt is too long: \d+ tokens > \d+ maximum/)
    },
  )

  it('A42: whether to try again is told, and when', async () => {
    for (const name of ['monthly-limit', 'suspended', 'invalid-bearer']) {
      await lab.reset()
      expect((await whole(ask(namedAnswer(name)))).headers.get('x-should-retry')).toBe('false')
    }
    await lab.reset()
    const { status, headers } = await whole(ask('[[sim:throttled]]'))
    expect([status, headers.get('x-should-retry')]).toEqual([429, null])
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  })
})

describe('beside the messages', () => {
  it('A43: tokens are counted here, thirty prompts at once', async () => {
    const [few, same, many] = [
      await count('foo'),
      await count('foo', { tools: [] }),
      await count('a heron '.repeat(2000)),
    ]
    expect(few).toBeGreaterThan(0)
    expect(same).toBe(few)
    expect(many).toBeGreaterThan(few + 1000)
    const texts = Array.from({ length: 30 }, (_, index) => `${index} herons `.repeat(index + 1))
    const counts = await Promise.all(texts.map((text) => count(text)))
    expect(counts.every((each) => Number.isInteger(each) && each > 0)).toBe(true)
    expect(lab.gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })

  const version = { 'anthropic-version': '2023-06-01', 'x-api-key': KEY }
  it("A44: models are listed in Anthropic's form", async () => {
    const body: unknown = await (await lab.get('/v1/models', version)).json()
    const data = listAt(body, 'data')
    expect(data.length).toBeGreaterThan(2)
    for (const model of data) {
      expect(model).toMatchObject({
        type: 'model',
        id: expect.any(String),
        display_name: expect.any(String),
        created_at: expect.stringMatching(/^\d{4}-/),
      })
    }
    expect(body).toMatchObject({
      has_more: false,
      first_id: at(data[0], 'id'),
      last_id: at(data.at(-1), 'id'),
    })
    const listed: string[] = []
    const client = new Anthropic({ baseURL: lab.gateway.url, apiKey: KEY, maxRetries: 0 })
    for await (const { id } of client.models.list()) listed.push(id)
    expect(listed).toEqual(data.map((model) => at(model, 'id')))
  })

  it('A45: pages of models end and hold each once', async () => {
    const all = listAt(await (await lab.get('/v1/models?limit=1000', version)).json(), 'data').map((model) =>
      at(model, 'id'),
    )
    const paged: unknown[] = []
    for (let after = ''; paged.length <= all.length;) {
      const page: unknown = await (await lab.get(`/v1/models?limit=2${after}`, version)).json()
      paged.push(...listAt(page, 'data').map((model) => at(model, 'id')))
      if (at(page, 'has_more') !== true) break
      after = `&after_id=${encodeURIComponent(textAt(page, 'last_id'))}`
    }
    expect(paged).toEqual(all)
  })

  it('A46: one model is shown, an unknown one not found', async () => {
    expect((await lab.get(`/v1/models/${MODEL}`, version)).status).toBe(200)
    const unknown = await lab.get('/v1/models/no-such-model', version)
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
  })

  it('A47: a listed id begins with claude', async () => {
    const body: unknown = await (await lab.get('/v1/models?limit=1000', version)).json()
    expect(
      listAt(body, 'data').filter((model) => textAt(model, 'id').startsWith('claude')).length,
    ).toBeGreaterThan(0)
  })
})

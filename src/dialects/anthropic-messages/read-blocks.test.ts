import { describe, expect, it } from 'vitest'
import { images } from '../../../test/sample-images.ts'
import { readRequest } from './read-request.ts'

type Json = Record<string, unknown>

const read = (messages: unknown[], more: Json = {}) =>
  readRequest({ model: 'm', max_tokens: 1, messages, ...more }, {})
const partsOf = (...content: Json[]) => read([{ role: 'user', content }]).conversation.turns[0]?.parts
const hi = { role: 'user', content: 'hi' }
const saidOf = (...content: Json[]) =>
  read([hi, { role: 'assistant', content }]).conversation.turns[1]?.parts ?? []
const refusalOf = (field: string) =>
  expect.objectContaining({
    failure: expect.objectContaining({
      kind: 'invalid-request',
      field,
      message: expect.stringMatching(`^${field}: `),
    }),
  })

const text = (value: string) => ({ kind: 'text', text: value })
const base64 = (value: string) => Buffer.from(value).toString('base64')
const mark = { cache_control: { type: 'ephemeral' } }
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: images.png } }
const document = (source: Json, more: Json = {}) => ({ type: 'document', source, ...more })
const pdf = base64('%PDF-1.7')
const at = 'messages.0.content.0.source'

describe('a document', () => {
  it.each<[string, Json, Json[]]>([
    [
      'base64',
      document({ type: 'base64', media_type: 'application/pdf', data: pdf }),
      [{ kind: 'document', name: 'document', format: 'pdf', base64: pdf, field: `${at}.data` }],
    ],
    [
      'base64 of any format, with its title',
      document({ type: 'base64', media_type: 'text/csv', data: base64('a,b') }, { title: 'T', ...mark }),
      [
        {
          kind: 'document',
          name: 'T',
          format: 'csv',
          base64: base64('a,b'),
          field: `${at}.data`,
          cacheMark: {},
        },
      ],
    ],
    [
      'text, after its context',
      document({ type: 'text', media_type: 'text/plain', data: 'a' }, { context: 'Mind the date.' }),
      [
        text('Mind the date.'),
        { kind: 'document', name: 'document', format: 'txt', base64: base64('a'), field: `${at}.data` },
      ],
    ],
    [
      'an empty text',
      document({ type: 'text', media_type: 'text/plain', data: '' }),
      [{ kind: 'document', name: 'document', format: 'txt', base64: '', field: `${at}.data` }],
    ],
    [
      'a string as content',
      document({ type: 'content', content: 'a' }),
      [{ kind: 'document', name: 'document', format: 'txt', base64: base64('a'), field: `${at}.content` }],
    ],
    [
      'blocks as content',
      document(
        { type: 'content', content: [{ type: 'text', text: 'a' }, picture] },
        { title: 'T', citations: { enabled: true }, ...mark },
      ),
      [text('Document: T'), text('a'), { kind: 'image', format: 'png', base64: images.png, cacheMark: {} }],
    ],
  ])('is taken as %s, in a message and in a tool result', (_, block, parts) => {
    expect(partsOf(block)).toEqual(parts)
    const result = { type: 'tool_result', tool_use_id: 'a', content: [block] }
    const nested = JSON.stringify(parts).replaceAll(at, 'messages.0.content.0.content.0.source')
    expect(partsOf(result)).toEqual([
      { kind: 'tool-result', toolUseId: 'a', content: JSON.parse(nested), failed: false },
    ])
  })

  it.each<[string, Json, string]>([
    ['a URL', { type: 'url', url: 'https://example.com/a.pdf' }, at],
    ['a file', { type: 'file', file_id: 'file_1' }, at],
    ['no base64', { type: 'base64', media_type: 'application/pdf', data: '~' }, `${at}.data`],
    ['no known format', { type: 'base64', media_type: 'application/zip', data: 'AAAA' }, `${at}.data`],
    ['content of another kind', { type: 'content', content: [{ type: 'video' }] }, `${at}.content.0`],
  ])('is refused by its path when it is %s', (_, source, field) => {
    expect(() => partsOf(document(source))).toThrow(refusalOf(field))
  })
})

describe('a search result', () => {
  const result = {
    type: 'search_result',
    source: 'https://example.com',
    title: 'Example',
    content: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
    citations: { enabled: true },
  }
  const words = text('Search result: Example\nSource: https://example.com\n\na\n\nb')

  it('is told in words, wherever it stands', () => {
    expect(partsOf(result)).toEqual([words])
    expect(saidOf(result)).toEqual([words])
    expect(partsOf({ type: 'tool_result', tool_use_id: 'a', content: [result] })).toMatchObject([
      { content: [words] },
    ])
  })

  it('is refused by its path when it holds anything but text', () => {
    expect(() => partsOf({ ...result, content: [picture] })).toThrow(
      refusalOf('messages.0.content.0.content.0'),
    )
  })
})

describe('a tool result', () => {
  it.each<[string, unknown, unknown[]]>([
    ['nothing', undefined, []],
    ['null', null, []],
    ['an empty text', '', []],
    ['a text', 'a', [text('a')]],
    [
      'a reference to a tool',
      [{ type: 'tool_reference', tool_name: 'Grep', ...mark }],
      [{ ...text('[Tool: Grep]'), cacheMark: {} }],
    ],
    [
      'the state of a browser',
      [{ type: 'browser_state', tabs: [{ tab_id: 1, title: 'T', url: 'https://example.com' }] }],
      [text('[Browser state]\nT\nhttps://example.com')],
    ],
    ['an unknown block with a text', [{ type: 'later', text: 'a' }], [text('a')]],
    ['an unknown block without one', [{ type: 'later' }], []],
  ])('may have %s', (_, content, pieces) => {
    expect(partsOf({ type: 'tool_result', tool_use_id: 'a', content })).toEqual([
      { kind: 'tool-result', toolUseId: 'a', content: pieces, failed: false },
    ])
  })
})

describe('a block of an unknown type', () => {
  it('keeps its text, and is named when it has none', () => {
    const unknown = [
      { type: 'Later\r\n', text: 'a', ...mark },
      { type: 'Later\r\n' },
      { type: 'mcp_tool_listing', mcp_server_name: 's', tools: [] },
    ]
    const request = read([
      { role: 'user', content: unknown },
      { role: 'assistant', content: unknown },
      { role: 'system', content: unknown },
    ])
    expect(request.conversation.turns).toEqual([
      { role: 'user', parts: [{ ...text('a'), cacheMark: {} }] },
      { role: 'assistant', parts: [{ ...text('a'), cacheMark: {} }] },
      { role: 'user', parts: [text('<system-reminder>\na\n</system-reminder>')] },
    ])
    expect(request.ignored).toEqual(['messages.content.later', 'messages.content.mcp_tool_listing'])
  })

  it.each<Json>([
    { type: 'audio', data: 'AAAA' },
    { type: 'input_audio', input_audio: {} },
    { type: 'later', source: { type: 'file', file_id: 'f' } },
  ])('is refused by its path when it carries what words cannot: %j', (block) => {
    expect(() => partsOf(block)).toThrow(refusalOf('messages.0.content.0'))
    expect(() => partsOf({ type: 'tool_result', tool_use_id: 'a', content: [block] })).toThrow(
      refusalOf('messages.0.content.0.content.0'),
    )
    expect(() => saidOf(block)).toThrow(refusalOf('messages.1.content.0'))
  })
})

describe('a block of the other role', () => {
  it.each([
    { type: 'tool_use', id: 'a', name: 'b', input: {} },
    { type: 'thinking', thinking: 'hm', signature: '' },
    { type: 'redacted_thinking', data: '' },
  ])('is refused by its path from the user: %j', (block) => {
    expect(() => partsOf(block)).toThrow(refusalOf('messages.0.content.0'))
  })

  it.each([
    picture,
    document({ type: 'text', data: 'a' }),
    { type: 'tool_result', tool_use_id: 'a', content: 'b' },
  ])('is refused by its path from the assistant: %j', (block) => {
    expect(() => saidOf(block)).toThrow(refusalOf('messages.1.content.0'))
  })
})

describe('a message', () => {
  it('without content says nothing', () => {
    const messages = [hi, { role: 'assistant', content: null }, { role: 'user', content: [] }, hi]
    expect(read(messages).conversation.turns).toEqual([{ role: 'user', parts: [text('hi'), text('hi')] }])
  })

  it('of the system is forgotten where the client wants that', () => {
    const brief = { role: 'system', content: 'Be brief.', clear_at: 'next_user_message' }
    const reminder = text('<system-reminder>\nBe brief.\n</system-reminder>')
    const { turns } = read([hi, brief, { role: 'assistant', content: 'ok' }, hi, brief]).conversation
    expect(turns.map((turn) => turn.parts)).toEqual([[text('hi')], [text('ok')], [text('hi'), reminder]])
  })

  it('of the system sets the effort of the turn to be answered', () => {
    const hard = { role: 'system', content: 'a', output_config: { effort: 'max' } }
    const assistant = { role: 'assistant', content: 'ok' }
    const more = { output_config: { effort: 'low' } }
    expect(read([hi, assistant, hi, hard], more).conversation.effort).toBe('max')
    expect(read([hi, hard, assistant, hi], more).conversation.effort).toBe('low')
    expect(read([hi, { ...hard, output_config: {} }], more).conversation.effort).toBe('low')
  })

  it('the last one, is marked for the cache by a mark on the request', () => {
    const messages = [hi, { role: 'assistant', content: 'ok' }, { role: 'user', content: [picture] }]
    const request = read(messages, { cache_control: { type: 'ephemeral', ttl: '1h' } })
    expect(request.conversation.turns.map((turn) => turn.parts)).toEqual([
      [text('hi')],
      [text('ok')],
      [{ kind: 'image', format: 'png', base64: images.png, cacheMark: { ttl: '1h' } }],
    ])
    expect(request.fieldsOfLoss['cache-marks']).toEqual(['cache_control'])
  })
})

import { describe, expect, it } from 'vitest'
import { images } from '../../../test/sample-images.ts'
import type { Turn } from '../../conversation/conversation.ts'
import type { ChatRequest } from '../dialect.ts'
import { readRequest } from './read-request.ts'

const hi = { role: 'user', content: 'hi' }
const text = (value: string) => ({ kind: 'text', text: value })

function read(...messages: unknown[]): ChatRequest {
  return readRequest({ model: 'claude-sonnet-4.5', messages }, {})
}

const turnsOf = (...messages: unknown[]): Turn[] => read(...messages).conversation.turns

const pdf = Buffer.from('%PDF-1.7 a').toString('base64')
const image = { kind: 'image', format: 'png', base64: images.png }
const pngUrl = `data:image/png;base64,${images.png}`

describe('parts of messages', () => {
  it.each([
    [{ type: 'text', text: 'a' }, text('a')],
    [{ type: 'input_text', text: 'a' }, text('a')],
    [{ type: 'output_text', text: 'a', annotations: [] }, text('a')],
    [{ type: 'refusal', refusal: 'a' }, text('a')],
    [{ type: 'note', text: 'a' }, text('a')],
    [{ type: 'unknown', text: 'a' }, text('a')],
    [{ type: 'input_image', image_url: pngUrl, detail: 'auto' }, image],
    [{ type: 'input_image', image_url: { url: pngUrl } }, image],
    [{ type: 'file', file: { filename: 'a.png', file_data: pngUrl } }, image],
  ])('are read from the user: %j', (part, expected) => {
    const { conversation, ignored } = read({ role: 'user', content: [part] })
    expect(conversation.turns).toEqual([{ role: 'user', parts: [expected] }])
    expect(ignored).toEqual([])
  })

  it.each([
    [
      { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
      { name: 'a.pdf', format: 'pdf', base64: pdf, field: 'messages.0.content.0.file.file_data' },
    ],
    [
      { type: 'file', file: { file_data: pdf, file_id: 'file_1' } },
      { name: 'document', format: 'pdf', base64: pdf, field: 'messages.0.content.0.file.file_data' },
    ],
    [
      { type: 'input_file', filename: 'b.csv', file_data: 'YSxi' },
      { name: 'b.csv', format: 'csv', base64: 'YSxi', field: 'messages.0.content.0.file_data' },
    ],
    [
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf }, title: 'T' },
      { name: 'T', format: 'pdf', base64: pdf, field: 'messages.0.content.0.source.data' },
    ],
    [
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' } },
      { name: 'document', format: 'txt', base64: 'YSxi', field: 'messages.0.content.0.source.data' },
    ],
    [
      { type: 'file', file: { filename: 'a.txt', file_data: 'data:text/plain,%68%C3%a9%2cb%20%zz é' } },
      {
        name: 'a.txt',
        format: 'txt',
        base64: Buffer.from('hé,b %zz é').toString('base64'),
        field: 'messages.0.content.0.file.file_data',
      },
    ],
    [
      { type: 'file', file: { file_data: 'data:;charset=utf-8,a' } },
      { name: 'document', format: 'txt', base64: 'YQ==', field: 'messages.0.content.0.file.file_data' },
    ],
    [
      { type: 'input_file', filename: 'b', file_data: 'data:text/csv,' },
      { name: 'b', format: 'csv', base64: '', field: 'messages.0.content.0.file_data' },
    ],
  ])('are read as documents: %j', (part, expected) => {
    const { conversation, fieldsOfLoss } = read({ role: 'user', content: [part] })
    expect(conversation.turns).toEqual([{ role: 'user', parts: [{ kind: 'document', ...expected }] }])
    expect(fieldsOfLoss).toEqual({ 'earlier-media': [`messages.content.${part.type}`] })
  })

  it.each([
    [{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }, ''],
    [{ type: 'file', file: { file_id: 'file_1' } }, '.file.file_id'],
    [{ type: 'file', file: { filename: 'a.pdf' } }, '.file.file_data'],
    [{ type: 'input_file', file_id: 'file_1' }, '.file_id'],
    [{ type: 'input_file', file_url: 'https://example.com/a.pdf' }, '.file_url'],
    [{ type: 'input_image', file_id: 'file_1' }, '.file_id'],
    [{ type: 'input_image' }, '.image_url'],
    [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }, '.source'],
    [{ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }, '.source'],
    [{ type: 'text' }, '.text'],
    [{ text: 'a' }, '.type'],
    ['a', ''],
  ])('are refused by their path: %j', (part, at) => {
    const field = `messages.1.content.1${at}`
    const failure = expect.objectContaining({ kind: 'invalid-request', field })
    for (const message of [{ role: 'user' }, { role: 'tool', tool_call_id: 'a' }, { role: 'system' }]) {
      const content = [{ type: 'text', text: 'a' }, part]
      expect(() => read(hi, { ...message, content })).toThrow(expect.objectContaining({ failure }))
    }
  })

  it.each([
    [{ type: 'image_url', image_url: 'data:image/png;base64,AAAA' }, '.image_url'],
    [{ type: 'image', source: { type: 'base64', data: '~' } }, '.source.data'],
    [{ type: 'file', file: { file_data: '~' } }, '.file.file_data'],
    [{ type: 'document', source: { type: 'base64', data: '~' } }, '.source.data'],
  ])(
    'that cannot be read are refused when they were just attached, and else noted and named: %j',
    (part, at) => {
      const asked = { role: 'user', content: [part] }
      const failure = expect.objectContaining({ kind: 'invalid-request', field: `messages.1.content.0${at}` })
      expect(() => read(hi, asked)).toThrow(expect.objectContaining({ failure }))
      for (const messages of [
        [asked, { role: 'assistant', content: 'ok' }, hi],
        [hi, { role: 'tool', tool_call_id: 'a', content: [part] }],
        [hi, { role: 'tool', tool_call_id: 'a', content: 'a' }, asked],
      ]) {
        const { conversation, ignored } = read(...messages)
        expect(JSON.stringify(conversation.turns)).toMatch(
          /"\[(An image|The document \\"document\\") is left out here/,
        )
        expect(ignored).toEqual([`messages.content.${part.type}`])
      }
    },
  )

  it.each([
    ['user', { type: 'video_url', video_url: { url: 'a' } }, 'video_url'],
    ['user', { type: 'a b', text: 5 }, 'ab'],
    ['user', { type: 'thinking', thinking: 'a' }, 'thinking'],
    ['assistant', { type: 'image_url', image_url: pngUrl }, 'image_url'],
    ['assistant', { type: 'document', source: { type: 'text', data: 'a' } }, 'document'],
    ['system', { type: 'image_url', image_url: pngUrl }, 'image_url'],
    ['tool', { type: 'tool_use', id: 'a', name: 'b', input: {} }, 'tool_use'],
  ])('that a message of the %s cannot carry are left out and named: %j', (role, part, name) => {
    const content = [{ type: 'text', text: 'a' }, part]
    const { conversation, ignored } = read(hi, { role, tool_call_id: 'x', content })
    expect(JSON.stringify(conversation.turns)).toMatch(/"a"|\\na\\n/)
    expect(JSON.stringify(conversation.turns)).not.toMatch(/image|document|thinking|video/)
    expect(ignored).toEqual([`messages.content.${name}`])
  })

  it.each([
    [{ image_url: { url: pngUrl, detail: 'low' } }, ['messages.content.image_url.detail']],
    [{ image_url: { url: pngUrl, detail: 'auto' } }, []],
  ])('have wishes that are named: %j', (change, ignored) => {
    expect(read({ role: 'user', content: [{ type: 'image_url', ...change }] }).ignored).toEqual(ignored)
  })
})

describe('a request of Cursor, for a model that is called Claude', () => {
  const { conversation, ignored, fieldsOfLoss } = readRequest(
    {
      model: 'claude-sonnet-4.5',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 1,
      user: 'auth0|user_01',
      tools: [
        {
          name: 'read_file',
          description: 'Reads a file of the workspace.',
          input_schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
        },
        { type: 'web_search_20250305', name: 'web_search' },
      ],
      tool_choice: { type: 'auto' },
      messages: [
        { role: 'system', content: 'You are a coding agent.' },
        { role: 'user', content: [{ type: 'text', text: 'What does a.ts export?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Look first.', signature: 'c2ln' },
            { type: 'text', text: 'Reading both.' },
            { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a.ts' } },
            { type: 'tool_use', id: 'toolu_2', name: 'read_file', input: '{"path":"b.ts"}' },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'export const a = 1' },
            {
              type: 'tool_result',
              tool_use_id: 'toolu_2',
              is_error: true,
              content: [
                { type: 'text', text: 'no such file' },
                {
                  type: 'image',
                  source: { type: 'base64', media_type: 'image/png', data: images.png },
                },
              ],
            },
            { type: 'text', text: 'Go on.', cache_control: { type: 'ephemeral' } },
          ],
        },
      ],
    },
    {},
  )

  it('is read whole', () => {
    expect(conversation.system).toBe('You are a coding agent.')
    expect(conversation.tools.map(({ name }) => name)).toEqual(['read_file'])
    expect(conversation.turns).toEqual([
      { role: 'user', parts: [text('What does a.ts export?')] },
      {
        role: 'assistant',
        parts: [
          { kind: 'thinking', text: 'Look first.', signature: 'c2ln' },
          text('Reading both.'),
          { kind: 'tool-use', id: 'toolu_1', name: 'read_file', input: { path: 'a.ts' } },
          { kind: 'tool-use', id: 'toolu_2', name: 'read_file', input: { path: 'b.ts' } },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            kind: 'tool-result',
            toolUseId: 'toolu_1',
            content: [text('export const a = 1')],
            failed: false,
          },
          {
            kind: 'tool-result',
            toolUseId: 'toolu_2',
            content: [text('no such file'), image],
            failed: true,
          },
          { ...text('Go on.'), cacheMark: {} },
        ],
      },
    ])
  })

  it('says what is not carried, and what may not be', () => {
    expect(ignored).toEqual(['temperature', 'user', 'tools.web_search_20250305'])
    expect(fieldsOfLoss).toEqual({
      'tool-schema': ['tools.input_schema'],
      'earlier-thinking': ['messages.content.thinking'],
      'earlier-media': ['messages.content.image'],
      'cache-marks': ['cache_control'],
    })
  })

  it('may have calls and results on either side', () => {
    const turns = turnsOf(hi, {
      role: 'assistant',
      content: [
        { type: 'text', text: 'a' },
        { type: 'tool_use', id: 't', name: 'ls', input: {} },
        { type: 'tool_result', tool_use_id: 't', content: 'b' },
        { type: 'text', text: 'c' },
      ],
    })
    expect(turns.map(({ role, parts }) => [role, parts.map(({ kind }) => kind)])).toEqual([
      ['user', ['text']],
      ['assistant', ['text', 'tool-use']],
      ['user', ['tool-result']],
      ['assistant', ['text']],
    ])
  })
})

describe('earlier thinking', () => {
  it.each([
    [{ reasoning_content: 'hm' }, ['messages.reasoning_content']],
    [{ reasoning: 'hm' }, ['messages.reasoning']],
    [
      { reasoning_details: [{ type: 'reasoning.text', text: 'h' }, { summary: 'm' }, 5] },
      ['messages.reasoning_details'],
    ],
    [{ reasoning_content: 'hm', reasoning: 'hm' }, ['messages.reasoning_content', 'messages.reasoning']],
    [
      {
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'ok' },
        ],
      },
      ['messages.content.reasoning'],
    ],
  ])('comes before what was said, without a signature: %j', (change, fields) => {
    const { conversation, fieldsOfLoss } = read(hi, { role: 'assistant', content: 'ok', ...change })
    expect(conversation.turns[1]?.parts).toEqual([{ kind: 'thinking', text: 'hm' }, text('ok')])
    expect(fieldsOfLoss).toEqual({ 'earlier-thinking': fields })
  })

  it.each([
    { reasoning_content: null },
    { reasoning_content: 5 },
    { reasoning: {} },
    { reasoning_details: '' },
  ])('that says nothing is nothing: %j', (change) => {
    const { conversation, fieldsOfLoss } = read(hi, { role: 'assistant', content: 'ok', ...change })
    expect(conversation.turns[1]?.parts).toEqual([text('ok')])
    expect(fieldsOfLoss).toEqual({})
  })
})

const callOf = (name: string) => ({
  role: 'assistant',
  content: null,
  function_call: { name, arguments: '{}' },
})
const resultOf = (name: string) => ({ role: 'function', name, content: `of ${name}` })

/** The calls and results of a conversation, in order. */
function exchangesOf(...messages: unknown[]): string[] {
  return turnsOf(hi, ...messages).flatMap(({ parts }) =>
    parts.flatMap((part) => {
      if (part.kind === 'tool-use') return [`${part.id} ${part.name}`]
      return part.kind === 'tool-result' ? [`${part.toolUseId} of ${JSON.stringify(part.content)}`] : []
    }),
  )
}
const answered = (id: number, name: string) =>
  `call_legacy_${id} of ${JSON.stringify([{ kind: 'text', text: `of ${name}` }])}`

describe('calls', () => {
  it('of custom tools have their text as input', () => {
    const custom = { name: 'run', input: 'print(1)' }
    const call = { role: 'assistant', content: '', tool_calls: [{ id: 'call_1', type: 'custom', custom }] }
    expect(turnsOf(hi, call)[1]?.parts).toEqual([
      { kind: 'tool-use', id: 'call_1', name: 'run', input: { input: 'print(1)' } },
    ])
  })

  it.each([
    [
      'one after the other',
      [callOf('a'), resultOf('a'), callOf('a'), resultOf('a')],
      ['call_legacy_1 a', answered(1, 'a'), 'call_legacy_2 a', answered(2, 'a')],
    ],
    [
      'together',
      [callOf('a'), callOf('b'), resultOf('b'), resultOf('a')],
      ['call_legacy_1 a', 'call_legacy_2 b', answered(2, 'b'), answered(1, 'a')],
    ],
    ['under another name', [callOf('a'), resultOf('b')], ['call_legacy_1 a', answered(1, 'b')]],
    ['without a call', [resultOf('a'), callOf('a')], [answered(1, 'a'), 'call_legacy_2 a']],
  ])('of before there were ids are answered %s', (_, messages, expected) => {
    expect(exchangesOf(...messages)).toEqual(expected)
  })

  it('keep their ids in the next request', () => {
    const before = [callOf('a'), resultOf('a')]
    expect(exchangesOf(...before, callOf('b'), resultOf('b')).slice(0, 2)).toEqual(exchangesOf(...before))
  })
})

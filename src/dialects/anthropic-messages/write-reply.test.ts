import { describe, expect, it } from 'vitest'
import type { Citation } from '../../conversation/citation.ts'
import type { Reply } from '../../conversation/reply.ts'
import type { ReplyHead } from '../dialect.ts'
import { writeReply } from './write-reply.ts'

const head: ReplyHead = {
  id: 'abc',
  requestId: 'req_1',
  model: 'claude-opus-4-8[1m]',
  createdAt: new Date(0),
  inputTokens: 99,
}
const reply: Reply = {
  parts: [{ kind: 'text', text: 'hi' }],
  stopReason: 'end-turn',
  usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 5, cacheWriteTokens: 7, source: 'upstream' },
}

describe('a whole answer', () => {
  it('echoes the model and tells the true usage', () => {
    expect(writeReply(reply, head)).toEqual({
      id: 'msg_abc',
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-4-8[1m]',
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 7,
        cache_read_input_tokens: 5,
        output_tokens: 3,
      },
    })
  })

  it('holds every kind of part', () => {
    const parts: Reply['parts'] = [
      { kind: 'thinking', text: 'hm', signature: 'c2ln' },
      { kind: 'thinking', text: 'unsigned' },
      { kind: 'redacted-thinking', data: 'b3BhcXVl' },
      { kind: 'tool-use', id: 'tooluse_1', name: 'Bash', input: { command: 'ls' } },
    ]
    expect(writeReply({ ...reply, parts }, head)).toHaveProperty('content', [
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
      { type: 'thinking', thinking: 'unsigned', signature: '' },
      { type: 'redacted_thinking', data: 'b3BhcXVl' },
      { type: 'tool_use', id: 'tooluse_1', name: 'Bash', input: { command: 'ls' } },
    ])
  })

  it.each([
    ['end-turn', 'end_turn'],
    ['max-tokens', 'max_tokens'],
    ['stop-sequence', 'stop_sequence'],
    ['refusal', 'refusal'],
    ['context-window-exceeded', 'model_context_window_exceeded'],
    ['pause-turn', 'pause_turn'],
    ['tool-use', 'end_turn'],
  ] as const)('without a tool use, %s is told as %s', (stopReason, expected) => {
    expect(writeReply({ ...reply, stopReason }, head)).toHaveProperty('stop_reason', expected)
  })

  it.each(['end-turn', 'tool-use', 'max-tokens'] as const)(
    'with a tool use, %s is told as tool_use',
    (stopReason) => {
      const parts: Reply['parts'] = [{ kind: 'tool-use', id: 'a', name: 'b', input: {} }]
      expect(writeReply({ ...reply, parts, stopReason }, head)).toHaveProperty('stop_reason', 'tool_use')
    },
  )

  it('names the stop sequence that was met', () => {
    const stopped = writeReply({ ...reply, stopReason: 'stop-sequence', stopSequence: 'END' }, head)
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' })
  })

  it('explains a refusal', () => {
    const refused = writeReply({ ...reply, stopReason: 'refusal', refusal: { explanation: 'no' } }, head)
    expect(refused).toHaveProperty('stop_details', { type: 'refusal', category: null, explanation: 'no' })
  })
})

const contentOf = (citations: Citation[]) =>
  writeReply({ ...reply, parts: [{ kind: 'text', text: 'hi', citations }] }, head)['content']

describe('what an answer cites', () => {
  const quoted = { kind: 'document', title: 'Report', quotedText: 'as said' } as const
  const location = { documentIndex: 1, start: 2, end: 4 }

  it('is told in the form of the API where it is a quotation of pages or characters', () => {
    const common = { cited_text: 'as said', document_index: 1, document_title: 'Report', file_id: null }
    expect(
      contentOf([
        { ...quoted, location: { unit: 'page', ...location } },
        { ...quoted, location: { unit: 'character', ...location } },
      ]),
    ).toEqual([
      {
        type: 'text',
        text: 'hi',
        citations: [
          { type: 'page_location', ...common, start_page_number: 2, end_page_number: 4 },
          { type: 'char_location', ...common, start_char_index: 2, end_char_index: 4 },
        ],
      },
    ])
  })

  it.each<[string, Citation, string]>([
    [
      'code and its licence',
      { kind: 'code-reference', licence: 'MIT', repository: 'a/b', url: 'https://example.com/a' },
      'a/b (licence: MIT), https://example.com/a',
    ],
    ['a licence alone', { kind: 'code-reference', licence: 'MIT' }, 'code (licence: MIT)'],
    ['code without a licence', { kind: 'code-reference', repository: 'a/b' }, 'a/b'],
    ['a web link', { kind: 'web-link', title: 'A', url: 'https://example.com' }, 'A, https://example.com'],
    ['an address alone', { kind: 'web-link', url: 'https://example.com' }, 'https://example.com'],
    ['a document by its name', { kind: 'document', source: 'report.pdf' }, 'report.pdf'],
    [
      'a chunk of a document',
      { ...quoted, location: { unit: 'chunk', documentIndex: 0, start: 2, end: 3 } },
      'Report, chunk 2',
    ],
    [
      'pages without the words that stand there',
      { kind: 'document', location: { unit: 'page', ...location } },
      'document 2, pages 2 to 3',
    ],
    ['words of nobody knows what', { kind: 'document', quotedText: ' as said ' }, '“as said”'],
  ])('is told in words where it is %s', (_, citation, words) => {
    expect(contentOf([citation, citation])).toEqual([{ type: 'text', text: `hi\n\nSource: ${words}` }])
  })

  it('stands in a block of its own where there is no text for it', () => {
    const parts: Reply['parts'] = [{ kind: 'tool-use', id: 'tooluse_1', name: 'Write', input: {} }]
    const citations: Citation[] = [{ kind: 'code-reference', licence: 'MIT' }]
    const written = writeReply({ ...reply, parts, stopReason: 'tool-use', citations }, head)
    expect(written).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use' }, { type: 'text', text: 'Source: code (licence: MIT)' }],
    })
  })
})

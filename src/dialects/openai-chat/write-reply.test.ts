import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Citation } from '../../conversation/citation.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import type { Reply } from '../../conversation/reply.ts'
import { PLAIN_TOOLS, type ChatHead } from './chat-wishes.ts'
import { writeReply } from './write-reply.ts'

const head: ChatHead = {
  id: 'abc',
  requestId: 'req_1',
  model: 'Claude-Sonnet-4.5',
  createdAt: new Date(1_790_000_000_999),
  inputTokens: 99,
  usageInStream: false,
  toolForms: PLAIN_TOOLS,
}
const reply: Reply = {
  parts: [{ kind: 'text', text: 'hi' }],
  stopReason: 'end-turn',
  usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 5, cacheWriteTokens: 7, source: 'upstream' },
}

const callOf = (name: string, inputText: string): Reply['parts'][number] => {
  const input: JsonObject = JSON.parse(inputText)
  return { kind: 'tool-use', id: `tooluse_${name}`, name, input, inputText }
}

describe('a whole answer', () => {
  it('echoes the model, counts seconds, and includes cached tokens in the prompt', () => {
    expect(writeReply(reply, head)).toEqual({
      id: 'chatcmpl-abc',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'Claude-Sonnet-4.5',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hi', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 24,
        completion_tokens: 3,
        total_tokens: 27,
        prompt_tokens_details: { cached_tokens: 5 },
      },
    })
  })

  it('has content null beside calls alone, and arguments as JSON text', () => {
    const parts: Reply['parts'] = [
      { kind: 'tool-use', id: 'tooluse_1', name: 'bash', input: { command: 'ls' } },
      { kind: 'tool-use', id: 'tooluse_2', name: 'now', input: {} },
    ]
    const written = writeReply({ ...reply, parts, stopReason: 'tool-use' }, head)
    expect(written).toHaveProperty('choices.0.message', {
      role: 'assistant',
      content: null,
      refusal: null,
      annotations: [],
      tool_calls: [
        { id: 'tooluse_1', type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } },
        { id: 'tooluse_2', type: 'function', function: { name: 'now', arguments: '{}' } },
      ],
    })
  })

  it('joins texts, tells thinking as reasoning_content, and leaves out what is redacted', () => {
    const parts: Reply['parts'] = [
      { kind: 'thinking', text: 'h', signature: 'c2ln' },
      { kind: 'redacted-thinking', data: 'b3BhcXVl' },
      { kind: 'thinking', text: 'm' },
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'b' },
    ]
    const written = writeReply({ ...reply, parts }, head)
    expect(written).toHaveProperty('choices.0.message', {
      role: 'assistant',
      content: 'ab',
      refusal: null,
      annotations: [],
      reasoning_content: 'hm',
    })
  })

  it.each([
    ['end-turn', 'stop'],
    ['stop-sequence', 'stop'],
    ['pause-turn', 'stop'],
    ['tool-use', 'stop'],
    ['max-tokens', 'length'],
    ['context-window-exceeded', 'length'],
    ['refusal', 'content_filter'],
  ] as const)('without a call, %s is told as %s', (stopReason, expected) => {
    expect(writeReply({ ...reply, stopReason }, head)).toHaveProperty('choices.0.finish_reason', expected)
  })

  it.each(['end-turn', 'tool-use', 'max-tokens'] as const)(
    'with a call, %s is told as tool_calls',
    (stopReason) => {
      const parts: Reply['parts'] = [{ kind: 'tool-use', id: 'a', name: 'b', input: {} }]
      expect(writeReply({ ...reply, parts, stopReason }, head)).toHaveProperty(
        'choices.0.finish_reason',
        'tool_calls',
      )
    },
  )

  describe('to a client with tools of other forms', () => {
    const custom: ChatHead = { ...head, toolForms: { custom: new Set(['run']), legacy: false } }
    const legacy: ChatHead = { ...head, toolForms: { custom: new Set(), legacy: true } }

    it.each([
      ['{"input": "print(\\"a\\")\\n"}', 'print("a")\n'],
      ['{"input": "", "note": 1}', ''],
      ['{"code": "a"}', '{"code": "a"}'],
      ['{"input": ["a"]}', '{"input": ["a"]}'],
      ['{}', '{}'],
    ])('gives a custom tool its text: %s', (inputText, input) => {
      const parts = [callOf('run', inputText), callOf('ls', '{"a": 1}')]
      const written = writeReply({ ...reply, parts, stopReason: 'tool-use' }, custom)
      expect(written).toHaveProperty('choices.0.message.tool_calls', [
        { id: 'tooluse_run', type: 'custom', custom: { name: 'run', input } },
        { id: 'tooluse_ls', type: 'function', function: { name: 'ls', arguments: '{"a": 1}' } },
      ])
    })

    it('tells the first call alone as a function call', () => {
      const parts = [callOf('ls', '{"a": 1}'), callOf('now', '{}')]
      const written = writeReply({ ...reply, parts, stopReason: 'tool-use' }, legacy)
      expect(written).toHaveProperty('choices.0', {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          annotations: [],
          function_call: { name: 'ls', arguments: '{"a": 1}' },
        },
        logprobs: null,
        finish_reason: 'function_call',
      })
    })

    it('says nothing of calls without one', () => {
      const written = writeReply(reply, legacy)
      expect(written).toHaveProperty('choices.0.finish_reason', 'stop')
      expect(written).not.toHaveProperty('choices.0.message.function_call')
    })
  })
})

const citing = (said: string, ...citations: Citation[]) => ({ kind: 'text' as const, text: said, citations })
const messageOf = (change: Partial<Reply>) =>
  z
    .object({ choices: z.tuple([z.object({ message: z.looseObject({ annotations: z.unknown() }) })]) })
    .parse(writeReply({ ...reply, ...change }, head)).choices[0].message
const annotation = (title: string, start: number, end = start) => ({
  type: 'url_citation',
  url_citation: { url: 'https://example.com/a', title, start_index: start, end_index: end },
})
const link = { kind: 'web-link', url: 'https://example.com/a' } as const

describe('what an answer cites', () => {
  it('is an annotation where it has an address, at its place in the whole text', () => {
    const code = { kind: 'code-reference', url: link.url, licence: 'MIT', repository: 'a/b' } as const
    const message = messageOf({
      parts: [
        citing('four', { ...link, title: 'A' }),
        { kind: 'tool-use', id: 'tooluse_1', name: 'ls', input: {} },
        citing('more', { ...link, title: '[1]', span: { start: 1, end: 6 } }, code),
      ],
      citations: [link],
    })
    expect(message).toMatchObject({
      content: 'fourmore',
      annotations: [
        annotation('A', 4),
        annotation('[1]', 1, 6),
        annotation('a/b (licence: MIT)', 8),
        annotation('https://example.com/a', 8),
      ],
    })
  })

  it.each([
    [{ start: 0, end: 99 }, 0, 2],
    [{ start: 50, end: 99 }, 2, 2],
    [{ start: 1, end: 0 }, 1, 1],
  ])('never points outside the text, as at %j', (span, start, end) => {
    const { annotations } = messageOf({ parts: [citing('hi', { ...link, title: 'A', span })] })
    expect(annotations).toEqual([annotation('A', start, end)])
  })

  it.each<[string, Reply['parts'], string]>([
    [
      'behind the text',
      [citing('hi', { kind: 'code-reference', licence: 'MIT' })],
      'hi\n\nSource: code (licence: MIT)',
    ],
    ['alone, where there is no text', [], 'Source: Report'],
  ])('is told in words %s where it has no address', (_, parts, content) => {
    const citations: Citation[] = parts.length === 0 ? [{ kind: 'document', title: 'Report' }] : []
    expect(messageOf({ parts, citations })).toMatchObject({ content, annotations: [] })
  })
})

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../conversation/conversation.ts'
import type { Reply } from '../../conversation/reply.ts'
import { PLAIN_TOOLS, type ReplyHead } from '../dialect.ts'
import { writeReply } from './write-reply.ts'

const head: ReplyHead = {
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
    const custom: ReplyHead = { ...head, toolForms: { custom: new Set(['run']), legacy: false } }
    const legacy: ReplyHead = { ...head, toolForms: { custom: new Set(), legacy: true } }

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

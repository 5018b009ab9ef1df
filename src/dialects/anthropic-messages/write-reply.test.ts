import { describe, expect, it } from 'vitest'
import type { Reply } from '../../conversation/reply.ts'
import { PLAIN_TOOLS, type ReplyHead } from '../dialect.ts'
import { writeReply } from './write-reply.ts'

const head: ReplyHead = {
  id: 'abc',
  requestId: 'req_1',
  model: 'claude-opus-4-8[1m]',
  createdAt: new Date(0),
  inputTokens: 99,
  usageInStream: true,
  toolForms: PLAIN_TOOLS,
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

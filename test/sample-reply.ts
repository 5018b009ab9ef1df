import type { ReplyEvent, Usage } from '../src/conversation/reply.ts'

export const sampleUsage: Usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'estimated',
}

export const sampleReply: readonly ReplyEvent[] = [
  { type: 'reply-start' },
  { type: 'block-start', block: { kind: 'text' } },
  { type: 'block-delta', text: 'hi' },
  { type: 'block-end' },
  { type: 'reply-end', stopReason: 'end-turn', usage: sampleUsage },
]

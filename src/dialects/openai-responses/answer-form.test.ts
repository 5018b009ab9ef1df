import { describe, expect, it } from 'vitest'
import { plainHead, readEvents } from '../../../test/response-stream.ts'
import type { Reply, ReplyEvent } from '../../conversation/reply.ts'
import { createAnswerForm } from './answer-form.ts'
import { openReasoning } from './sealed-reasoning.ts'

const usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'upstream',
} as const
const thought = { kind: 'thinking', text: 'hm', signature: 'c2ln' } as const
const reply: Reply = { parts: [thought], stopReason: 'end-turn', usage }
const events: ReplyEvent[] = [
  { type: 'block-start', block: { kind: 'thinking' } },
  { type: 'block-delta', text: thought.text },
  { type: 'block-end', signature: thought.signature },
  { type: 'reply-end', stopReason: 'end-turn', usage },
]
const { tools, echo, ...head } = plainHead

/** The answer, streamed and whole. */
function answersOf(change: { isKept?: boolean; sealedReasoning?: boolean }) {
  const { isKept = false, sealedReasoning = false } = change
  const form = createAnswerForm({ tools, echo, sealedReasoning, isCodex: false })
  const encoder = form.createEncoder({ ...head, isKept })
  const stream = encoder.open() + events.map((event) => encoder.push(event)).join('')
  return [readEvents(stream).at(-1)?.['response'], form.writeReply(reply, { ...head, isKept })]
}
const sealOf = (answer: unknown) => Object(Object(answer).output[0]).encrypted_content

describe('an answer', () => {
  it.each([
    ['it is kept', { isKept: true }],
    ['the client carries it', { sealedReasoning: true }],
  ])('has the proof of thinking with it when %s', (_, change) => {
    expect(answersOf(change).map((answer) => openReasoning(String(sealOf(answer))))).toEqual([
      thought,
      thought,
    ])
  })

  it('has none when nobody can go on from it', () => {
    expect(answersOf({}).map(sealOf)).toEqual([undefined, undefined])
  })

  it.each([true, false])('tells whether it is kept: %s', (isKept) => {
    expect(answersOf({ isKept })).toMatchObject([{ store: isKept }, { store: isKept }])
  })
})

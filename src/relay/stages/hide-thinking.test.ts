import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import type { Thinking } from '../../conversation/conversation.ts'
import { createGrammarCheck } from '../../conversation/grammar.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { createThinkingFilter } from './hide-thinking.ts'

const unasked: Thinking[] = [{ kind: 'default' }, { kind: 'off' }]
const unshown: Thinking[] = [
  { kind: 'budget', budgetTokens: 1024, shown: false },
  { kind: 'adaptive', shown: false },
]
const shown: Thinking[] = [
  { kind: 'budget', budgetTokens: 1024, shown: true },
  { kind: 'adaptive', shown: true },
]

function filter(events: readonly ReplyEvent[], thinking: Thinking): ReplyEvent[] {
  const stage = createThinkingFilter(thinking)
  if (stage === undefined) return [...events]
  const out: ReplyEvent[] = []
  for (const event of events) stage.push(event, (each) => out.push(each))
  stage.end((each) => out.push(each))
  return out
}

const isThinking = (event: ReplyEvent): boolean =>
  event.type === 'block-start' && ['thinking', 'redacted-thinking'].includes(event.block.kind)

/** The blocks of a reply, each with all its events. */
function blocksOf(events: readonly ReplyEvent[]): ReplyEvent[][] {
  const blocks: ReplyEvent[][] = []
  for (const event of events) {
    if (event.type === 'block-start') blocks.push([event])
    else if (event.type !== 'reply-start' && event.type !== 'reply-end') blocks.at(-1)?.push(event)
  }
  return blocks
}

/** What is left of a block of which the text of the thinking is not told. */
function proofOf(block: ReplyEvent[]): ReplyEvent[] {
  const [start] = block
  if (start?.type !== 'block-start' || start.block.kind !== 'thinking') return block
  return block.some((event) => event.type === 'block-end' && event.signature !== undefined)
    ? block.filter((event) => event.type !== 'block-delta')
    : []
}

describe('hiding thinking', () => {
  it.each(unasked)('takes out blocks of thinking whole when the client asked for %j', (thinking) => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const out = filter(events, thinking)
        expect(blocksOf(out)).toEqual(blocksOf(events).filter((block) => !block.some(isThinking)))
        expect([out[0], out.at(-1)]).toEqual([events[0], events.at(-1)])
      }),
    )
  })

  it.each(unshown)('leaves signatures and sealed thinking when the client asked for %j', (thinking) => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const out = filter(events, thinking)
        const proofs = blocksOf(events).map(proofOf)
        expect(blocksOf(out)).toEqual(proofs.filter((block) => block.length > 0))
        expect([out[0], out.at(-1)]).toEqual([events[0], events.at(-1)])
      }),
    )
  })

  it.each(shown)('hides nothing when the client asked for %j', (thinking) => {
    expect(createThinkingFilter(thinking)).toBeUndefined()
  })

  it.each([...unasked, ...unshown])('leaves a reply of the same grammar (%j)', (thinking) => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const check = createGrammarCheck()
        for (const event of filter(events, thinking)) check.push(event, () => {})
        expect(() => check.end(() => {})).not.toThrow()
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import type { Thinking } from '../../conversation/conversation.ts'
import { createGrammarCheck } from '../../conversation/grammar.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { createThinkingFilter, isThinkingShown } from './hide-thinking.ts'

function filter(events: readonly ReplyEvent[]): ReplyEvent[] {
  const stage = createThinkingFilter()
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

describe('hiding thinking', () => {
  it('takes out blocks of thinking whole, and leaves everything else as it is', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const out = filter(events)
        expect(blocksOf(out)).toEqual(blocksOf(events).filter((block) => !block.some(isThinking)))
        expect([out[0], out.at(-1)]).toEqual([events[0], events.at(-1)])
      }),
    )
  })

  it('leaves a reply of the same grammar', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const check = createGrammarCheck()
        for (const event of filter(events)) check.push(event, () => {})
        expect(() => check.end(() => {})).not.toThrow()
      }),
    )
  })

  it.each<[Thinking, boolean]>([
    [{ kind: 'default' }, false],
    [{ kind: 'off' }, false],
    [{ kind: 'budget', budgetTokens: 1024, shown: true }, true],
    [{ kind: 'budget', budgetTokens: 1024, shown: false }, false],
    [{ kind: 'adaptive', shown: true }, true],
    [{ kind: 'adaptive', shown: false }, false],
  ])('when the client asked for %j: shown is %s', (thinking, shown) => {
    expect(isThinkingShown(thinking)).toBe(shown)
  })
})

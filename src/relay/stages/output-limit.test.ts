import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import { call, collect, replyOf, runStage, slicingsOf, text, thinking } from '../../../test/run-stage.ts'
import { estimateTokens } from '../../conversation/estimate-tokens.ts'
import type { ReplyEvent, ReplyPart } from '../../conversation/reply.ts'
import { createOutputLimit } from './output-limit.ts'

const limitTo = (maxOutputTokens: number, events: readonly ReplyEvent[]) =>
  runStage(createOutputLimit({ maxOutputTokens, inputTokens: 5 }), events)

function wordsOf(part: ReplyPart): string {
  if (part.kind === 'tool-use') return part.inputText ?? ''
  return 'text' in part ? part.text : ''
}
const sliced = replyEvents.chain((events) => fc.tuple(fc.constant(events), slicingsOf(events)))
const writtenIn = (events: readonly ReplyEvent[]) => collect(events).parts.map(wordsOf).join('')

describe('an output limit', () => {
  it('changes nothing in a reply that fits', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const limit = estimateTokens(writtenIn(events)) + 1
        expect(collect(limitTo(limit, events))).toEqual(collect(events))
      }),
    )
  })

  it('cuts at the same place however the reply is sliced, and passes only its beginning', () => {
    fc.assert(
      fc.property(sliced, fc.integer({ min: 1, max: 20 }), ([events, slices], limit) => {
        const out = limitTo(limit, events)
        expect(collect(limitTo(limit, slices))).toEqual(collect(out))
        expect(writtenIn(events).startsWith(writtenIn(out))).toBe(true)
      }),
    )
  })

  it('is passed by tool calls alone, and passes whole characters and calls alone', () => {
    fc.assert(
      fc.property(replyEvents, fc.integer({ min: 1, max: 20 }), (events, limit) => {
        const { parts } = collect(limitTo(limit, events))
        const prose = parts.filter((part) => part.kind !== 'tool-use')
        expect(estimateTokens(prose.map(wordsOf).join(''))).toBeLessThanOrEqual(limit)
        for (const part of prose) expect(wordsOf(part).isWellFormed()).toBe(true)
        const calls = parts.filter((part) => part.kind === 'tool-use')
        expect(collect(events).parts).toEqual(expect.arrayContaining(calls))
      }),
    )
  })

  it.each<[string, number, ReplyEvent[], string[], string]>([
    ['cuts text', 2, replyOf(text('one', ' two', ' three')), ['one two'], 'max-tokens'],
    ['leaves text of just its length alone', 2, replyOf(text('1234', '5678')), ['12345678'], 'end-turn'],
    ['cuts thinking', 1, replyOf(thinking('one two'), text('x')), ['one'], 'max-tokens'],
    ['ends before a block that has no room', 1, replyOf(thinking('1234'), text('x')), ['1234'], 'max-tokens'],
    ['leaves no empty block', 1, replyOf(thinking('123'), text('漢')), ['123'], 'max-tokens'],
    ['does not split a pair', 1, replyOf(text('123456', '\ud83d', '\ude00')), ['123456'], 'max-tokens'],
    ['lets a pair in two pieces pass', 2, replyOf(text('1234', '\ud83d', '\ude00')), ['1234😀'], 'end-turn'],
    ['ends at once at the probe of one token', 1, replyOf(text('Quota', ' ok')), ['Quota'], 'max-tokens'],
    [
      'lets a call end that it falls in',
      1,
      replyOf(call('ls', '{"path":', '"."}')),
      ['{"path":"."}'],
      'tool-use',
    ],
    [
      'ends after a call that it falls in',
      1,
      replyOf(call('ls', '{"path":', '"."}'), call('cat', '{}')),
      ['{"path":"."}'],
      'max-tokens',
    ],
    [
      'ends before a call that begins later',
      1,
      replyOf(text('1234'), call('ls', '{}')),
      ['1234'],
      'max-tokens',
    ],
  ])('%s', (_, limit, events, texts, stopReason) => {
    const reply = collect(limitTo(limit, events))
    expect(reply.parts.map(wordsOf)).toEqual(texts)
    expect(reply.stopReason).toBe(stopReason)
  })

  it('estimates the usage of what it cut', () => {
    expect(collect(limitTo(3, replyOf(text('x'.repeat(100))))).usage).toEqual({
      inputTokens: 5,
      outputTokens: 3,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      source: 'estimated',
    })
  })
})

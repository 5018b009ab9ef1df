import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import { call, collect, replyOf, runStage, slicingsOf, text, thinking } from '../../../test/run-stage.ts'
import { estimateTokens } from '../../conversation/estimate-tokens.ts'
import type { Reply, ReplyEvent } from '../../conversation/reply.ts'
import { createStopSequences } from './stop-sequences.ts'

const stopAt = (sequences: readonly string[], events: readonly ReplyEvent[]) =>
  runStage(createStopSequences({ sequences, inputTokens: 5 }), events)

/** What the stage does, said as simply as possible: the shortest beginning of a text that ends with a sequence. */
function cutNaively(whole: string, sequences: readonly string[]) {
  for (let end = 1; end <= whole.length; end += 1) {
    const seen = whole.slice(0, end)
    const [sequence] = sequences
      .filter((each) => each !== '' && seen.endsWith(each))
      .toSorted((a, b) => b.length - a.length)
    if (sequence !== undefined) return { text: seen.slice(0, end - sequence.length), sequence }
  }
  return undefined
}

function stopNaively(reply: Reply, sequences: readonly string[]) {
  const parts: Reply['parts'] = []
  for (const part of reply.parts) {
    const match = part.kind === 'text' ? cutNaively(part.text, sequences) : undefined
    if (match === undefined) parts.push(part)
    else if (match.text !== '') parts.push({ kind: 'text', text: match.text })
    if (match !== undefined) return { parts, stopReason: 'stop-sequence', stopSequence: match.sequence }
  }
  const { stopReason } = reply
  return { parts, stopReason }
}

/** Few letters, so that sequences overlap, repeat and begin within each other. */
const letters = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀'), maxLength })

describe('stop sequences', () => {
  it('cut as a search in the whole text would, however it is sliced', () => {
    const sliced = fc
      .array(letters(12), { minLength: 1, maxLength: 3 })
      .map((texts) => replyOf(...texts.filter((each) => each !== '').map((each) => text(each))))
      .chain((events) => fc.tuple(fc.constant(events), slicingsOf(events)))
    fc.assert(
      fc.property(sliced, fc.array(letters(4), { maxLength: 4 }), ([events, slices], sequences) => {
        const { usage, ...out } = collect(stopAt(sequences, slices))
        expect(usage.source).toBe(out.stopReason === 'stop-sequence' ? 'estimated' : 'upstream')
        expect(out).toEqual(stopNaively(collect(events), sequences))
      }),
      { numRuns: 400 },
    )
  })

  it('change nothing in replies of any kind that have none of them', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        expect(collect(stopAt(['\u0007never', '\u0007'], events))).toEqual(collect(events))
      }),
    )
  })

  it('never let out more than what is safe, nor hold more than that', () => {
    fc.assert(
      fc.property(letters(40), fc.array(letters(5), { minLength: 1, maxLength: 4 }), (whole, sequences) => {
        const stage = createStopSequences({ sequences, inputTokens: 0 })
        const isDone = () => stage.isDone?.() === true
        const longest = Math.max(...sequences.map((sequence) => sequence.length), 1)
        const match = cutNaively(whole, sequences)
        let fed = 0
        let out = ''
        for (const event of replyOf(text(...whole.split('')))) {
          if (isDone()) break
          if (event.type === 'block-delta') fed += event.text.length
          stage.push(event, (item) => {
            if (item.type === 'block-delta') out += item.text
          })
          expect((match?.text ?? whole).startsWith(out)).toBe(true)
          expect(isDone() || fed - out.length < longest).toBe(true)
        }
      }),
    )
  })

  it.each<[string, string[], ReplyEvent[], string[]]>([
    ['across deltas', ['STOP'], replyOf(text('one ST', 'OP two')), ['one ']],
    ['at the very start, without an empty block', ['one'], replyOf(text('one two')), []],
    ['not across blocks', ['ab'], replyOf(text('a'), thinking('x'), text('b')), ['a', 'x', 'b']],
    ['not in thinking or tool calls', ['x'], replyOf(thinking('x'), call('ls', '{"x":1}')), ['x', '{"x":1}']],
    ['by the first that is complete', ['abcd', 'bc'], replyOf(text('abcd')), ['a']],
    ['by the longest of those complete together', ['c', 'bc', 'abc'], replyOf(text('xabcx')), ['x']],
    ['after a beginning that came to nothing', ['aab'], replyOf(text('a', 'a', 'a', 'b')), ['a']],
    ['never by an empty sequence', [''], replyOf(text('abc')), ['abc']],
  ])('match %s', (_, sequences, events, texts) => {
    const { parts } = collect(stopAt(sequences, events))
    expect(
      parts.map((part) => ('text' in part ? part.text : 'inputText' in part ? part.inputText : '')),
    ).toEqual(texts)
  })

  it('say which one it was, and estimate the usage that the service will not tell', () => {
    const reply = collect(stopAt(['!'], replyOf(thinking('hm'), text('hello', ' you! there'))))
    expect(reply).toMatchObject({
      stopReason: 'stop-sequence',
      stopSequence: '!',
      usage: { inputTokens: 5, outputTokens: estimateTokens('hmhello you'), source: 'estimated' },
    })
  })

  it('cope with as many and as long ones as a client may send', () => {
    const sequences = Array.from({ length: 64 }, (_, index) => `${'a'.repeat(1_000)}${index}`)
    const events = replyOf(text('a'.repeat(2_999), 'a', '63', 'rest'))
    expect(collect(stopAt(sequences, events))).toMatchObject({
      parts: [{ kind: 'text', text: 'a'.repeat(2_000) }],
      // `6` is complete before `63`.
      stopSequence: sequences[6],
    })
  })
})

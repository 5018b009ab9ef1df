import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../test/reply-events.ts'
import { createReplyCollector } from './collect-reply.ts'
import { createGrammarCheck } from './grammar.ts'
import type { Reply, ReplyEvent, Usage } from './reply.ts'
import { chain, type Stage } from './stage.ts'

const usage: Usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'estimated',
}
const start: ReplyEvent = { type: 'reply-start' }
const end: ReplyEvent = { type: 'reply-end', stopReason: 'end-turn', usage }
const textStart: ReplyEvent = { type: 'block-start', block: { kind: 'text' } }
const toolStart: ReplyEvent = { type: 'block-start', block: { kind: 'tool-use', id: 't', name: 'ls' } }
const say = (text: string): ReplyEvent => ({ type: 'block-delta', text })
const blockEnd: ReplyEvent = { type: 'block-end' }

function run<O>(stage: Stage<ReplyEvent, O>, events: readonly ReplyEvent[]): O[] {
  const out: O[] = []
  const emit = (item: O) => void out.push(item)
  for (const event of events) stage.push(event, emit)
  stage.end(emit)
  return out
}

/** Cuts every delta into pieces of one UTF-16 unit: the worst slicing there is. */
function slice(events: readonly ReplyEvent[]): ReplyEvent[] {
  return events.flatMap((event) =>
    event.type === 'block-delta' ? event.text.split('').map((text) => say(text)) : [event],
  )
}

describe('the grammar of a reply', () => {
  it('passes every grammatical reply on unchanged', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        expect(run(createGrammarCheck(), events)).toEqual(events)
      }),
    )
  })

  it.each<[string, ReplyEvent[]]>([
    ['a reply that does not start', [textStart]],
    ['two starts', [start, start]],
    ['a delta outside a block', [start, say('a')]],
    ['a block inside a block', [start, textStart, toolStart]],
    ['an end of nothing', [start, blockEnd]],
    ['an end inside a block', [start, textStart, end]],
    ['anything after the end', [start, end, textStart]],
    ['two ends', [start, end, end]],
  ])('refuses %s as our own bug', (_, events) => {
    expect(() => run(createGrammarCheck(), events)).toThrow(/out of order/)
  })

  it.each<[string, ReplyEvent[]]>([
    ['before it began', []],
    ['inside a block', [start, textStart, say('a')]],
    ['between blocks', [start, textStart, say('a'), blockEnd]],
  ])('takes a reply that stops %s for interrupted', (_, events) => {
    expect(() => run(createGrammarCheck(), events)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'interrupted' }) }),
    )
  })
})

describe('createReplyCollector', () => {
  it('collects texts, thinking with its signature, sealed thinking and tool calls in order', () => {
    const [reply] = run(createReplyCollector(), [
      start,
      { type: 'block-start', block: { kind: 'thinking' } },
      say('hm'),
      { type: 'block-end', signature: 'sig' },
      { type: 'block-start', block: { kind: 'redacted-thinking', data: 'AAAA' } },
      blockEnd,
      textStart,
      say('a'),
      say('b'),
      blockEnd,
      toolStart,
      say('{"path'),
      say('": "."}'),
      blockEnd,
      { type: 'reply-end', stopReason: 'tool-use', usage },
    ])
    expect(reply).toEqual({
      parts: [
        { kind: 'thinking', text: 'hm', signature: 'sig' },
        { kind: 'redacted-thinking', data: 'AAAA' },
        { kind: 'text', text: 'ab' },
        { kind: 'tool-use', id: 't', name: 'ls', input: { path: '.' }, inputText: '{"path": "."}' },
      ],
      stopReason: 'tool-use',
      usage,
    } satisfies Reply)
  })

  it('keeps what a text cites with it, and what no text is there for with the reply', () => {
    const [link, code] = [
      { kind: 'web-link', url: 'https://example.com' },
      { kind: 'code-reference', licence: 'MIT' },
    ] as const
    const [reply] = run(createReplyCollector(), [
      start,
      textStart,
      say('a'),
      { type: 'block-end', citations: [link] },
      { ...end, citations: [code] },
    ])
    expect(reply).toMatchObject({
      parts: [{ kind: 'text', text: 'a', citations: [link] }],
      citations: [code],
    })
  })

  it('gives the same reply however the deltas are cut', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        expect(run(createReplyCollector(), slice(events))).toEqual(run(createReplyCollector(), events))
      }),
    )
  })

  it('gives the same reply behind a stage that changes nothing', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const staged = run(chain(createGrammarCheck(), createReplyCollector()), events)
        expect(staged).toEqual(run(createReplyCollector(), events))
      }),
    )
  })

  it('is interrupted by a stream without an end', () => {
    expect(() => run(createReplyCollector(), [start, textStart, say('a')])).toThrow(/stopped before its end/)
  })

  it('keeps the text of a tool input, in which long numbers and repeated names survive', () => {
    const written = '{"id":12345678901234567890, "f":1.0, "a":1, "a":2}'
    const [reply] = run(createReplyCollector(), [start, toolStart, say(written), blockEnd, end])
    expect(reply?.parts).toMatchObject([{ kind: 'tool-use', inputText: written }])
  })

  it.each(['', '[]', '1', 'null', '{"a":', '{} {}', `${'{"a":'.repeat(6000)}1${'}'.repeat(6000)}`])(
    'is interrupted by the tool input %j',
    (input) => {
      expect(() => run(createReplyCollector(), [start, toolStart, say(input), blockEnd, end])).toThrow(
        /not a JSON object/,
      )
    },
  )
})

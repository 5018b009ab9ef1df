import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { replyEvents } from '../../../test/reply-events.ts'
import {
  followItems,
  plainHead,
  readEvents,
  toolsOfAllKinds,
  type ReadEvent,
} from '../../../test/response-stream.ts'
import { createReplyCollector } from '../../conversation/collect-reply.ts'
import type { Reply, ReplyEvent } from '../../conversation/reply.ts'
import type { AnswerHead } from './answer-wishes.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

const usage = {
  inputTokens: 12,
  outputTokens: 30,
  cacheReadTokens: 5,
  cacheWriteTokens: 7,
  source: 'upstream',
} as const

const say = (...texts: string[]): ReplyEvent[] => texts.map((text) => ({ type: 'block-delta', text }))
const callOf = (id: string, name: string, ...pieces: string[]): ReplyEvent[] => [
  { type: 'block-start', block: { kind: 'tool-use', id, name } },
  ...say(...pieces),
  { type: 'block-end' },
]

/** Thinking, sealed thinking, text with what needs escaping and a source, and a call of each kind of tool. */
const representative: ReplyEvent[] = [
  { type: 'block-start', block: { kind: 'thinking' } },
  ...say('The user wants ', 'a listing.'),
  { type: 'block-end', signature: 'c2lnbmF0dXJl' },
  { type: 'block-start', block: { kind: 'redacted-thinking', data: 'b3BhcXVl' } },
  { type: 'block-end' },
  { type: 'block-start', block: { kind: 'text' } },
  ...say('Läuft "jetzt":\n', '', '😀\u2028'),
  {
    type: 'block-end',
    citations: [{ kind: 'web-link', url: 'https://example.com/a', span: { start: 0, end: 5 } }],
  },
  ...callOf('tooluse_1', 'ls', '', '{"path":"/h', 'ome"}'),
  ...callOf('tooluse_2', 'mcp__server__tool', '{}'),
  ...callOf('tooluse_3', 'Bash', '{"inp', 'ut": "*** Begin', ' Patch\\', 'n+a\\u00e4"}'),
  ...callOf('tooluse_4', 'run_locally', '{"command":["ls"],', '"timeout_ms":1000}'),
  ...callOf('tooluse_5', 'read_file', '{"commands":["ls","pwd"]}'),
  ...callOf('tooluse_6', 'patch', '{"type":"update_file","path":"a","diff":"+b"}'),
  { type: 'reply-end', stopReason: 'tool-use', usage },
]

const head: AnswerHead = { ...plainHead, tools: toolsOfAllKinds, sealedReasoning: true }

function encode(events: readonly ReplyEvent[], change: Partial<AnswerHead> = {}): string {
  const encoder = createEncoder({ ...head, ...change })
  return encoder.open() + events.map((event) => encoder.push(event)).join('')
}

function collect(events: readonly ReplyEvent[]): Reply {
  const replies: Reply[] = []
  const collector = createReplyCollector()
  for (const event of events) collector.push(event, (reply) => replies.push(reply))
  const [reply] = replies
  if (reply === undefined) throw new Error('The generated reply has no end')
  return reply
}

const typesOf = (events: readonly ReadEvent[]) => events.map(({ type }) => type.replace('response.', ''))
const wishes = fc.record({
  tools: fc.constantFrom(toolsOfAllKinds, new Map<string, never>()),
  sealedReasoning: fc.boolean(),
  isCodex: fc.boolean(),
})

describe('a stream', () => {
  it('is written as the golden file shows', async () => {
    const golden = '../../../test/fixtures/reply-streams/openai-responses.sse'
    await expect(encode(representative)).toMatchFileSnapshot(golden)
  })

  it('of text has its events in the order of the API', () => {
    const events: ReplyEvent[] = [
      { type: 'block-start', block: { kind: 'text' } },
      ...say('a', 'b'),
      { type: 'block-end' },
      { type: 'reply-end', stopReason: 'end-turn', usage },
    ]
    expect(typesOf(readEvents(encode(events)))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ])
  })

  it.each([
    [true, [false, false, true]],
    [false, [true, true, true]],
  ])('repeats what is long at its end alone where Codex reads it: %s', (isCodex, expected) => {
    const events = readEvents(encode(representative, { isCodex }))
    const states = events.flatMap(({ response }) => (response === undefined ? [] : [Object(response)]))
    expect(states.map((each) => 'tools' in each)).toEqual(expected)
    expect(states.map((each) => 'instructions' in each)).toEqual(expected)
  })

  it('ends with the object that the whole answer is', () => {
    fc.assert(
      fc.property(replyEvents, wishes, (events, wished) => {
        const last = readEvents(encode(events, wished)).at(-1)
        const whole = writeReply(collect(events), { ...head, ...wished })
        expect(last?.['response']).toEqual(whole)
        expect(last?.type).toBe(`response.${Object(whole).status}`)
      }),
    )
  })

  it('numbers items and their parts alike in all events, and ends what it began', () => {
    fc.assert(
      fc.property(replyEvents, wishes, (events, wished) => {
        const { items, faults } = followItems(readEvents(encode(events, wished)))
        expect(faults).toEqual([])
        expect(items).toEqual(writeReply(collect(events), { ...head, ...wished })['output'])
      }),
      { numRuns: 50 },
    )
  })

  it('tells in its pieces what it tells as a whole', () => {
    fc.assert(
      fc.property(replyEvents, wishes, (events, wished) => {
        for (const [told, whole] of textsOf(readEvents(encode(events, wished)))) expect(told).toBe(whole)
      }),
    )
  })

  it.each([true, false])(
    'of a refusal ends with the object that the whole answer is (Codex: %s)',
    (isCodex) => {
      const events: ReplyEvent[] = [
        ...representative.slice(6, 11),
        { type: 'reply-end', stopReason: 'refusal', refusal: { explanation: 'Not this.' }, usage },
      ]
      const read = readEvents(encode(events, { isCodex }))
      const whole = writeReply(collect(events), { ...head, isCodex })
      expect(read.at(-1)?.['response']).toEqual(whole)
      expect(followItems(read)).toEqual({ items: whole['output'], faults: [] })
      expect(JSON.stringify(whole['output'])).toContain('Not this.')
    },
  )

  it('may be pinged at any time', () => {
    const encoder = createEncoder(head)
    const pinged =
      encoder.open() + representative.map((event) => encoder.ping() + encoder.push(event)).join('')
    expect(encoder.ping()).toBe(': keep-alive\n\n')
    expect(readEvents(pinged)).toEqual(readEvents(encode(representative)))
  })

  it('that fails ends with what was complete, and with no end of what was not', () => {
    const encoder = createEncoder(head)
    const begun =
      encoder.open() +
      representative
        .slice(0, 12)
        .map((event) => encoder.push(event))
        .join('')
    const events = readEvents(begun + encoder.fail({ kind: 'interrupted', message: 'The answer broke off.' }))
    const { type, response } = z
      .looseObject({ response: z.looseObject({ output: z.array(z.looseObject({ type: z.string() })) }) })
      .parse(events.at(-1))
    expect(type).toBe('response.failed')
    expect(response).toMatchObject({
      id: 'resp_abc',
      status: 'failed',
      error: { code: 'server_error', message: 'The answer broke off.' },
      usage: null,
      metadata: {},
    })
    expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'reasoning', 'message'])
    expect(typesOf(events).filter((each) => each === 'output_item.added')).toHaveLength(4)
    expect(typesOf(events).filter((each) => each === 'output_item.done')).toHaveLength(3)
  })
})

const failTo = (isCodex: boolean) =>
  readEvents(
    createEncoder({ ...head, isCodex }).fail({ kind: 'interrupted', message: 'The answer broke off.' }),
  )

describe('a stream that fails', () => {
  it('says so by an error too, of which libraries take more notice than of the state', () => {
    const [told, end] = failTo(false)
    const error = { code: 'server_error', message: 'The answer broke off.' }
    expect(told).toEqual({
      type: 'error',
      sequence_number: 0,
      error: { type: 'server_error', ...error, param: null },
    })
    expect(end).toMatchObject({ type: 'response.failed', sequence_number: 1, response: { error } })
  })

  it('says it by the state alone to Codex', () => {
    expect(failTo(true).map((event) => event['type'])).toEqual(['response.failed'])
  })
})

describe('a stream of a summary', () => {
  const summary: ReplyEvent[] = [
    { type: 'block-start', block: { kind: 'thinking' } },
    ...say('hm'),
    { type: 'block-end' },
    { type: 'block-start', block: { kind: 'text' } },
    ...say('They ', 'talked.'),
    { type: 'block-end' },
    { type: 'reply-end', stopReason: 'end-turn', usage },
  ]

  it('has one item, whatever the model did', () => {
    const compaction = { compaction: 'item' } as const
    const events = readEvents(encode(summary, compaction))
    expect(typesOf(events)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'output_item.done',
      'completed',
    ])
    expect(events.at(-1)?.['response']).toEqual(writeReply(collect(summary), { ...head, ...compaction }))
  })

  it('fails without one', () => {
    const encoder = createEncoder({ ...head, compaction: 'item' })
    const push = (event: ReplyEvent) => encoder.push(event)
    expect(() => [...summary.slice(0, 3), ...summary.slice(-1)].map(push)).toThrow('no summary')
  })
})

/** What the deltas of a text come to, beside what its end says. */
function textsOf(events: readonly ReadEvent[]): [string, unknown][] {
  const texts: [string, unknown][] = []
  let told = ''
  for (const event of events) {
    if (event.type.endsWith('.delta')) told += String(event['delta'])
    const whole = event['text'] ?? event['arguments'] ?? event['input'] ?? event['refusal']
    if (whole !== undefined) {
      texts.push([told, whole])
      told = ''
    }
  }
  expect(told).toBe('')
  return texts
}

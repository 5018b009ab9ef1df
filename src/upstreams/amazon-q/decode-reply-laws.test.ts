/** What holds for every answer, however it is cut. */

import { EventStreamCodec } from '@smithy/eventstream-codec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { GatewayError } from '../../conversation/failures.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { chain } from '../../conversation/stage.ts'
import { createReplyDecoder } from './decode-reply.ts'
import { createEventStreamDecoder } from './event-stream.ts'
import type { Frame } from './event-stream.ts'

type Sent = [name: string, payload: unknown]

const answer = (content: string): Sent => ['assistantResponseEvent', { content }]
const toolUse = (toolUseId: string, rest: object = {}): Sent => [
  'toolUseEvent',
  { toolUseId, name: 'ls', ...rest },
]
const reasoning = (event: object): Sent => ['reasoningContentEvent', event]
const trailer: Sent[] = [['meteringEvent', { usage: 0.03 }]]

function frameOf([name, payload]: Sent): Frame {
  return { messageType: 'event', name, payload: Buffer.from(JSON.stringify(payload)) }
}

function createDecoder() {
  return createReplyDecoder({
    prompt: { tokens: 7, contextWindowTokens: 1_000 },
    toolNames: { toClient: (name) => name },
    seal: { close: (proof) => proof },
    clock: { now: () => 0 },
  })
}

function decode(sent: Sent[]): { events: ReplyEvent[]; failure?: GatewayError } {
  const events: ReplyEvent[] = []
  const decoder = createDecoder()
  try {
    for (const each of sent) decoder.push(frameOf(each), (event) => events.push(event))
    decoder.end((event) => events.push(event))
    return { events }
  } catch (error) {
    if (error instanceof GatewayError) return { events, failure: error }
    throw error
  }
}

/** `start`, `+kind`, `=delta`, `-`, `end reason` */
function lineOf(event: ReplyEvent): string {
  switch (event.type) {
    case 'reply-start':
      return 'start'
    case 'block-start':
      return `+${event.block.kind}`
    case 'block-delta':
      return `=${event.text}`
    case 'block-end':
      return '-'
    case 'reply-end':
      return `end ${event.stopReason}`
    default:
      throw new Error('unexpected event')
  }
}

const someSent = fc.oneof(
  fc.string({ unit: 'binary' }).map(answer),
  fc
    .record({
      id: fc.constantFrom('a', 'b'),
      input: fc.constantFrom('', '{', '}', '{}', '"x":1'),
      stop: fc.boolean(),
    })
    .map(({ id, ...rest }) => toolUse(id, rest)),
  fc.constantFrom<Sent>(
    ['brandNewEvent', {}],
    ['supplementaryWebLinksEvent', { supplementaryWebLinks: [{ title: 'A' }] }],
    ['documentCitationEvent', { title: 'B' }],
    reasoning({ text: 'hm ' }),
    reasoning({ signature: 's' }),
    reasoning({ text: 'so', signature: 's' }),
    reasoning({ redactedContent: 'cmVk' }),
    ...trailer,
  ),
)

/** Joins neighbouring deltas: what a client has collected at each event. */
function collected(events: ReplyEvent[]): string[] {
  return events.map(lineOf).reduce<string[]>((lines, line) => {
    const last = lines.at(-1)
    if (line.startsWith('=') && last?.startsWith('=')) return [...lines.slice(0, -1), last + line.slice(1)]
    return [...lines, line]
  }, [])
}

function contentOf([name, payload]: Sent): string {
  const event = z.object({ content: z.string() }).safeParse(payload)
  return name === 'assistantResponseEvent' && event.success ? event.data.content : ''
}

function textOf(events: ReplyEvent[]): string {
  let inText = false
  let text = ''
  for (const event of events) {
    if (event.type === 'block-start') inText = event.block.kind === 'text'
    if (event.type === 'block-delta' && inText) text += event.text
  }
  return text
}

/** Texts, thinking and sealed thinking in the order in which they came out. */
function said(events: ReplyEvent[]): string {
  let inTool = false
  let text = ''
  for (const event of events) {
    if (event.type === 'block-start') {
      inTool = event.block.kind === 'tool-use'
      if (event.block.kind === 'redacted-thinking') text += event.block.data
    }
    if (event.type === 'block-delta' && !inTool) text += event.text
  }
  return text
}

describe('any answer', () => {
  it('keeps the grammar of replies, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(someSent, { maxLength: 12 }), (sent) => {
        const { events, failure } = decode(sent)
        const letters = events.map((event) => lineOf(event).slice(0, 1)).join('')
        expect(letters).toMatch(failure === undefined ? /^s(\+=*-)*e$/ : /^(s(\+=*-)*(\+=*)?)?$/)
      }),
      { numRuns: 500 },
    )
  })

  it('loses and doubles no text', () => {
    fc.assert(
      fc.property(fc.array(someSent, { maxLength: 12 }), (sent) => {
        const { events, failure } = decode(sent)
        fc.pre(failure === undefined)
        expect(textOf(events)).toBe(sent.map(contentOf).join(''))
      }),
      { numRuns: 300 },
    )
  })

  it('loses and doubles no thinking, and changes its place among the texts only to let a tool call end', () => {
    const prose = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }).map(answer),
      fc.string({ unit: 'binary', minLength: 1 }).map((text) => reasoning({ text })),
      fc.constant(reasoning({ redactedContent: 'cmVk' })),
    )
    fc.assert(
      fc.property(fc.array(prose, { minLength: 1, maxLength: 12 }), fc.boolean(), (sent, behindTool) => {
        const tool = (rest: object) => (behindTool ? [toolUse('t', rest)] : [])
        const { events } = decode([...tool({}), ...sent, ...tool({ stop: true })])
        expect(said(events)).toBe(sent.map(([, payload]) => Object.values(Object(payload)).join('')).join(''))
      }),
    )
  })

  it('collects the same reply however its text is cut into events', () => {
    const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 6 })
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), cuts, (text, positions) => {
        const characters = Array.from(text)
        const borders = [
          0,
          ...positions.filter((at) => at < characters.length).toSorted((a, b) => a - b),
          characters.length,
        ]
        const slices = borders.slice(1).map((end, index) => characters.slice(borders[index], end).join(''))
        const whole = decode([answer(`.${text}`)])
        const cut = decode([answer('.'), ...slices.map(answer)])
        expect(collected(cut.events)).toEqual(collected(whole.events))
        expect(cut.events.at(-1)).toEqual(whole.events.at(-1))
      }),
    )
  })

  it('emits the same events however the bytes are cut', () => {
    const codec = new EventStreamCodec(
      (bytes) => Buffer.from(bytes).toString(),
      (text) => Buffer.from(text),
    )
    const sent = [
      answer('Grüße 😀'),
      toolUse('a', { input: '{"ü":' }),
      toolUse('a', { input: '1}', stop: true }),
      ...trailer,
    ]
    const bytes = Buffer.concat(
      sent.map(([name, payload]) =>
        codec.encode({
          headers: {
            ':message-type': { type: 'string', value: 'event' },
            ':event-type': { type: 'string', value: name },
          },
          body: Buffer.from(JSON.stringify(payload)),
        }),
      ),
    )
    const expected = decode(sent).events
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }), (positions) => {
        const borders = [0, ...positions.toSorted((a, b) => a - b), bytes.length]
        const decoder = chain(createEventStreamDecoder(), createDecoder())
        const events: ReplyEvent[] = []
        borders.slice(1).forEach((end, index) => {
          decoder.push(bytes.subarray(borders[index], end), (event) => events.push(event))
        })
        decoder.end((event) => events.push(event))
        expect(events).toEqual(expected)
      }),
    )
  })
})

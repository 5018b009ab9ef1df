import Anthropic, { APIError } from '@anthropic-ai/sdk'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import { createReplyCollector } from '../../conversation/collect-reply.ts'
import type { Reply, ReplyEvent } from '../../conversation/reply.ts'
import type { ReplyHead } from '../dialect.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

const head: ReplyHead = {
  id: 'abc',
  requestId: 'req_1',
  model: 'claude-sonnet-4.5',
  createdAt: new Date(0),
  inputTokens: 99,
}
const usage = {
  inputTokens: 12,
  outputTokens: 30,
  cacheReadTokens: 5,
  cacheWriteTokens: 7,
  source: 'upstream',
} as const

/** Thinking, text with what needs escaping, a tool use with input and one without. */
const representative: ReplyEvent[] = [
  { type: 'block-start', block: { kind: 'thinking' } },
  { type: 'block-delta', text: 'The user wants ' },
  { type: 'block-delta', text: 'a listing.' },
  { type: 'block-end', signature: 'c2lnbmF0dXJl' },
  { type: 'block-start', block: { kind: 'redacted-thinking', data: 'b3BhcXVl' } },
  { type: 'block-end' },
  { type: 'block-start', block: { kind: 'text' } },
  { type: 'block-delta', text: 'Läuft "jetzt":\n' },
  { type: 'block-delta', text: '😀' },
  { type: 'block-end' },
  { type: 'block-start', block: { kind: 'tool-use', id: 'tooluse_1', name: 'Bash' } },
  { type: 'block-delta', text: '' },
  { type: 'block-delta', text: '{"command":"l' },
  { type: 'block-delta', text: 's"}' },
  { type: 'block-end' },
  { type: 'block-start', block: { kind: 'tool-use', id: 'tooluse_2', name: 'Now' } },
  { type: 'block-delta', text: '{}' },
  { type: 'block-end' },
  { type: 'reply-end', stopReason: 'tool-use', usage },
]

function encode(events: readonly ReplyEvent[]): string {
  const encoder = createEncoder(head)
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

/** What the official SDK makes of a stream. */
async function readWithSdk(stream: string): Promise<Anthropic.Message> {
  const client = new Anthropic({
    apiKey: 'test',
    baseURL: 'http://127.0.0.1:1',
    maxRetries: 0,
    fetch: async () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }),
  })
  const messages = [{ role: 'user' as const, content: 'hi' }]
  return client.messages.stream({ model: head.model, max_tokens: 100, messages }).finalMessage()
}

describe('a stream', () => {
  it('is written as the golden file shows', async () => {
    const golden = '../../../test/fixtures/reply-streams/anthropic-messages.sse'
    await expect(encode(representative)).toMatchFileSnapshot(golden)
  })

  it('is read by the official SDK as the whole answer would be', async () => {
    await fc.assert(
      fc.asyncProperty(replyEvents, async (events) => {
        // `parsed_output` is the SDK's own.
        const { parsed_output: _, ...read }: Record<string, unknown> = JSON.parse(
          JSON.stringify(await readWithSdk(encode(events))),
        )
        expect(read).toEqual(writeReply(collect(events), head))
      }),
      { numRuns: 60 },
    )
  })

  it('names each event as its data does, numbers blocks from 0 and never lets them overlap', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const frames = encode(events).trimEnd().split('\n\n').map(readFrame)
        expect(frames.map((frame) => frame.name)).toEqual(frames.map((frame) => frame.data.type))
        const borders = frames.filter((frame) => /^content_block_(start|stop)$/.test(frame.name))
        expect(borders.map((frame) => [frame.name, frame.data.index])).toEqual(
          borders.map((_, at) => [
            at % 2 === 0 ? 'content_block_start' : 'content_block_stop',
            Math.floor(at / 2),
          ]),
        )
        expect(frames.slice(-2).map((frame) => frame.name)).toEqual(['message_delta', 'message_stop'])
        expect(frames.filter((frame) => frame.name === 'message_delta')).toHaveLength(1)
      }),
    )
  })

  it('may be pinged at any time', async () => {
    const encoder = createEncoder(head)
    const pinged =
      encoder.open() + representative.map((event) => encoder.ping() + encoder.push(event)).join('')
    expect(encoder.ping()).toBe('event: ping\ndata: {"type":"ping"}\n\n')
    expect(await readWithSdk(pinged)).toEqual(await readWithSdk(encode(representative)))
  })

  it('that fails is an error to the official SDK', async () => {
    const encoder = createEncoder(head)
    const begun =
      encoder.open() +
      representative
        .slice(0, 8)
        .map((event) => encoder.push(event))
        .join('')
    const failed = encoder.fail({ kind: 'interrupted', message: 'The answer broke off.' })
    expect(failed).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"The answer broke off."},"request_id":"req_1"}\n\n',
    )
    await expect(readWithSdk(begun + failed)).rejects.toThrow(APIError)
  })
})

interface Frame {
  name: string
  data: { type: string; index?: number }
}

function readFrame(frame: string): Frame {
  const [, name = '', json = ''] = /^event: (.*)\ndata: (.*)$/s.exec(frame) ?? []
  const data: Frame['data'] = JSON.parse(json)
  return { name, data }
}

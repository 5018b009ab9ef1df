import * as fc from 'fast-check'
import OpenAI, { APIError } from 'openai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { replyEvents } from '../../../test/reply-events.ts'
import { createReplyCollector } from '../../conversation/collect-reply.ts'
import type { Reply, ReplyEvent } from '../../conversation/reply.ts'
import { PLAIN_TOOLS, type ChatHead } from './chat-wishes.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

const head: ChatHead = {
  id: 'abc',
  requestId: 'req_1',
  model: 'claude-sonnet-4.5',
  createdAt: new Date(1_790_000_000_999),
  inputTokens: 99,
  usageInStream: true,
  toolForms: PLAIN_TOOLS,
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
  { type: 'block-start', block: { kind: 'tool-use', id: 'tooluse_1', name: 'bash' } },
  { type: 'block-delta', text: '' },
  { type: 'block-delta', text: '{"command":"l' },
  { type: 'block-delta', text: 's"}' },
  { type: 'block-end' },
  { type: 'block-start', block: { kind: 'tool-use', id: 'tooluse_2', name: 'now' } },
  { type: 'block-delta', text: '{}' },
  { type: 'block-end' },
  { type: 'reply-end', stopReason: 'tool-use', usage },
]

function encode(events: readonly ReplyEvent[], change: Partial<ChatHead> = {}): string {
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

/** What the official SDK makes of a stream. */
async function readWithSdk(stream: string): Promise<OpenAI.ChatCompletion> {
  const client = new OpenAI({
    apiKey: 'test',
    baseURL: 'http://127.0.0.1:1',
    maxRetries: 0,
    fetch: async () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }),
  })
  const messages = [{ role: 'user' as const, content: 'hi' }]
  return client.chat.completions.stream({ model: head.model, messages }).finalChatCompletion()
}

const completion = z.looseObject({
  usage: z.unknown(),
  choices: z.tuple([
    z.looseObject({
      finish_reason: z.string(),
      message: z.object({
        role: z.string(),
        content: z.string().nullable(),
        annotations: z.array(z.unknown()).optional(),
        tool_calls: z
          .array(
            z.object({
              id: z.string(),
              type: z.string(),
              function: z.object({ name: z.string(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
    }),
  ]),
})

/** What both ways of answering must agree on; the SDK adds to it, and a stream begins with empty content. */
function essenceOf(answer: unknown): object {
  const { object: _, ...rest } = completion.parse(JSON.parse(JSON.stringify(answer)))
  const [{ message, ...choice }] = rest.choices
  const calls = message.tool_calls?.map(({ function: { name, arguments: input }, ...call }) => {
    return { ...call, name, input: z.unknown().parse(JSON.parse(input)) }
  })
  const { role, content, annotations = [] } = message
  return { ...rest, choices: [choice], role, content: content ?? '', annotations, calls }
}

const message = z.looseObject({
  function_call: z.unknown().optional(),
  tool_calls: z.unknown().optional(),
})

function messageOf(answer: unknown): z.output<typeof message> {
  return z.looseObject({ choices: z.tuple([z.looseObject({ message })]) }).parse(answer).choices[0].message
}

const chunk = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.literal(0),
      delta: z.looseObject({ role: z.string().optional(), reasoning_content: z.string().optional() }),
      logprobs: z.null(),
      finish_reason: z.string().nullable(),
    }),
  ),
  usage: z.unknown().optional(),
})

function readChunks(stream: string): z.output<typeof chunk>[] {
  const lines = stream.split('\n\n')
  expect(lines.slice(-2)).toEqual(['data: [DONE]', ''])
  return lines.slice(0, -2).map((line) => {
    expect(line.startsWith('data: ')).toBe(true)
    return chunk.parse(JSON.parse(line.slice('data: '.length)))
  })
}

describe('a stream', () => {
  it('is written as the golden file shows', async () => {
    const golden = '../../../test/fixtures/reply-streams/openai-chat.sse'
    await expect(encode(representative)).toMatchFileSnapshot(golden)
  })

  it('is read by the official SDK as the whole answer would be', async () => {
    await fc.assert(
      fc.asyncProperty(replyEvents, async (events) => {
        const read = await readWithSdk(encode(events))
        expect(essenceOf(read)).toEqual(essenceOf(writeReply(collect(events), head)))
      }),
      { numRuns: 60 },
    )
  })

  it('tells thinking as the whole answer does', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const deltas = readChunks(encode(events)).flatMap(({ choices }) =>
          choices.map((choice) => choice.delta),
        )
        const told = deltas.map((delta) => delta.reasoning_content ?? '').join('')
        const thought = collect(events).parts.map((part) => (part.kind === 'thinking' ? part.text : ''))
        expect(told).toBe(thought.join(''))
      }),
    )
  })

  it.each([true, false])(
    'keeps one head, one role, one finish, and usage only if asked: %s',
    (usageInStream) => {
      fc.assert(
        fc.property(replyEvents, (events) => {
          const chunks = readChunks(encode(events, { usageInStream }))
          expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`))).toEqual(
            new Set(['chatcmpl-abc 1790000000 claude-sonnet-4.5']),
          )
          const choices = chunks.flatMap((each) => each.choices)
          expect(choices.map((choice) => choice.delta.role).filter(Boolean)).toEqual(['assistant'])
          expect(choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
          expect(choices.slice(0, -1).every((choice) => choice.finish_reason === null)).toBe(true)
          expect(choices.at(-1)).toMatchObject({ delta: {}, finish_reason: expect.any(String) })
          expect(chunks.filter((each) => each.choices.length === 0)).toHaveLength(usageInStream ? 1 : 0)
          const empty = usageInStream ? null : undefined
          expect(chunks.filter((each) => each.choices.length > 0).every((each) => each.usage === empty)).toBe(
            true,
          )
        }),
      )
    },
  )

  it('may be pinged at any time', async () => {
    const encoder = createEncoder(head)
    const pinged =
      encoder.open() + representative.map((event) => encoder.ping() + encoder.push(event)).join('')
    expect(encoder.ping()).toBe(': keep-alive\n\n')
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
      'data: {"error":{"message":"The answer broke off.","type":"server_error","param":null,"code":"upstream_error"}}\n\n',
    )
    await expect(readWithSdk(begun + failed)).rejects.toThrow(APIError)
  })

  const legacy = { custom: new Set<string>(), legacy: true }

  it('of functions is read by the official SDK as the whole answer would be', async () => {
    await fc.assert(
      fc.asyncProperty(replyEvents, async (events) => {
        const read = await readWithSdk(encode(events, { toolForms: legacy }))
        const whole = writeReply(collect(events), { ...head, toolForms: legacy })
        expect(messageOf(read).function_call).toEqual(messageOf(whole).function_call)
        // The SDK drops annotations beside a function call.
        const withoutAnnotations = { annotations: [] }
        expect({ ...essenceOf(read), ...withoutAnnotations }).toEqual({
          ...essenceOf(whole),
          ...withoutAnnotations,
        })
      }),
      { numRuns: 60 },
    )
  })

  it('tells functions in pieces, and the first call alone', () => {
    const deltas = readChunks(encode(representative, { toolForms: legacy })).flatMap(({ choices }) =>
      choices.flatMap(({ delta, finish_reason }) => delta['function_call'] ?? finish_reason ?? []),
    )
    expect(deltas).toEqual([
      { name: 'bash', arguments: '' },
      { arguments: '{"command":"l' },
      { arguments: 's"}' },
      'function_call',
    ])
  })

  it('tells the call of a custom tool in one piece', () => {
    const events: ReplyEvent[] = [
      { type: 'block-start', block: { kind: 'tool-use', id: 'tooluse_0', name: 'run' } },
      ...['{"inp', '', 'ut": "a\\', 'nb"}'].map((text): ReplyEvent => ({ type: 'block-delta', text })),
      { type: 'block-end' },
      ...representative.slice(-4),
    ]
    const toolForms = { custom: new Set(['run']), legacy: false }
    const deltas = readChunks(encode(events, { toolForms })).flatMap(({ choices }) =>
      choices.flatMap(({ delta }) => delta['tool_calls'] ?? []),
    )
    expect(deltas).toEqual([
      { index: 0, id: 'tooluse_0', type: 'custom', custom: { name: 'run', input: 'a\nb' } },
      { index: 1, id: 'tooluse_2', type: 'function', function: { name: 'now', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ])
  })

  it('tells calls of custom tools as the whole answer does', () => {
    const toolForms = { custom: new Set(['Bash', 'ls']), legacy: false }
    const calls = z.array(z.looseObject({ type: z.string().optional() }))
    const ofCustom = (all: unknown) => calls.parse(all ?? []).filter((call) => call.type === 'custom')
    fc.assert(
      fc.property(replyEvents, (events) => {
        const told = readChunks(encode(events, { toolForms })).flatMap(({ choices }) =>
          choices.flatMap(({ delta }) => ofCustom(delta['tool_calls'])),
        )
        const whole = messageOf(writeReply(collect(events), { ...head, toolForms }))
        expect(told).toMatchObject(ofCustom(whole.tool_calls))
        expect(told).toHaveLength(ofCustom(whole.tool_calls).length)
      }),
    )
  })
})

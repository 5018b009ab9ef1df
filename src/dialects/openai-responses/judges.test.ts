/** What the official SDK and the AI SDK make of our answers: the same, streamed and whole. */
import { createOpenAI } from '@ai-sdk/openai'
import { streamText, tool } from 'ai'
import * as fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { replyEvents } from '../../../test/reply-events.ts'
import { plainHead, toolsOfAllKinds } from '../../../test/response-stream.ts'
import { createReplyCollector } from '../../conversation/collect-reply.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import type { Reply, ReplyEvent } from '../../conversation/reply.ts'
import type { AnswerHead } from './answer-wishes.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

const head: AnswerHead = {
  ...plainHead,
  tools: toolsOfAllKinds,
  sealedReasoning: true,
  echo: { instructions: null, metadata: {}, parallel_tool_calls: true, tool_choice: 'auto', tools: [] },
}

function encode(events: readonly ReplyEvent[]): string {
  const encoder = createEncoder(head)
  return encoder.open() + events.map((event) => encoder.ping() + encoder.push(event)).join('')
}

function collect(events: readonly ReplyEvent[]): Reply {
  const replies: Reply[] = []
  const collector = createReplyCollector()
  for (const event of events) collector.push(event, (reply) => replies.push(reply))
  const [reply] = replies
  if (reply === undefined) throw new Error('The generated reply has no end')
  return reply
}

const offline = { apiKey: 'test', baseURL: 'http://127.0.0.1:1' }
const streamed = (stream: string) => ({
  ...offline,
  fetch: async () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }),
})
const whole = (answer: JsonObject) => ({ ...offline, fetch: async () => Response.json(answer) })
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('the official SDK', () => {
  const request = { model: head.model, input: 'hi' }
  const readStream = (stream: string) =>
    new OpenAI({ ...streamed(stream), maxRetries: 0 }).responses.stream(request)

  it('reads a stream as the whole answer', async () => {
    await fc.assert(
      fc.asyncProperty(replyEvents, async (events) => {
        const read = await readStream(encode(events)).finalResponse()
        const answer = writeReply(collect(events), head)
        const created = await new OpenAI(whole(answer)).responses.create(request)
        expect(read.output_text).toBe(created.output_text)
        expect(plain(strip(read))).toEqual(plain(strip(created)))
        expect(plain(strip(created))).toMatchObject(answer)
      }),
      { numRuns: 60 },
    )
  })

  it('has read all of it before the last event, piece by piece', async () => {
    await fc.assert(
      fc.asyncProperty(replyEvents, async (events) => {
        const stream = encode(events)
        // The stream without its end: what is read is what the events themselves told.
        const beforeEnd = stream.slice(0, stream.slice(0, -2).lastIndexOf('\n\n') + 2)
        const read = await readStream(beforeEnd).finalResponse()
        expect(plain(read.output.map(withoutParsed))).toEqual(writeReply(collect(events), head)['output'])
      }),
      { numRuns: 60 },
    )
  })

  it('knows a failure', async () => {
    await expect(readStream(broken()).finalResponse()).rejects.toMatchObject({
      code: 'server_error',
      message: 'The answer broke off.',
    })
  })
})

/** Without what the SDK adds. */
function strip(response: OpenAI.Responses.Response): object {
  const {
    output_text: _,
    output_parsed: _parsed,
    _request_id: _id,
    ...rest
  }: Record<string, unknown> = {
    ...response,
  }
  return { ...rest, output: response.output.map(withoutParsed) }
}

function withoutParsed(item: object): object {
  const { parsed_arguments: _, ...rest }: Record<string, unknown> = { ...item }
  const { content } = rest
  if (!Array.isArray(content)) return rest
  return { ...rest, content: content.map(({ parsed: _parsed, ...part }) => part) }
}

const textOf = (answer: JsonObject) =>
  plainOutput(answer)
    .flatMap(({ content = [] }) => content.map((part) => part.text))
    .join('')

const plainOutput = (answer: JsonObject) =>
  z
    .array(
      z.looseObject({ type: z.string(), content: z.array(z.looseObject({ text: z.string() })).optional() }),
    )
    .parse(answer['output'])

const broken = () => {
  const encoder = createEncoder(head)
  const begun = encoder.open() + encoder.push({ type: 'block-start', block: { kind: 'text' } })
  return begun + encoder.fail({ kind: 'interrupted', message: 'The answer broke off.' })
}

async function readAll<Part>(stream: AsyncIterable<Part>): Promise<Part[]> {
  const parts: Part[] = []
  for await (const part of stream) parts.push(part)
  return parts
}

const calls = (parts: readonly { type: string }[]) => parts.filter(({ type }) => type === 'tool-call')
const sources = (parts: readonly { type: string }[]) =>
  parts.flatMap((part) => (part.type === 'source' && 'url' in part ? part.url : []))

describe('the AI SDK', () => {
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }]

  it('reads a stream as the whole answer', async () => {
    await fc.assert(
      fc.asyncProperty(replyEvents, async (events) => {
        const answer = writeReply(collect(events), head)
        const generated = await createOpenAI(whole(answer)).responses('m').doGenerate({ prompt })
        const { stream } = await createOpenAI(streamed(encode(events)))
          .responses('m')
          .doStream({ prompt })
        const parts = await readAll(stream)
        expect(parts.filter(({ type }) => type === 'error')).toEqual([])
        const finish = parts.find((part) => part.type === 'finish')
        expect(finish?.finishReason).toEqual(generated.finishReason)
        expect(finish?.usage).toEqual(generated.usage)
        const deltas = (of: string) =>
          parts.flatMap((part) => (part.type === of && 'delta' in part ? part.delta : [])).join('')
        const said = (of: string) =>
          generated.content.flatMap((part) => (part.type === of && 'text' in part ? part.text : [])).join('')
        expect(deltas('text-delta')).toBe(said('text'))
        expect(said('text')).toBe(textOf(answer))
        expect(deltas('reasoning-delta')).toBe(said('reasoning'))
        expect(calls(parts)).toEqual(calls(generated.content))
        expect(sources(parts)).toEqual(sources(generated.content))
      }),
      { numRuns: 60 },
    )
  })

  it('knows a failure', async () => {
    const { stream } = await createOpenAI(streamed(broken())).responses('m').doStream({ prompt })
    const parts = await readAll(stream)
    expect(parts.find(({ type }) => type === 'finish')).toMatchObject({ finishReason: { unified: 'error' } })
    expect(JSON.stringify(parts.find(({ type }) => type === 'error'))).toContain('The answer broke off.')
  })

  it('gives a tool of each kind what the model wrote for it', async () => {
    const openai = createOpenAI(streamed(encode(callsOfAllKinds)))
    const { toolCalls, finishReason } = streamText({
      model: openai('m'),
      prompt: 'hi',
      tools: {
        ls: tool({ inputSchema: z.object({ path: z.string() }) }),
        apply_patch: openai.tools.customTool({}),
        local_shell: openai.tools.localShell({}),
        shell: openai.tools.shell({}),
      },
    })
    expect((await toolCalls).map(({ toolName, input }) => ({ toolName, input }))).toEqual([
      { toolName: 'ls', input: { path: '/' } },
      { toolName: 'apply_patch', input: '*** Begin Patch' },
      { toolName: 'local_shell', input: { action: { type: 'exec', command: ['ls'], env: {} } } },
      { toolName: 'shell', input: { action: { commands: ['pwd'] } } },
    ])
    expect(await finishReason).toBe('tool-calls')
  })
})

const callOf = (name: string, text: string): ReplyEvent[] => [
  { type: 'block-start', block: { kind: 'tool-use', id: `tooluse_${name}`, name } },
  { type: 'block-delta', text },
  { type: 'block-end' },
]
const callsOfAllKinds: ReplyEvent[] = [
  ...callOf('ls', '{"path":"/"}'),
  ...callOf('Bash', '{"input":"*** Begin Patch"}'),
  ...callOf('run_locally', '{"command":["ls"]}'),
  ...callOf('read_file', '{"commands":["pwd"]}'),
  {
    type: 'reply-end',
    stopReason: 'tool-use',
    usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, source: 'upstream' },
  },
]

/** The simulator's named sequences as bytes, and what the gateway makes of bytes: without sockets, ids or clocks. */
import { sequences, type SequenceContext } from '../../simulator/replies/sequences.ts'
import { encodeStep, type Step } from '../../simulator/replies/steps.ts'
import { createReplyCollector } from '../../src/conversation/collect-reply.ts'
import { createConversation } from '../../src/conversation/conversation.ts'
import { toGatewayError, type GatewayError } from '../../src/conversation/failures.ts'
import type { Reply, ReplyEvent } from '../../src/conversation/reply.ts'
import { chain, type Decoder } from '../../src/conversation/stage.ts'
import type { Dialect, ReplyHead } from '../../src/dialects/dialect.ts'
import { createPipeline } from '../../src/relay/pipeline.ts'
import { createReplyStages } from '../../src/relay/reply-stages.ts'
import { createReplyDecoder } from '../../src/upstreams/amazon-q/decode-reply.ts'
import { createEventStreamDecoder } from '../../src/upstreams/amazon-q/event-stream.ts'
import { createThinkingTagReader } from '../../src/upstreams/amazon-q/thinking-tags.ts'
import { readPlainRequest } from '../plain-request.ts'

/** Names of tools are passed on as they are, so that they can be compared with what the official client reads. */
const toolNames = { toClient: (name: string) => name }
const prompt = { tokens: 12, contextWindowTokens: 200_000 }

const conversation = createConversation({
  model: 'claude-sonnet-4.5',
  turns: [{ role: 'user', parts: [{ kind: 'text', text: 'hi' }] }],
  thinking: { kind: 'adaptive', shown: true },
})

const head: ReplyHead = {
  id: 'golden',
  requestId: 'req_golden',
  model: 'claude-sonnet-4.5',
  createdAt: new Date('2026-11-22T00:00:00Z'),
  inputTokens: prompt.tokens,
  isKept: true,
}

export const sequenceNames = Object.keys(sequences)

const table: Readonly<Record<string, (context: SequenceContext) => Step[]>> = sequences

export function bytesOf(name: string): Buffer {
  let idCount = 0
  const steps = table[name]?.({
    modelId: 'claude-sonnet-4.5',
    sign: (thought) => Buffer.from(`signed ${thought}`).toString('base64'),
    redact: (thought) => Buffer.from(`sealed ${thought}`).toString('base64'),
    toolUseId: () => `tooluse_golden${(idCount += 1)}`,
  })
  return Buffer.concat((steps ?? []).map((step) => encodeStep(step) ?? Buffer.alloc(0)))
}

/** Tags are read where a sequence is about them, as they are when the request asked for them. */
function createDecoder(name: string): Decoder {
  const decoder = chain(
    createEventStreamDecoder(),
    createReplyDecoder({ prompt, toolNames, seal: { close: (proof) => proof }, clock: { now: () => 0 } }),
  )
  return name.includes('thinking-tag') ? chain(decoder, createThinkingTagReader()) : decoder
}

/** The way of bytes through one attempt. Answers what broke it off, if anything did. */
function run(
  name: string,
  chunks: readonly Uint8Array[],
  deliver: (event: ReplyEvent) => void,
): GatewayError | undefined {
  const stages = createReplyStages({
    conversation,
    demands: { createStages: () => [] },
    isLastChance: () => false,
    onCallLeftOut: () => {},
    gate: 'first-content',
    inputTokens: prompt.tokens,
  })
  const pipeline = createPipeline(createDecoder(name), stages, deliver)
  try {
    for (const chunk of chunks) pipeline.push(chunk)
    pipeline.end()
    return undefined
  } catch (error) {
    return toGatewayError(error)
  }
}

interface Whole {
  status: number
  body: unknown
}

/** The one document of an answer that is not streamed. */
export function answerWhole(dialect: Dialect, name: string): Whole {
  const { reply, error } = collect(name)
  if (reply === undefined || error !== undefined) {
    const { status, body } = dialect.writeError(toGatewayError(error).failure, head.requestId)
    return { status, body }
  }
  return { status: 200, body: readPlainRequest(dialect).answerForm.writeReply(reply, head) }
}

export function collect(name: string): { reply?: Reply; error?: GatewayError } {
  const replies: Reply[] = []
  const collector = createReplyCollector()
  const error = run(name, [bytesOf(name)], (event) => collector.push(event, (reply) => replies.push(reply)))
  const [reply] = replies
  return { ...(reply !== undefined && { reply }), ...(error !== undefined && { error }) }
}

interface Streamed {
  status: number
  text: string
}

/** A stream that has told something ends with its error; one that has not is a document with a status of its own. */
export function answerStreamed(
  dialect: Dialect,
  name: string,
  chunks: readonly Uint8Array[] = [bytesOf(name)],
): Streamed {
  const encoder = readPlainRequest(dialect).answerForm.createEncoder(head)
  let text = ''
  const error = run(name, chunks, (event) => {
    if (event.type === 'reply-start') return
    if (text === '') text = encoder.open()
    text += encoder.push(event)
  })
  if (error === undefined) return { status: 200, text }
  if (text !== '') return { status: 200, text: text + encoder.fail(error.failure) }
  const { status, body } = dialect.writeError(error.failure, head.requestId)
  return { status, text: JSON.stringify(body) }
}

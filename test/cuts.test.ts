/** The bytes that a client gets do not depend on how those of the service are cut on their way. */
import { describe, expect, it } from 'vitest'
import { reasoning, signature, text, toolUse, trailer } from '../simulator/replies/events.ts'
import { encodeStep } from '../simulator/replies/steps.ts'
import { createConversation } from '../src/conversation/conversation.ts'
import { dialects } from '../src/dialects/index.ts'
import type { Dialect } from '../src/dialects/dialect.ts'
import { createPipeline } from '../src/relay/pipeline.ts'
import { createReplyStages } from '../src/relay/reply-stages.ts'
import { createReplyDecoder } from '../src/upstreams/amazon-q/decode-reply.ts'
import { createEventStreamDecoder } from '../src/upstreams/amazon-q/event-stream.ts'
import { chain } from '../src/conversation/stage.ts'
import { readPlainRequest } from './plain-request.ts'

const answer = Buffer.concat(
  [
    reasoning('Grüße? 👋🏽'),
    signature('c2ln'),
    text('Grüße, 世界! '),
    text('👋🏽 — naïve café \u2028'),
    ...toolUse('tooluse_1', 'ls', ['{"pä', 'th":"/höme/', '👋🏽"}']),
    ...trailer(),
  ].map((step) => encodeStep(step) ?? Buffer.alloc(0)),
)

/** All that a client would get of the answer, cut at these places. */
function streamOf(dialect: Dialect, places: readonly number[]): string {
  const encoder = readPlainRequest(dialect).answerForm.createEncoder({
    id: 'id',
    requestId: 'req_1',
    model: 'm',
    createdAt: new Date(0),
    inputTokens: 7,
  })
  let stream = encoder.open()
  const conversation = createConversation({
    model: 'm',
    turns: [],
    thinking: { kind: 'adaptive', shown: true },
    limits: { stopSequences: ['\n\nnever'], maxOutputTokens: 10_000 },
  })
  const stages = createReplyStages({
    conversation,
    demands: { createStages: () => [] },
    gate: 'first-content',
    inputTokens: 7,
    isLastChance: () => true,
    onCallLeftOut: () => {},
  })
  const pipeline = createPipeline(createDecoder(), stages, (event) => {
    if (event.type !== 'reply-start') stream += encoder.push(event)
  })
  let start = 0
  for (const place of [...places, answer.length]) {
    pipeline.push(answer.subarray(start, place))
    start = place
  }
  pipeline.end()
  return stream
}

function createDecoder() {
  return chain(
    createEventStreamDecoder(),
    createReplyDecoder({
      prompt: { tokens: 7, contextWindowTokens: 1000 },
      toolNames: { toClient: (name) => name },
      seal: { close: (proof) => proof },
      clock: { now: () => 0 },
    }),
  )
}

/** Those of them that have streams. */
const streaming = dialects.filter((dialect) => readPlainRequest(dialect).stream)

describe.each(streaming.map((dialect) => [dialect.name, dialect] as const))(
  'the stream of %s',
  (_, dialect) => {
    const whole = streamOf(dialect, [])

    it('has everything', () => {
      for (const piece of ['Grüße? 👋🏽', '👋🏽 — naïve café', '/höme/']) expect(whole).toContain(piece)
    })

    it('is the same wherever the answer is cut once', () => {
      const others = Array.from({ length: answer.length }, (_each, place) => streamOf(dialect, [place]))
      expect(others.filter((stream) => stream !== whole)).toEqual([])
    })

    it('is the same in pieces of any one size', () => {
      const sizes = Array.from({ length: 100 }, (_each, index) => index + 1)
      const differing = sizes.filter((size) => {
        const count = Math.floor((answer.length - 1) / size)
        return (
          streamOf(
            dialect,
            Array.from({ length: count }, (_each, index) => (index + 1) * size),
          ) !== whole
        )
      })
      expect(differing).toEqual([])
    })
  },
)

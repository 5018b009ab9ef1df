import { GatewayError } from '../../../src/conversation/failures.ts'
import type { ReplyEvent } from '../../../src/conversation/reply.ts'
import { chain } from '../../../src/conversation/stage.ts'
import { createReplyDecoder } from '../../../src/upstreams/amazon-q/decode-reply.ts'
import { createEventStreamDecoder } from '../../../src/upstreams/amazon-q/event-stream.ts'
import { OPENAI, errorOf } from '../../read-answer.ts'
import type { Form, Heard } from './heard.ts'

/** As which it is heard. */
export const replyForm: Form = { path: OPENAI, stream: true }

/** What the decoders make of the bytes by themselves, as a client of a stream would hear it. */
export function hearReply(pieces: readonly Uint8Array[]): Heard {
  const heard: Heard = {
    status: 200,
    text: '',
    calls: [],
    wholeCalls: 0,
    end: undefined,
    repairs: '',
    error: undefined,
  }
  let open = ''
  function note(event: ReplyEvent): void {
    if (event.type === 'block-start') {
      open = event.block.kind
      if (open === 'tool-use') heard.calls.push('')
    } else if (event.type === 'block-delta') {
      if (open === 'text') heard.text += event.text
      if (open === 'tool-use') heard.calls.push((heard.calls.pop() ?? '') + event.text)
    } else if (event.type === 'block-end') {
      if (open === 'tool-use') heard.wholeCalls += 1
      open = ''
    } else if (event.type === 'reply-end') heard.end = event.stopReason
  }
  const decoder = chain(
    createEventStreamDecoder(),
    createReplyDecoder({
      prompt: { tokens: 7, contextWindowTokens: 1_000 },
      toolNames: { toClient: (name) => name },
      seal: { close: (proof) => proof },
      clock: { now: () => 0 },
    }),
  )
  try {
    for (const piece of pieces) decoder.push(piece, note)
    decoder.end(note)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { kind, message } = error.failure
    heard.error = { type: errorOf(OPENAI, kind).type, message }
  }
  return heard
}

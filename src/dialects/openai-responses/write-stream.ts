import type { JsonObject } from '../../conversation/conversation.ts'
import { policyOf } from '../../conversation/failures.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { Encoder } from '../dialect.ts'
import type { AnswerHead } from './answer-wishes.ts'
import { createOutputWriter } from './write-output.ts'
import { createSummaryWriter } from './write-summary.ts'
import { createEventWriter, type EventWriter } from './write-events.ts'
import { writeFailure } from './write-failure.ts'
import { endingOf, writeResponse } from './write-response.ts'

/** Named and numbered events. The last one tells the end, and there is no `[DONE]`. */
export function createEncoder(head: AnswerHead): Encoder {
  const events = createEventWriter()
  const output =
    head.compaction === undefined ? createOutputWriter(head, events) : createSummaryWriter(head, events)
  const writeState = createStateWriter(head, events)

  function push(event: ReplyEvent): string {
    switch (event.type) {
      case 'block-delta':
        return event.text === '' ? '' : output.add(event.text)
      case 'block-start':
        return output.open(event.block)
      case 'block-end':
        return output.close(event)
      case 'reply-end': {
        const last = output.finish(event)
        const { stopReason, usage } = event
        return last + writeState({ ...endingOf(stopReason, head), output: output.items(), usage })
      }
      case 'reply-start':
        return ''
      default:
        return unreachable(event)
    }
  }

  return {
    open: () =>
      writeState({ status: 'in_progress', output: [] }, 'response.created') +
      writeState({ status: 'in_progress', output: [] }),
    push,
    ping: () => ': keep-alive\n\n',
    fail(failure) {
      const error = writeFailure(failure, head.isCodex)
      // An item that was cut off gets no end: agents would run a call that has one.
      const end = { status: 'failed' as const, error, output: output.items() }
      // As OpenAI does. Libraries throw at an `error`; of the state alone, LangChain takes no notice. Codex needs only the state.
      const { type } = policyOf(failure.kind).openai
      const told = head.isCodex ? '' : events.write('error', { error: { type, ...error, param: null } })
      return told + writeState(end)
    },
  }
}

/** Writes the event that tells the response's state, by default that which is called like the state. */
function createStateWriter({ echo, ...head }: AnswerHead, events: EventWriter) {
  return (state: Parameters<typeof writeResponse>[1], type = `response.${state.status}`) => {
    const repeated = head.isCodex && state.status === 'in_progress' ? withoutLong(echo) : echo
    return events.write(type, { response: { ...writeResponse(head, state), ...repeated } })
  }
}

/** Codex takes nothing but its id from a response that has just begun, and its tools are some 20 KB. */
function withoutLong(echo: JsonObject): JsonObject {
  const short = Object.entries(echo).filter(([name]) => name !== 'tools' && name !== 'instructions')
  return Object.fromEntries(short)
}

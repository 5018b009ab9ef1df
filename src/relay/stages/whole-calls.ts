import type { ReplyEvent } from '../../conversation/reply.ts'
import type { RelayStage } from '../pipeline.ts'
import { countEvent, createOutputMeter } from './output-meter.ts'

interface WholeCallsOptions {
  /** For the usage of a reply that is ended here. */
  inputTokens: number
  /** Asked when a reply breaks off inside a call: whether it is tried no more. */
  isLastChance: () => boolean
  /** Told that the reply goes out without the call in which it broke off, before it does. */
  onCallLeftOut: () => void
}

/**
 * For answers that are not streamed: holds each tool call until it is whole. Models that run into a limit of theirs stop
 * inside a long call, at the next attempt as at the first. What was said before it is of use then, and `max-tokens` tells
 * the client what happened; half a call is of none. Where nothing was said before it, the failure stands: an answer
 * without content would look like one that is complete.
 */
export function createWholeCalls({
  inputTokens,
  isLastChance,
  onCallLeftOut,
}: WholeCallsOptions): RelayStage {
  const meter = createOutputMeter()
  let call: ReplyEvent[] | undefined
  let isText = false
  /** Text, or a whole call. */
  let hasSaid = false

  return {
    push(event, emit) {
      countEvent(meter, event)
      if (event.type === 'block-start') {
        isText = event.block.kind === 'text'
        if (event.block.kind === 'tool-use') call = []
      }
      if (call === undefined) {
        hasSaid ||= isText && event.type === 'block-delta' && event.text !== ''
        emit(event)
        return
      }
      call.push(event)
      if (event.type !== 'block-end') return
      for (const each of call) emit(each)
      call = undefined
      hasSaid = true
    },
    end() {},
    recover(failure, emit) {
      const isCutCall = failure.kind === 'interrupted' && call !== undefined
      if (!isCutCall || !hasSaid || !isLastChance()) return false
      call = undefined
      onCallLeftOut()
      emit({ type: 'reply-end', stopReason: 'max-tokens', usage: meter.usage(inputTokens) })
      return true
    },
  }
}

/** Frames of an answer become the events of a neutral reply (protocol 4.3 to 4.7). */

import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { ReplyEvent, StopReason } from '../../conversation/reply.ts'
import type { Stage } from '../../conversation/stage.ts'
import { createBlockSequence } from './block-sequence.ts'
import type { BlockSequence } from './block-sequence.ts'
import type { Frame } from './event-stream.ts'
import { classifyException } from './failures.ts'
import type { PromptSize } from './prompt-size.ts'
import { createEventReader } from './read-event.ts'
import type { ReasoningSeal } from './reasoning-seal.ts'
import { createReplyEnding } from './reply-ending.ts'
import type { ReplyEnding } from './reply-ending.ts'
import type { ToolNames } from './tool-names.ts'

interface ReplyDecoderOptions {
  prompt: PromptSize
  clock: Pick<Clock, 'now'>
  toolNames: Pick<ToolNames, 'toClient'>
  /** That of the account and the model that answer. */
  seal: Pick<ReasoningSeal, 'close'>
  /** The service's id of the request, for the log. */
  requestId?: string
  /** Told the name of each event that is not known, for a counter. */
  onUnknownEvent?: (name: string) => void
}

/** A decoder for one answer. Throws what the service complains about in its stream, and what breaks off. */
export function createReplyDecoder(options: ReplyDecoderOptions): Stage<Frame, ReplyEvent> {
  const blocks = createBlockSequence({
    clientNameOf: options.toolNames.toClient,
    closeSeal: options.seal.close,
  })
  const ending = createReplyEnding(options.prompt)
  const reader = createEventReader({ blocks, ending, onUnknownEvent: options.onUnknownEvent })
  let started = false

  return {
    push(frame, emit) {
      if (frame.messageType !== 'event' || frame.name === 'invalidStateEvent') {
        reader.end(emit)
        throw classifyException({ ...frame, ...options, now: options.clock.now() })
      }
      if (!started) {
        started = true
        emit({ type: 'reply-start' })
      }
      reader.read(frame, emit)
    },
    end(emit) {
      reader.end(emit)
      blocks.close(emit)
      const citations = blocks.takeCitations()
      const stopReason = stopReasonOf(blocks, ending)
      const refusal = ending.refusal()
      emit({
        type: 'reply-end',
        stopReason,
        usage: ending.usage(),
        ...(stopReason === 'refusal' && refusal !== undefined && { refusal }),
        ...(citations.length > 0 && { citations }),
      })
    },
  }
}

/**
 * Of turns with tool calls a third say END_TURN (protocol 4.3), so a complete call outweighs what is told. A reply that is
 * thinking only is a proper one, also where its thinking is not shown: the model spoke and ended, it did not break off.
 */
function stopReasonOf(blocks: BlockSequence, ending: ReplyEnding): StopReason {
  if (blocks.hasToolUse()) return 'tool-use'
  const told = ending.toldStopReason()
  const isExplained = told === 'refusal' || told === 'max-tokens' || told === 'context-window-exceeded'
  if (!blocks.hasContent() && !isExplained) {
    throw new GatewayError('empty-reply', 'Amazon Q sent an empty answer. Send the request again.')
  }
  return told ?? 'end-turn'
}

import { GatewayError } from '../../conversation/failures.ts'
import { isContent, type ReplyEvent } from '../../conversation/reply.ts'
import type { Emit, ReplyStage } from '../../conversation/stage.ts'

/**
 * When output may leave an attempt. `first-content`: as soon as there is some. `whole-reply`: when it is complete.
 * What a gate holds is thrown away with a failed attempt, so nothing ever has to be taken back.
 */
export type GateKind = 'first-content' | 'whole-reply'

const MAX_HELD_CHARACTERS = 16 * 1024 * 1024

export function createGate(kind: GateKind): ReplyStage {
  const held: ReplyEvent[] = []
  let heldCharacters = 0
  let open = false

  return {
    push(event, emit) {
      if (open) {
        emit(event)
        return
      }
      held.push(event)
      heldCharacters += event.type === 'block-delta' ? event.text.length : 0
      if (heldCharacters > MAX_HELD_CHARACTERS) {
        throw new GatewayError(
          'upstream-unavailable',
          'The answer is larger than the gateway can hold (16 MiB).',
        )
      }
      open = kind === 'first-content' ? isContent(event) : event.type === 'reply-end'
      if (open) release(held, emit)
    },
    end() {},
  }
}

function release(held: ReplyEvent[], emit: Emit<ReplyEvent>): void {
  for (const event of held.splice(0)) emit(event)
}

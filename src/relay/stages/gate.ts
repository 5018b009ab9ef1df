import { GatewayError } from '../../conversation/failures.ts'
import { isContent, type ReplyEvent } from '../../conversation/reply.ts'
import type { Emit, ReplyStage } from '../../conversation/stage.ts'
import { unreachable } from '../../conversation/unreachable.ts'

/**
 * When output may leave an attempt. `first-content`: as soon as there is some. `first-tool-or-end`: with a tool call, for
 * answers of which one is demanded. `whole-reply`: when it is complete.
 * What a gate holds is thrown away with a failed attempt, so nothing ever has to be taken back.
 */
export type GateKind = (typeof fromLooseToStrict)[number]

const fromLooseToStrict = ['first-content', 'first-tool-or-end', 'whole-reply'] as const

const MAX_HELD_CHARACTERS = 16 * 1024 * 1024

/** `onContent` is told once, of the first content that comes to the gate, held or not. */
export function createGate(kind: GateKind, onContent?: () => void): ReplyStage {
  const held: ReplyEvent[] = []
  let heldCharacters = 0
  let open = false
  let isTold = onContent === undefined

  return {
    push(event, emit) {
      if (open) {
        emit(event)
        return
      }
      if (!isTold && isContent(event)) {
        isTold = true
        onContent?.()
      }
      held.push(event)
      heldCharacters += event.type === 'block-delta' ? event.text.length : 0
      if (heldCharacters > MAX_HELD_CHARACTERS) {
        throw new GatewayError(
          'upstream-unavailable',
          'The answer is larger than the gateway can hold (16 MiB).',
        )
      }
      open = opens(kind, event)
      if (open) release(held, emit)
    },
    end() {},
  }
}

function opens(kind: GateKind, event: ReplyEvent): boolean {
  switch (kind) {
    case 'first-content':
      return isContent(event)
    case 'first-tool-or-end':
      return event.type === 'reply-end' || (event.type === 'block-start' && event.block.kind === 'tool-use')
    case 'whole-reply':
      return event.type === 'reply-end'
    default:
      return unreachable(kind)
  }
}

/** The one of two gates that holds longer. */
export function stricterGate(one: GateKind, other: GateKind): GateKind {
  return fromLooseToStrict.indexOf(one) < fromLooseToStrict.indexOf(other) ? other : one
}

function release(held: ReplyEvent[], emit: Emit<ReplyEvent>): void {
  for (const event of held.splice(0)) emit(event)
}

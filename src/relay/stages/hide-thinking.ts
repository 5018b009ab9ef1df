import type { Thinking } from '../../conversation/conversation.ts'
import type { ReplyStage } from '../../conversation/stage.ts'
import { unreachable } from '../../conversation/unreachable.ts'

/**
 * Some models think without being asked; that is shown to nobody who did not ask for it. Who asked, but not to see it, gets
 * the proofs alone, signatures and sealed thinking, which the model wants back in the next turn. What thinking costs stays
 * in the usage. Undefined: all of it is shown.
 */
export function createThinkingFilter(thinking: Thinking): ReplyStage | undefined {
  switch (thinking.kind) {
    case 'default':
    case 'off':
      return createBlockFilter()
    case 'budget':
    case 'adaptive':
      return thinking.shown ? undefined : createTextFilter()
    default:
      return unreachable(thinking)
  }
}

/** Takes blocks of thinking out whole, sealed or not. */
function createBlockFilter(): ReplyStage {
  let hiding = false
  return {
    push(event, emit) {
      if (event.type === 'block-start') {
        hiding = event.block.kind === 'thinking' || event.block.kind === 'redacted-thinking'
      }
      if (!hiding) emit(event)
      else if (event.type === 'block-end') hiding = false
    },
    end() {},
  }
}

/** Takes the text out of blocks of thinking; without a signature nothing remains of them. */
function createTextFilter(): ReplyStage {
  let hiding = false
  return {
    push(event, emit) {
      if (event.type === 'block-start' && event.block.kind === 'thinking') hiding = true
      else if (!hiding) emit(event)
      else if (event.type === 'block-end') {
        hiding = false
        if (event.signature === undefined) return
        emit({ type: 'block-start', block: { kind: 'thinking' } })
        emit(event)
      }
    },
    end() {},
  }
}

import type { Thinking } from '../../conversation/conversation.ts'
import type { ReplyStage } from '../../conversation/stage.ts'

/** Some models think without being asked; that is shown to nobody who did not ask for it. */
export function isThinkingShown(thinking: Thinking): boolean {
  return 'shown' in thinking && thinking.shown
}

/** Takes blocks of thinking, sealed or not, out of a reply. What they cost stays in its usage. */
export function createThinkingFilter(): ReplyStage {
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

/**
 * Right before it tells where code is from, the service says the text before it once more (protocol 4.5). So a text that
 * is the same as the one before waits for the next event to show what it is. Any other leaves at once, and none is lost:
 * digits and blanks do repeat.
 */

import type { ReplyEvent } from '../../conversation/reply.ts'
import type { Emit } from '../../conversation/stage.ts'

interface RepeatHold {
  push(text: string, emit: Emit<ReplyEvent>): void
  /** What is held was meant. */
  release(emit: Emit<ReplyEvent>): void
  /** What is held only came again. */
  dropRepeat(): void
}

/** `say` gets every text that is one, and never an empty one. */
export function createRepeatHold(say: (text: string, emit: Emit<ReplyEvent>) => void): RepeatHold {
  let last = ''
  let isHeld = false

  function release(emit: Emit<ReplyEvent>): void {
    if (!isHeld) return
    isHeld = false
    say(last, emit)
  }

  return {
    push(text, emit) {
      release(emit)
      if (text === '') return
      isHeld = text === last
      last = text
      if (!isHeld) say(text, emit)
    },
    release,
    dropRepeat() {
      isHeld = false
    },
  }
}

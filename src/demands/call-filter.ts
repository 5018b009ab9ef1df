import type { ReplyStage } from '../conversation/stage.ts'
import { demandUnmet, isExcused } from './unmet.ts'

interface CallFilterOptions {
  /** Names of the tools that may be called. */
  callable: ReadonlySet<string>
  /** Whether one of them has to be. */
  isCallDemanded: boolean
}

/**
 * Takes out calls of tools that may not be called; the model knows the names of earlier ones from the conversation.
 * Throws `demand-unmet` at the end of a reply without the call that it should have, or of which nothing is left.
 */
export function createCallFilter({ callable, isCallDemanded }: CallFilterOptions): ReplyStage {
  let isDropping = false
  let hasDropped = false
  let hasCalled = false
  let hasText = false
  let isText = false

  return {
    push(event, emit) {
      if (event.type === 'block-start') {
        const { block } = event
        isText = block.kind === 'text'
        isDropping = block.kind === 'tool-use' && !callable.has(block.name)
        hasDropped ||= isDropping
        hasCalled ||= block.kind === 'tool-use' && !isDropping
      }
      if (event.type === 'reply-end') {
        if (!isExcused(event.stopReason)) {
          if (isCallDemanded && !hasCalled)
            throw demandUnmet('The model did not call a tool, although a call is demanded.')
          if (hasDropped && !hasCalled && !hasText)
            throw demandUnmet('The model called a tool that it may not call, and said nothing.')
        }
        const isCallMissing = event.stopReason === 'tool-use' && !hasCalled
        emit(isCallMissing ? { ...event, stopReason: 'end-turn' } : event)
        return
      }
      hasText ||= isText && event.type === 'block-delta' && event.text !== ''
      if (!isDropping) emit(event)
      else if (event.type === 'block-end') isDropping = false
    },
    end() {},
  }
}

import type { ReplyStage } from '../../conversation/stage.ts'
import { countEvent, createOutputMeter } from './output-meter.ts'

/**
 * For clients that want one tool call at a time: the reply ends when anything begins behind the first call. Not at the
 * end of that call already, as most replies end there by themselves, with the service's own usage.
 */
export function createOneCall({ inputTokens }: { inputTokens: number }): ReplyStage {
  const meter = createOutputMeter()
  let hasCalled = false
  let done = false
  return {
    isDone: () => done,
    push(event, emit) {
      if (event.type === 'block-start') {
        if (hasCalled) {
          done = true
          emit({ type: 'reply-end', stopReason: 'tool-use', usage: meter.usage(inputTokens) })
          return
        }
        hasCalled = event.block.kind === 'tool-use'
      }
      countEvent(meter, event)
      emit(event)
    },
    end() {},
  }
}

import { GatewayError } from '../conversation/failures.ts'
import type { ReplyEvent } from '../conversation/reply.ts'
import type { Decoder, Emit, ReplyStage } from '../conversation/stage.ts'

/** Decoder and stages of one attempt as one. */
interface Pipeline {
  push(bytes: Uint8Array): void
  /** The bytes have ended. Throws `interrupted` when the reply has not. */
  end(): void
  /** Whether the decoder has given any event. */
  hasStarted(): boolean
  /** Whether `reply-end` has come out. */
  isComplete(): boolean
}

/** Bytes in, events out by `deliver`. A stage that is done cuts off everything before it. */
export function createPipeline(
  decoder: Decoder,
  stages: readonly ReplyStage[],
  deliver: Emit<ReplyEvent>,
): Pipeline {
  let started = false
  let complete = false
  const leave: Emit<ReplyEvent> = (event) => {
    complete ||= event.type === 'reply-end'
    deliver(event)
  }
  const entries = linkStages(stages, leave)
  const enter: Emit<ReplyEvent> = (event) => {
    started = true
    entries[0]?.(event)
  }

  function endStages(from: number): void {
    for (const [index, stage] of stages.entries()) {
      if (index >= from) stage.end(entries[index + 1] ?? leave)
    }
  }

  return {
    push(bytes) {
      decoder.push(bytes, enter)
      const doneAt = stages.findIndex((stage) => stage.done === true)
      if (doneAt >= 0) endStages(doneAt + 1)
    },
    end() {
      decoder.end(enter)
      endStages(0)
      if (!complete) throw new GatewayError('interrupted', 'The model service ended its answer too early.')
    },
    hasStarted: () => started,
    isComplete: () => complete,
  }
}

/** The entry of each stage in order, and behind the last one the way out. */
function linkStages(stages: readonly ReplyStage[], leave: Emit<ReplyEvent>): Emit<ReplyEvent>[] {
  return stages.reduceRight<Emit<ReplyEvent>[]>(
    (later, stage) => {
      const next = later[0] ?? leave
      return [(event) => (stage.done === true ? undefined : stage.push(event, next)), ...later]
    },
    [leave],
  )
}

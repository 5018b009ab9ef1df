import { GatewayError, toGatewayError, type Failure } from '../conversation/failures.ts'
import type { ReplyEvent } from '../conversation/reply.ts'
import type { Decoder, Emit, ReplyStage } from '../conversation/stage.ts'

/** A stage that may know how to end a reply which its source could not. */
export interface RelayStage extends ReplyStage {
  /** True: the reply has been ended in spite of the failure, which is forgotten. */
  recover?(failure: Failure, emit: Emit<ReplyEvent>): boolean
}

/** Decoder and stages of one attempt as one. */
interface Pipeline {
  push(bytes: Uint8Array): void
  /** The bytes have ended. Throws `interrupted` when the reply has not. */
  end(): void
  /** There will be no more bytes, for this reason. Throws it when no stage can end the reply all the same. */
  fail(error: unknown): void
  /** Whether the decoder has given any event. */
  hasStarted(): boolean
  /** Whether `reply-end` has come out. */
  isComplete(): boolean
}

/** Bytes in, events out by `deliver`. A stage that is done cuts off everything before it. */
export function createPipeline(
  decoder: Decoder,
  stages: readonly RelayStage[],
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

  function fail(error: unknown): void {
    // What comes behind the end that a stage has made is nobody's business any more.
    if (complete) return
    const { failure } = toGatewayError(error)
    const endedAt = stages.findIndex(
      (stage, index) => stage.recover?.(failure, entries[index + 1] ?? leave) === true,
    )
    if (endedAt < 0) throw error
    endStages(endedAt + 1)
  }

  function attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      fail(error)
    }
  }

  return {
    push(bytes) {
      attempt(() => decoder.push(bytes, enter))
      const doneAt = stages.findIndex((stage) => stage.isDone?.() === true)
      if (doneAt >= 0) endStages(doneAt + 1)
    },
    end() {
      attempt(() => {
        decoder.end(enter)
        endStages(0)
      })
      if (!complete) throw new GatewayError('interrupted', 'The model service ended its answer too early.')
    },
    fail,
    hasStarted: () => started,
    isComplete: () => complete,
  }
}

/** The entry of each stage in order, and behind the last one the way out. */
function linkStages(stages: readonly ReplyStage[], leave: Emit<ReplyEvent>): Emit<ReplyEvent>[] {
  return stages.reduceRight<Emit<ReplyEvent>[]>(
    (later, stage) => {
      const next = later[0] ?? leave
      return [(event) => (stage.isDone?.() === true ? undefined : stage.push(event, next)), ...later]
    },
    [leave],
  )
}

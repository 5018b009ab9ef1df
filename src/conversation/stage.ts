import type { ReplyEvent } from './reply.ts'

/** Hands one item to the next stage, synchronously. */
export type Emit<T> = (item: T) => void

/**
 * One synchronous step of a stream. Its state lives in the closure that made it; it belongs to one attempt.
 * Both functions may throw a GatewayError; what was emitted before stays emitted.
 */
export interface Stage<I, O> {
  push(input: I, emit: Emit<O>): void
  end(emit: Emit<O>): void
}

/** A model service's bytes become the events of a reply. */
export type Decoder = Stage<Uint8Array, ReplyEvent> & {
  /** How many parts of the answer have come whole, those that mean nothing too; absent: every byte counts as one. */
  partsRead?: () => number
}

/** Reply events in, reply events out. `isDone`: the reply is complete by our own decision, abort the upstream. */
export type ReplyStage = Stage<ReplyEvent, ReplyEvent> & { isDone?(): boolean }

/** Runs `second` on everything that `first` emits. */
export function chain<I, M, O>(first: Stage<I, M>, second: Stage<M, O>): Stage<I, O> {
  return {
    push(input, emit) {
      first.push(input, (item) => second.push(item, emit))
    },
    end(emit) {
      first.end((item) => second.push(item, emit))
      second.end(emit)
    },
  }
}

/** A decoder whose events go on through a stage, and that still tells what has come whole. */
export function decodeThrough(decoder: Decoder, stage: Stage<ReplyEvent, ReplyEvent>): Decoder {
  const { partsRead } = decoder
  return { ...chain(decoder, stage), ...(partsRead !== undefined && { partsRead }) }
}

import type { FailureKind } from '../conversation/failures.ts'
import type { Call } from './call.ts'
import type { CallOutcome } from './outcome.ts'

/** A request of a client that has ended, as whoever answered it hands it over. What takes time to tell of it is told later. */
export interface EndedCall {
  /** Of the request, as in its answer's header. */
  id: string
  /** Milliseconds since the epoch. */
  endedAt: number
  outcome: CallOutcome
  /** Of the answer, or of the failure that a stream ended with. */
  status: number
  failure: FailureKind | undefined
  dialect: string
  stream: boolean
  /** As the client named it. */
  model: string
  modelUsed: string | undefined
  keyId: string | undefined
  /** Whether it counts as traffic: what the operator tries out is kept only. */
  isCounted: boolean
  /** From its receipt on. */
  totalMs: number
  /** How much of that had passed when the call began to be played. */
  leadMs: number
  /** Undefined: it did not come to that. */
  call: Call | undefined
  userAgent: string | undefined
  /** Of the body as it was sent; undefined: its client did not say. */
  requestBytes: number | undefined
  /** What the conversation has in it; undefined: nobody has read it. */
  holds: { tools: boolean; images: boolean } | undefined
}

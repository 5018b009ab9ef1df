/** What the relay works with, what it is to do, and for whom. */
import type { FreshCredentials } from '../accounts/tokens/fresh-credentials.ts'
import type { Pool } from '../accounts/pool/pool.ts'
import type { SessionRef } from '../accounts/pool/session-ref.ts'
import type { Call } from '../calls/call.ts'
import type { Clock } from '../clock.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { FailureKind, Remedy } from '../conversation/failures.ts'
import type { DemandPlan } from '../demands/demands.ts'
import type { Models } from '../models/models.ts'
import type { Profiles } from '../profiles/profiles.ts'
import type { Exchange, ModelInfo, Upstream } from '../upstreams/upstream.ts'
import type { HostBreaker } from './host-breaker.ts'
import type { ReplySink, StreamTimeouts } from './pump.ts'
import type { RetryBudget } from './retry-budget.ts'
import type { GateKind } from './stages/gate.ts'

export interface RelayOptions {
  upstream: Pick<Upstream, 'prepare' | 'hostOf'>
  models: Pick<Models, 'resolve' | 'asksToThink' | 'ofAccount' | 'noteFieldsRefused'>
  pool: Pick<Pool, 'lease' | 'explain' | 'retryAfterSeconds'>
  freshCredentials: Pick<FreshCredentials, 'get' | 'refresh'>
  profiles: Pick<Profiles, 'accessTo' | 'mayHelp' | 'reconsider' | 'remember'>
  clock: Clock
  /** From 0 up to, not including, 1. */
  random: () => number
  timeouts: StreamTimeouts
  budget: RetryBudget
  breaker: HostBreaker
}

/** What is done about a failure; nothing of the content. */
export interface RemedyTaken {
  failure: FailureKind
  remedy: Remedy
  /** Of the account that it happened on. */
  accountId: string
  /** Which attempt of the request failed; the first is 1. */
  attempt: number
  /** The other account, where the remedy is one. */
  nextAccountId?: string
}

export interface Target {
  sink: ReplySink
  /** `whole-reply`: the answer is not streamed. */
  gate: GateKind
  /** Told of each remedy once, when it is begun. */
  onRemedy?: (taken: RemedyTaken) => void
  /** Where it is told what was tried, and why; absent: nobody wants to know. */
  call?: Pick<Call, 'choices' | 'attempts' | 'usage'>
  /** Aborts when the client is gone. */
  signal: AbortSignal
}

export interface PlanWishes {
  /** Only this account, whatever its status. Unknown ones are `not-found` when the plan runs. */
  accountId?: string
  /** Only accounts that have one of these. */
  tags?: readonly string[] | undefined
  /** Who asks. */
  key?: string
  /** Requests at once of this key; absent: the limit of all keys. */
  keyConcurrency?: number | undefined
  /** The conversation that it belongs to, where that is known. */
  session?: SessionRef | undefined
}

export interface Task extends PlanWishes {
  exchange: Exchange
  model: ModelInfo
  conversation: Conversation
  demands: DemandPlan
}

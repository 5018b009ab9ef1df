/** How a request ended, in as few words as an overview has room for. */
import type { FailureKind } from '../conversation/failures.ts'

export const callOutcomes = [
  'ok',
  /** Refused for what the client sent. */
  'client-error',
  /** Refused by the model service for its limits. */
  'throttled',
  /** Failed at the model service or on the way there, the gateway's own part of it included. */
  'upstream-error',
  /** Refused by the gateway: for its limits, for those of a key, or since no account may serve. */
  'shed',
  /** The client left. */
  'cancelled',
] as const
export type CallOutcome = (typeof callOutcomes)[number]

const outcomes: Readonly<Record<FailureKind, Exclude<CallOutcome, 'ok'>>> = {
  'invalid-request': 'client-error',
  'context-too-long': 'client-error',
  'model-not-found': 'client-error',
  unauthenticated: 'client-error',
  forbidden: 'client-error',
  'not-found': 'client-error',
  'wrong-method': 'client-error',
  'wrong-type': 'client-error',
  'too-large': 'client-error',
  throttled: 'throttled',
  capacity: 'throttled',
  quota: 'throttled',
  // They rest since the service throttled them.
  'accounts-cooling': 'throttled',
  'token-expired': 'upstream-error',
  'sign-in-needed': 'upstream-error',
  'refresh-unavailable': 'upstream-error',
  'access-denied': 'upstream-error',
  suspended: 'upstream-error',
  'feature-gated': 'upstream-error',
  'upstream-unavailable': 'upstream-error',
  'upstream-timeout': 'upstream-error',
  'empty-reply': 'upstream-error',
  unreachable: 'upstream-error',
  interrupted: 'upstream-error',
  'demand-unmet': 'upstream-error',
  internal: 'upstream-error',
  'no-account': 'shed',
  'accounts-parked': 'shed',
  'rate-limited': 'shed',
  'allowance-spent': 'shed',
  'overloaded-here': 'shed',
  'client-gone': 'cancelled',
}

export function outcomeOf(failure: FailureKind | undefined): CallOutcome {
  return failure === undefined ? 'ok' : outcomes[failure]
}

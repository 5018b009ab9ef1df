/**
 * Every way a request can fail, and all policy about it in one table: what the relay may try, what it does to the
 * account, and what the client is told. Adding a kind is adding a row; the compiler shows the rest.
 */

/** What may be tried before content has left. Each repair at most once a request; see relay/remedies.ts. */
export type Remedy =
  | 'rewrite' // the next safe form of the request
  | 'refresh' // new access token, same account
  | 'profile-lookup'
  | 'other-account'
  | 'repeat' // the same request once more
  | 're-ask' // the same request with a reminder of what was demanded

/** What a failed attempt does to the account, or to the account × model pair, that served it. */
export type AccountEffect =
  | 'none'
  | 'strike'
  | 'half-strike'
  | 'cool'
  | 'exhaust'
  | 'park'
  | 'misconfigure'
  | 'need-sign-in'
  | 'pause-model'
  | 'drop-model'

interface FailurePolicy {
  remedies: readonly Remedy[]
  effect: AccountEffect
  openai: { status: number; type: string; code: string }
  anthropic: { status: number; type: string }
  /** False: the same request will fail again until somebody acts, so clients are told not to retry. */
  heals: boolean
}

const OPENAI_400 = 'invalid_request_error'

export const failurePolicies = {
  'invalid-request': {
    remedies: ['rewrite'],
    effect: 'none',
    openai: { status: 400, type: OPENAI_400, code: 'invalid_value' },
    anthropic: { status: 400, type: 'invalid_request_error' },
    heals: false,
  },
  'context-too-long': {
    remedies: [],
    effect: 'none',
    openai: { status: 400, type: OPENAI_400, code: 'context_length_exceeded' },
    anthropic: { status: 400, type: 'invalid_request_error' },
    heals: false,
  },
  'model-not-found': {
    remedies: ['other-account'],
    effect: 'drop-model',
    openai: { status: 404, type: OPENAI_400, code: 'model_not_found' },
    anthropic: { status: 404, type: 'not_found_error' },
    heals: false,
  },
  'token-expired': {
    remedies: ['refresh', 'other-account'],
    effect: 'none',
    openai: { status: 402, type: 'billing_error', code: 'account_unavailable' },
    anthropic: { status: 402, type: 'billing_error' },
    heals: false,
  },
  'sign-in-needed': {
    remedies: ['other-account'],
    effect: 'need-sign-in',
    openai: { status: 402, type: 'billing_error', code: 'account_unavailable' },
    anthropic: { status: 402, type: 'billing_error' },
    heals: false,
  },
  'refresh-unavailable': {
    remedies: ['other-account'],
    effect: 'none',
    openai: { status: 503, type: 'server_error', code: 'upstream_error' },
    anthropic: { status: 503, type: 'api_error' },
    heals: true,
  },
  'access-denied': {
    remedies: ['profile-lookup', 'other-account'],
    effect: 'misconfigure',
    openai: { status: 402, type: 'billing_error', code: 'account_unavailable' },
    anthropic: { status: 402, type: 'billing_error' },
    heals: false,
  },
  suspended: {
    remedies: ['other-account'],
    effect: 'park',
    openai: { status: 402, type: 'billing_error', code: 'account_unavailable' },
    anthropic: { status: 402, type: 'billing_error' },
    heals: false,
  },
  'feature-gated': {
    remedies: ['other-account'],
    effect: 'park',
    openai: { status: 402, type: 'billing_error', code: 'account_unavailable' },
    anthropic: { status: 402, type: 'billing_error' },
    heals: false,
  },
  throttled: {
    remedies: ['other-account'],
    effect: 'cool',
    openai: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    anthropic: { status: 429, type: 'rate_limit_error' },
    heals: true,
  },
  capacity: {
    remedies: ['other-account'],
    effect: 'pause-model',
    openai: { status: 503, type: 'server_error', code: 'overloaded' },
    anthropic: { status: 529, type: 'overloaded_error' },
    heals: true,
  },
  quota: {
    remedies: ['other-account'],
    effect: 'exhaust',
    openai: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
    anthropic: { status: 429, type: 'rate_limit_error' },
    heals: false,
  },
  'upstream-unavailable': {
    remedies: ['other-account'],
    effect: 'strike',
    openai: { status: 502, type: 'server_error', code: 'upstream_error' },
    anthropic: { status: 502, type: 'api_error' },
    heals: true,
  },
  'upstream-timeout': {
    remedies: ['other-account'],
    effect: 'strike',
    openai: { status: 504, type: 'server_error', code: 'upstream_error' },
    anthropic: { status: 504, type: 'api_error' },
    heals: true,
  },
  'empty-reply': {
    remedies: ['repeat'],
    effect: 'half-strike',
    openai: { status: 502, type: 'server_error', code: 'upstream_error' },
    anthropic: { status: 502, type: 'api_error' },
    heals: true,
  },
  unreachable: {
    remedies: ['repeat'],
    effect: 'none',
    openai: { status: 503, type: 'server_error', code: 'upstream_error' },
    anthropic: { status: 503, type: 'api_error' },
    heals: true,
  },
  interrupted: {
    remedies: ['repeat'],
    effect: 'half-strike',
    openai: { status: 502, type: 'server_error', code: 'upstream_error' },
    anthropic: { status: 502, type: 'api_error' },
    heals: true,
  },
  'demand-unmet': {
    remedies: ['re-ask'],
    effect: 'none',
    openai: { status: 502, type: 'server_error', code: 'upstream_error' },
    anthropic: { status: 502, type: 'api_error' },
    heals: true,
  },
  'no-account': {
    remedies: [],
    effect: 'none',
    openai: { status: 401, type: 'authentication_error', code: 'no_account' },
    anthropic: { status: 401, type: 'authentication_error' },
    heals: false,
  },
  'accounts-cooling': {
    remedies: [],
    effect: 'none',
    openai: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    anthropic: { status: 429, type: 'rate_limit_error' },
    heals: true,
  },
  'accounts-parked': {
    remedies: [],
    effect: 'none',
    openai: { status: 402, type: 'billing_error', code: 'account_unavailable' },
    anthropic: { status: 402, type: 'billing_error' },
    heals: false,
  },
  'rate-limited': {
    remedies: [],
    effect: 'none',
    openai: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    anthropic: { status: 429, type: 'rate_limit_error' },
    heals: true,
  },
  'allowance-spent': {
    remedies: [],
    effect: 'none',
    openai: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
    anthropic: { status: 429, type: 'rate_limit_error' },
    heals: false,
  },
  unauthenticated: {
    remedies: [],
    effect: 'none',
    openai: { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
    anthropic: { status: 401, type: 'authentication_error' },
    heals: false,
  },
  forbidden: {
    remedies: [],
    effect: 'none',
    openai: { status: 403, type: 'permission_error', code: 'forbidden' },
    anthropic: { status: 403, type: 'permission_error' },
    heals: false,
  },
  'not-found': {
    remedies: [],
    effect: 'none',
    openai: { status: 404, type: OPENAI_400, code: 'unknown_url' },
    anthropic: { status: 404, type: 'not_found_error' },
    heals: false,
  },
  'wrong-method': {
    remedies: [],
    effect: 'none',
    openai: { status: 405, type: OPENAI_400, code: 'method_not_supported' },
    anthropic: { status: 405, type: 'invalid_request_error' },
    heals: false,
  },
  'wrong-type': {
    remedies: [],
    effect: 'none',
    openai: { status: 415, type: OPENAI_400, code: 'unsupported_media_type' },
    anthropic: { status: 415, type: 'invalid_request_error' },
    heals: false,
  },
  'too-large': {
    remedies: [],
    effect: 'none',
    openai: { status: 413, type: OPENAI_400, code: 'request_too_large' },
    anthropic: { status: 413, type: 'request_too_large' },
    heals: false,
  },
  'overloaded-here': {
    remedies: [],
    effect: 'none',
    openai: { status: 503, type: 'server_error', code: 'overloaded' },
    anthropic: { status: 503, type: 'api_error' },
    heals: true,
  },
  'client-gone': {
    remedies: [],
    effect: 'none',
    openai: { status: 499, type: 'client_closed_request', code: 'client_gone' },
    anthropic: { status: 499, type: 'api_error' },
    heals: true,
  },
  internal: {
    remedies: [],
    effect: 'none',
    openai: { status: 500, type: 'server_error', code: 'internal_error' },
    anthropic: { status: 500, type: 'api_error' },
    heals: true,
  },
} as const satisfies Record<string, FailurePolicy>

export type FailureKind = keyof typeof failurePolicies

export const failureKinds: readonly FailureKind[] = Object.keys(failurePolicies).filter(
  (name): name is FailureKind => name in failurePolicies,
)

export function policyOf(kind: FailureKind): FailurePolicy {
  return failurePolicies[kind]
}

/** Which part of a request the model service refused, as far as it said: the request may pass without it. */
export type Refusal = 'tool-schema' | 'earlier-thinking' | 'model-fields' | 'unexplained' | 'profile'

/** By how much a prompt is too long, in tokens; `promptTokens` may be an estimate. */
export interface Overflow {
  promptTokens: number
  maximumTokens: number
}

/** What it is about an account that made it fail, where that is told apart: for the operator, whose page has words for each. */
export type AccountFault =
  | 'refresh-token-refused'
  | 'refresh-token-expired'
  | 'client-unknown'
  | 'registration-ended'
  | 'no-refresh-token'
  | 'own-proxy-fails'
  | 'several-profiles'
  | 'unknown-channel'
  | 'unknown-origin'

interface FailureDetails {
  /** Path of the request's field that is at fault, as the client wrote it: `messages.0.content.1`. */
  field?: string
  /** A more exact OpenAI code than the table's, e.g. `missing_required_parameter`. */
  code?: string
  retryAfterSeconds?: number
  /** Of a request that the model service refused; clients are not told. */
  refusal?: Refusal
  /** Of a prompt that is too long: clients shorten it by these numbers, which each API words differently. */
  overflow?: Overflow
  /** In place of the message in an account's status, and beside it in the log: it names what is the operator's own. No answer has it. */
  forOperator?: string
  /** Kept with the account's status. No answer has it. */
  fault?: AccountFault
  /** What the model service refused with, for the record of the call. No answer has it. */
  answered?: { status: number; requestId?: string }
  /** Of a used-up quota: when it is renewed, if that is known. */
  resetsAt?: Date
}

/** `message` is for the client: what went wrong and what to do. It never holds a secret or a stack. */
export interface Failure extends FailureDetails {
  kind: FailureKind
  message: string
}

/** The one error of the gateway. `cause` keeps what happened inside; only the log sees it. */
export class GatewayError extends Error {
  readonly failure: Failure

  constructor(kind: FailureKind, message: string, details: FailureDetails & { cause?: unknown } = {}) {
    const { cause, ...rest } = details
    // It may repeat the client's own words, cut anywhere: strict readers of JSON refuse a text with half a character.
    const text = message.toWellFormed()
    super(text, cause === undefined ? undefined : { cause })
    this.name = 'GatewayError'
    this.failure = { kind, message: text, ...rest }
  }
}

/** Whatever was thrown, as a GatewayError; what is not one of ours becomes `internal`, its text kept from the client. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  return new GatewayError('internal', 'The gateway failed to handle this request; its log has the reason.', {
    cause: error,
  })
}

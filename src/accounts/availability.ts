/** Whether accounts can serve a model, and what a client is told when none can. */
import { GatewayError } from '../conversation/failures.ts'
import { hasTokens, type Account } from './account.ts'
import { describeStatus, endOf, statusAt, waitsForOperator, type AccountStatus } from './status.ts'

/** Of an enabled account. `until` in milliseconds since the epoch; without one it takes the operator. */
export type Availability =
  | { kind: 'ready' }
  /** It answers as many requests as it may at once. */
  | { kind: 'busy' }
  | { kind: 'resting'; until: number }
  | { kind: 'waits-for-operator'; until?: number; words: string }
  | { kind: 'lacks-model' }

interface Wanted {
  /** Undefined: whichever. */
  model: string | undefined
  now: number
  /** Whether the account's list of models or the service itself said lately that it does not get the model. */
  lacksModel: boolean
  /** How many requests it answers now. */
  leases: number
}

const LACKS_TOKENS =
  'Its tokens are missing, or what is stored of them is damaged: sign in again, or add the account anew with its refreshToken.'

export function availabilityOf(account: Account, { model, now, lacksModel, leases }: Wanted): Availability {
  const { models, concurrencyLimit = Number.POSITIVE_INFINITY } = account.settings
  if (model !== undefined && (lacksModel || models?.includes(model) === false)) return { kind: 'lacks-model' }
  if (!hasTokens(account)) return { kind: 'waits-for-operator', words: LACKS_TOKENS }
  const status = statusAt(account.status, now)
  if (status.kind === 'ready') return { kind: leases < concurrencyLimit ? 'ready' : 'busy' }
  const until = endOf(status)
  if (!waitsForOperator(status) && until !== undefined) return { kind: 'resting', until }
  return { kind: 'waits-for-operator', words: wordsOf(status), ...(until !== undefined && { until }) }
}

/** For clients. */
function wordsOf(status: AccountStatus): string {
  if (status.kind !== 'misconfigured') return describeStatus(status)
  const { forOperator: _forOperator, ...told } = status
  return describeStatus(told)
}

/** The first moment at which one of them is ready, as far as time alone decides. */
export function soonestOf(availabilities: readonly Availability[]): number | undefined {
  const moments = availabilities.flatMap((each) =>
    'until' in each && each.until !== undefined ? [each.until] : [],
  )
  return moments.length === 0 ? undefined : Math.min(...moments)
}

const SHOWN_AT_MOST_SECONDS = 60
const SHOWN_TRULY_FROM_SECONDS = 600

/**
 * What `Retry-After` says. Clients give up on waits beyond a minute that they could well sit out in parts; a truly long
 * one is told as it is.
 */
export function retryAfterSeconds(waitMs: number): number {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return seconds > SHOWN_TRULY_FROM_SECONDS ? seconds : Math.min(seconds, SHOWN_AT_MOST_SECONDS)
}

/** `availabilities`: of all enabled accounts, none of which is ready soon. */
export function nobodyReady(
  availabilities: readonly Availability[],
  { model, now }: { model: string | undefined; now: number },
): GatewayError {
  const able = availabilities.filter(({ kind }) => kind !== 'lacks-model')
  if (able.length === 0) {
    return new GatewayError(
      'model-not-found',
      `No enabled account may use the model ${JSON.stringify(model)}. Choose another model, or give an account this one.`,
    )
  }
  if (able.some(({ kind }) => kind === 'busy')) {
    return new GatewayError(
      'overloaded-here',
      'Every Amazon Q account that is ready for this answers as many requests at once as it may. Send the request again later, or raise a concurrencyLimit.',
      { retryAfterSeconds: 1 },
    )
  }
  const soonest = soonestOf(able)
  if (able.some(({ kind }) => kind === 'resting')) {
    return new GatewayError(
      'accounts-cooling',
      'Every Amazon Q account that could serve this is resting or out of quota. Send the request again later, or add an account.',
      soonest === undefined ? {} : { retryAfterSeconds: retryAfterSeconds(soonest - now) },
    )
  }
  const words = new Set(able.flatMap((each) => (each.kind === 'waits-for-operator' ? [each.words] : [])))
  return new GatewayError(
    'accounts-parked',
    `Every enabled Amazon Q account waits for its operator: ${[...words].slice(0, MOST_WORDS).join(' ')}`,
  )
}

const MOST_WORDS = 3

export function noSuchAccount(): GatewayError {
  return new GatewayError('not-found', 'There is no account of this id.', { code: 'account_not_found' })
}

export function noneEnabled(hasAny: boolean): GatewayError {
  const lack = hasAny ? 'No Amazon Q account is enabled' : 'There is no Amazon Q account yet'
  return new GatewayError(
    'no-account',
    `${lack}. Add one: POST /v2/accounts with clientId, clientSecret and refreshToken.`,
  )
}

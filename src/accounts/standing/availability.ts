/** Whether accounts can serve a model, and what a client is told when none can. */
import { GatewayError } from '../../conversation/failures.ts'
import { hasTokens, type Account } from '../account.ts'
import { blockedUntil, type Probation } from './probation.ts'
import { isExhausted, resetsAt, type Quota } from '../quota.ts'
import { describeStatus, endOf, presentStatus, waitsForOperator, type PresentStatus } from '../status.ts'

/** Of an enabled account. `until` in milliseconds since the epoch; without one it takes the operator. */
export type Availability =
  | { kind: 'ready' }
  /** It answers as many requests as it may at once. */
  | { kind: 'busy' }
  /** The first request after its pause has not been answered yet; at the latest then another one may try. */
  | { kind: 'probing'; until: number }
  /** `isSpent`: for its quota, not for a while. */
  | { kind: 'resting'; until: number; words: string; isSpent: boolean }
  | { kind: 'waits-for-operator'; until?: number; words: string }
  | { kind: 'lacks-model' }

interface Wanted {
  /** Undefined: whichever. */
  model: string | undefined
  now: number
  /** Whether the account's list of models or the service itself said lately that it does not get the model. */
  lacksModel: boolean
  /** Whether it answers as many requests as it may. */
  isFull: boolean
  /** Undefined: unknown. */
  quota?: Quota | undefined
  probation?: Probation | undefined
}

const LACKS_TOKENS =
  'Its tokens are missing, or what is stored of them is damaged: sign in again, or add the account anew with its refreshToken.'

const USED_UP = 'Its credits are used up.'

/** What its status says comes first, then its credits, then whether it is trusted again. */
export function availabilityOf(account: Account, wanted: Wanted): Availability {
  const { model, now, lacksModel, isFull, quota, probation } = wanted
  const { models } = account.settings
  if (model !== undefined && (lacksModel || models?.includes(model) === false)) return { kind: 'lacks-model' }
  if (!hasTokens(account)) return { kind: 'waits-for-operator', words: LACKS_TOKENS }
  const status = presentStatus(account, now)
  if (status.kind !== 'ready') return unready(status)
  if (quota !== undefined && isExhausted(quota, now)) {
    return { kind: 'resting', until: renewalOf(quota, now), words: USED_UP, isSpent: true }
  }
  const blocked = blockedUntil(probation, now)
  if (blocked !== undefined) return { kind: 'probing', until: blocked }
  return isFull ? BUSY : READY
}

// Asked for with every request.
const READY: Availability = { kind: 'ready' }
const BUSY: Availability = { kind: 'busy' }

function unready(status: PresentStatus): Availability {
  const until = endOf(status)
  const words = wordsOf(status)
  if (!waitsForOperator(status) && until !== undefined) {
    return { kind: 'resting', until, words, isSpent: status.kind === 'exhausted' }
  }
  return { kind: 'waits-for-operator', words, ...(until !== undefined && { until }) }
}

/** For clients. */
function wordsOf(status: PresentStatus): string {
  if (status.kind !== 'misconfigured') return describeStatus(status)
  const { forOperator: _forOperator, ...told } = status
  return describeStatus(told)
}

/** Where nobody told, the first of the next month UTC, when quotas are renewed. */
function renewalOf(quota: Quota, now: number): number {
  const told = resetsAt(quota)?.getTime()
  if (told !== undefined && told > now) return told
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** The first moment at which one of them is ready, as far as time alone decides. */
export function soonestOf(availabilities: readonly Availability[]): number | undefined {
  let soonest: number | undefined
  for (const each of availabilities) {
    if (!('until' in each) || each.until === undefined) continue
    if (soonest === undefined || each.until < soonest) soonest = each.until
  }
  return soonest
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
  { model, tags, now }: { model: string | undefined; tags?: readonly string[] | undefined; now: number },
): GatewayError {
  const able = availabilities.filter(({ kind }) => kind !== 'lacks-model')
  if (able.length === 0) {
    return new GatewayError(
      'model-not-found',
      `No enabled account${tags === undefined ? '' : ' that serves this API key'} may use the model ${JSON.stringify(model)}. Choose another model, or give an account this one.`,
    )
  }
  if (able.some(({ kind }) => kind === 'busy' || kind === 'ready')) {
    return new GatewayError(
      'overloaded-here',
      'Every Amazon Q account that is ready for this answers as many requests at once as it may. Send the request again later, or raise a concurrencyLimit.',
      { retryAfterSeconds: 1 },
    )
  }
  const soonest = soonestOf(able)
  const wait = soonest === undefined ? {} : { retryAfterSeconds: retryAfterSeconds(soonest - now) }
  // What is over in minutes is waited for like every pause.
  if (isAllSpent(able) && (soonest ?? Infinity) - now > SHOWN_TRULY_FROM_SECONDS * 1000) {
    return new GatewayError(
      'quota',
      'Every Amazon Q account that could serve this has used up its quota. Wait until it is renewed, or add an account.',
      { ...wait, ...(soonest !== undefined && { resetsAt: new Date(soonest) }) },
    )
  }
  if (able.some(({ kind }) => kind === 'resting' || kind === 'probing')) {
    return new GatewayError(
      'accounts-cooling',
      'Every Amazon Q account that could serve this is resting or out of quota. Send the request again later, or add an account.',
      wait,
    )
  }
  const words = new Set(able.flatMap((each) => (each.kind === 'waits-for-operator' ? [each.words] : [])))
  return new GatewayError(
    'accounts-parked',
    `Every enabled Amazon Q account waits for its operator: ${[...words].slice(0, MOST_WORDS).join(' ')}`,
  )
}

/** Whether time alone would bring one of them back, and none of them before its quota is renewed. */
function isAllSpent(able: readonly Availability[]): boolean {
  const returning = able.filter(({ kind }) => kind !== 'waits-for-operator')
  return returning.length > 0 && returning.every((each) => each.kind === 'resting' && each.isSpent)
}

const MOST_WORDS = 3

export function noSuchAccount(): GatewayError {
  return new GatewayError('not-found', 'There is no account of this id.', { code: 'account_not_found' })
}

export function noneEnabled(hasAny: boolean): GatewayError {
  const lack = hasAny ? 'No Amazon Q account is enabled' : 'There is no Amazon Q account yet'
  return new GatewayError(
    'no-account',
    `${lack}. Add one: sign it in with POST /v2/auth/start, or POST /v2/accounts with clientId, clientSecret and refreshToken.`,
  )
}

/** The tags are the operator's own words. */
export function noneWithTag(tags: readonly string[]): GatewayError {
  return new GatewayError(
    'no-account',
    'This API key is limited to accounts with certain tags, and no Amazon Q account that serves now has one of them. The operator can give an account such a tag, or change the key.',
    { forOperator: `No account that serves now has one of the tags of the API key: ${tags.join(', ')}.` },
  )
}

export function keyHasNoRoom(limit: number): GatewayError {
  return new GatewayError(
    'rate-limited',
    `This API key has as many requests under way as it may (${limit}). Send the request again when one of them has ended.`,
    { retryAfterSeconds: 1 },
  )
}

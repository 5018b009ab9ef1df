/**
 * What state an account is in, in four parts that do not depend on each other: what the operator wants, its sign-in, whether
 * requests go through it, and its quota. Pure; the words are in state-messages.ts.
 */
import type { AccountStatus, Account } from '../../api/types.ts'
import type { Tone } from '../../parts/badge.tsx'
import { unreachable } from '../../unreachable.ts'

export const partNames = ['enabled', 'token', 'traffic', 'quota'] as const
export type PartName = (typeof partNames)[number]

/** What can be done about a part. */
export type Deed = 'enable' | 'signIn' | 'refreshToken' | 'refreshQuota' | 'test' | 'edit' | 'resume'

export interface StatePart {
  tone: Tone
  word: StateWord
  /** Absent when all is well. */
  reason?: StateReason
  /** When it changes by itself, in ISO 8601. */
  until?: string | undefined
  /** What the gateway or the service said of it, where that is more than we have words for: English. */
  said?: string
  next?: Deed
}

export type StateWord =
  | 'on'
  | 'off'
  | 'offByFailures'
  | 'fresh'
  | 'renewable'
  | 'refreshFailed'
  | 'refused'
  | 'signedOut'
  | 'endsSoon'
  | 'unreadable'
  | 'ready'
  | 'unsteady'
  | 'resting'
  | 'paused'
  | 'failing'
  | 'misconfigured'
  | 'parked'
  | 'unused'
  | 'enough'
  | 'low'
  | 'usedUp'
  | 'unread'
  | 'untold'

export type StateReason =
  | 'offByOperator'
  | 'beingChecked'
  | 'checkFailed'
  | 'offByFailures'
  | 'unreadable'
  | 'noTokens'
  | 'grantRefused'
  | 'loginExpired'
  | 'clientRefused'
  | 'signInNeeded'
  | 'signInRefused'
  | 'registrationEnded'
  | 'registrationEnds'
  | 'tokenEnded'
  | 'refreshFailed'
  | 'tokenRenewable'
  | 'notFetched'
  | 'throttled'
  | 'failing'
  | 'misconfigured'
  | 'ownProxyFails'
  | 'severalProfiles'
  | 'unknownChannel'
  | 'unknownOrigin'
  | 'pausedByOperator'
  | 'suspended'
  | 'shutOut'
  | 'parked'
  | 'unsteady'
  | 'unusedOff'
  | 'unusedToken'
  | 'unusedQuota'
  | 'unknownStatus'
  | 'quotaLow'
  | 'quotaUsedUp'
  | 'quotaUnread'
  | 'quotaUntold'

export type AccountJudgement = Record<PartName, StatePart>

type StatusKind = AccountStatus['kind']
/** Why it is so, as the gateway tells. */
type Why = Account['status']['why']
const statusKinds = {
  ready: true,
  cooling: true,
  paused: true,
  exhausted: true,
  'needs-sign-in': true,
  misconfigured: true,
  parked: true,
  disabled: true,
} satisfies Record<StatusKind, true>

const WARNED_AHEAD_MS = 7 * 86_400_000
const LOW_SHARE = 0.1

/** `now` in milliseconds since the epoch. */
export function judgeAccount(account: Account, now: number): AccountJudgement {
  const kind = statusKindAt(account, now)
  const parts = {
    enabled: judgeEnabled(account),
    token: judgeToken(account, { kind, now }),
    quota: judgeQuota(account, kind),
  }
  return { ...parts, traffic: judgeTraffic(account, kind, parts) }
}

/** The kind of its status, as far as the console knows it; a pause that is over has ended by itself. */
export function statusKindAt({ status }: Account, now: number): StatusKind | 'unknown' {
  if (status.until !== null && Date.parse(status.until) <= now) return 'ready'
  return isStatusKind(status.kind) ? status.kind : 'unknown'
}

/** Until when a judgement made at `now` holds, unless the account changes, in milliseconds since the epoch. */
export function judgedUntil(
  { status, expires_at: expiresAt, registrationExpiresAt }: Account,
  now: number,
): number {
  const registrationEnd = registrationExpiresAt === null ? NaN : Date.parse(registrationExpiresAt)
  let until = Infinity
  for (const end of [
    status.until === null ? NaN : Date.parse(status.until),
    expiresAt === null ? NaN : Date.parse(expiresAt),
    registrationEnd - WARNED_AHEAD_MS,
    registrationEnd,
  ]) {
    if (end > now && end < until) until = end
  }
  return until
}

/** Whether somebody has to do something; what only needs time is not meant. */
export function needsAttention({ enabled, token, traffic }: AccountJudgement): boolean {
  if (enabled.tone === 'idle') return false
  return [enabled, token, traffic].some(
    ({ tone, next }) => next !== undefined && (tone === 'bad' || tone === 'warn'),
  )
}

/** The part that stands for the whole where there is place for one only; undefined: all is well. */
export function worstPart(judgement: AccountJudgement): PartName | undefined {
  // What an operator has switched off is off, whatever else there is about it.
  if (judgement.enabled.tone === 'idle') return 'enabled'
  const order: readonly Tone[] = ['bad', 'warn', 'busy']
  for (const tone of order) {
    const name = partNames.find((each) => judgement[each].tone === tone)
    if (name !== undefined) return name
  }
  // Nothing is amiss with it, and yet it gets no requests.
  return judgement.traffic.word === 'paused' ? 'traffic' : undefined
}

function isStatusKind(kind: string): kind is StatusKind {
  return Object.hasOwn(statusKinds, kind)
}

function judgeEnabled({ enabled, status: { why } }: Account): StatePart {
  if (enabled) return { tone: 'good', word: 'on' }
  if (why.code === 'failed-too-often') {
    return {
      tone: 'bad',
      word: 'offByFailures',
      reason: 'offByFailures',
      until: why.nextTryAt,
      next: 'enable',
    }
  }
  const reason = reasonOf(why)
  return {
    tone: 'idle',
    word: 'off',
    reason: reason === 'unknownStatus' ? 'offByOperator' : reason,
    next: 'enable',
    // While it is being looked at, our words say all.
    ...(reason !== 'beingChecked' && saidOf(why)),
  }
}

function judgeToken(account: Account, at: { kind: StatusKind | 'unknown'; now: number }): StatePart {
  const { status } = account
  if (!account.readable) return signedOut('unreadable', 'unreadable')
  if (at.kind === 'needs-sign-in') {
    const reason = reasonOf(status.why)
    if (reason !== 'signInNeeded' && reason !== 'unknownStatus') return signedOut('signedOut', reason)
    return { ...signedOut('signedOut', 'signInNeeded'), ...saidOf(status.why) }
  }
  if (!account.hasRefreshToken && !account.hasAccessToken) return signedOut('signedOut', 'noTokens')
  if (at.kind === 'cooling' && status.why.code === 'sign-in-doubted') {
    const until = status.until ?? undefined
    return { tone: 'warn', word: 'refused', reason: 'signInRefused', until, next: 'signIn' }
  }
  return judgeRegistration(account, at.now) ?? judgeAccessToken(account, at.now)
}

function signedOut(word: StateWord, reason: StateReason): StatePart {
  return { tone: 'bad', word, reason, next: 'signIn' }
}

function judgeRegistration({ registrationExpiresAt }: Account, now: number): StatePart | undefined {
  if (registrationExpiresAt === null) return undefined
  const left = Date.parse(registrationExpiresAt) - now
  if (left <= 0) return signedOut('signedOut', 'registrationEnded')
  if (left > WARNED_AHEAD_MS) return undefined
  return {
    tone: 'warn',
    word: 'endsSoon',
    reason: 'registrationEnds',
    until: registrationExpiresAt,
    next: 'signIn',
  }
}

function judgeAccessToken(account: Account, now: number): StatePart {
  const hasEnded = account.expires_at !== null && Date.parse(account.expires_at) <= now
  if (!account.hasRefreshToken) {
    return hasEnded ? signedOut('signedOut', 'tokenEnded') : { tone: 'good', word: 'fresh' }
  }
  if (account.last_refresh_status === 'failed') {
    return { tone: 'warn', word: 'refreshFailed', reason: 'refreshFailed', next: 'refreshToken' }
  }
  if (account.hasAccessToken && !hasEnded) return { tone: 'good', word: 'fresh' }
  const reason = account.hasAccessToken ? 'tokenRenewable' : 'notFetched'
  return { tone: 'idle', word: 'renewable', reason, next: 'refreshToken' }
}

function judgeQuota({ quota, status }: Account, kind: StatusKind | 'unknown'): StatePart {
  const until = (kind === 'exhausted' ? status.until : quota?.resetsAt) ?? undefined
  if (kind === 'exhausted')
    return { tone: 'bad', word: 'usedUp', reason: 'quotaUsedUp', until, next: 'refreshQuota' }
  if (quota === null) return { tone: 'idle', word: 'unread', reason: 'quotaUnread', next: 'refreshQuota' }
  if (quota.left === null) return { tone: 'idle', word: 'untold', reason: 'quotaUntold' }
  if (quota.left <= 0)
    return { tone: 'bad', word: 'usedUp', reason: 'quotaUsedUp', until, next: 'refreshQuota' }
  if (quota.limit !== null && quota.left < quota.limit * LOW_SHARE) {
    return { tone: 'warn', word: 'low', reason: 'quotaLow', until }
  }
  return { tone: 'good', word: 'enough' }
}

function judgeTraffic(
  { status, unsteadySince }: Account,
  kind: StatusKind | 'unknown',
  { token }: { token: StatePart },
): StatePart {
  const until = status.until ?? undefined
  switch (kind) {
    case 'ready':
      if (token.tone === 'bad') return unused('unusedToken')
      if (unsteadySince === null) return { tone: 'good', word: 'ready' }
      return { tone: 'warn', word: 'unsteady', reason: 'unsteady' }
    case 'cooling': {
      const reason = reasonOf(status.why)
      if (reason === 'signInRefused') return unused('unusedToken')
      return { tone: 'warn', word: reason === 'throttled' ? 'resting' : 'failing', reason, until }
    }
    case 'paused':
      return { tone: 'idle', word: 'paused', reason: reasonOf(status.why), until, next: 'resume' }
    case 'exhausted':
      return unused('unusedQuota')
    case 'needs-sign-in':
      return unused('unusedToken')
    case 'misconfigured':
      return {
        tone: 'bad',
        word: 'misconfigured',
        reason: reasonOf(status.why),
        until,
        ...saidOf(status.why),
        next: 'edit',
      }
    case 'parked':
      return {
        tone: 'bad',
        word: 'parked',
        reason: reasonOf(status.why),
        ...saidOf(status.why),
        next: 'enable',
      }
    case 'disabled':
      return unused('unusedOff')
    case 'unknown':
      return {
        tone: 'warn',
        word: 'unsteady',
        reason: 'unknownStatus',
        until,
        ...(status.message !== null && { said: status.message }),
      }
    default:
      return unreachable(kind)
  }
}

/** Not itself at fault: another part says why. */
function unused(reason: StateReason): StatePart {
  return { tone: 'idle', word: 'unused', reason }
}

const reasons = {
  throttled: 'throttled',
  failing: 'failing',
  'sign-in-doubted': 'signInRefused',
  'quota-used-up': 'quotaUsedUp',
  paused: 'pausedByOperator',
  'refresh-token-refused': 'grantRefused',
  'refresh-token-expired': 'loginExpired',
  'client-unknown': 'clientRefused',
  'registration-ended': 'registrationEnded',
  'no-refresh-token': 'tokenEnded',
  'sign-in-refused': 'signInNeeded',
  'own-proxy-fails': 'ownProxyFails',
  'several-profiles': 'severalProfiles',
  'unknown-channel': 'unknownChannel',
  'unknown-origin': 'unknownOrigin',
  'access-denied': 'misconfigured',
  suspended: 'suspended',
  'shut-out': 'shutOut',
  refused: 'parked',
  'switched-off': 'offByOperator',
  'being-checked': 'beingChecked',
  'check-failed': 'checkFailed',
  'failed-too-often': 'offByFailures',
} as const satisfies Record<Exclude<Why['code'], 'ready'>, StateReason>

/** A later gateway may have codes that this page does not know. */
function reasonOf({ code }: Why): StateReason {
  return code !== 'ready' && Object.hasOwn(reasons, code) ? reasons[code] : 'unknownStatus'
}

function saidOf(why: Why): { said?: string } {
  return 'detail' in why && why.detail !== null && why.detail !== '' ? { said: why.detail } : {}
}

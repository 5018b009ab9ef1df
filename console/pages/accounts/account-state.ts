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
export type Deed = 'enable' | 'signIn' | 'refreshToken' | 'refreshQuota' | 'test' | 'edit'

export interface StatePart {
  tone: Tone
  word: StateWord
  /** Absent when all is well. */
  reason?: StateReason
  /** When it changes by itself, in ISO 8601. */
  until?: string | undefined
  /** The gateway's own sentence where it says more than we know: English, and perhaps of the service. */
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
  | 'suspended'
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
const statusKinds = {
  ready: true,
  cooling: true,
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
    enabled: judgeEnabled(account, kind),
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
  return undefined
}

function isStatusKind(kind: string): kind is StatusKind {
  return Object.hasOwn(statusKinds, kind)
}

function judgeEnabled({ enabled, status }: Account, kind: StatusKind | 'unknown'): StatePart {
  if (enabled) return { tone: 'good', word: 'on' }
  if (kind === 'disabled' && status.by === 'threshold') {
    return {
      tone: 'bad',
      word: 'offByFailures',
      reason: 'offByFailures',
      until: instantIn(messageOf(status)),
      next: 'enable',
    }
  }
  const why = messageOf(status).replace(/^Switched off by the operator\.\s*/, '')
  return {
    tone: 'idle',
    word: 'off',
    reason: 'offByOperator',
    next: 'enable',
    ...(why !== '' && why !== messageOf(status) && { said: why }),
  }
}

function judgeToken(account: Account, at: { kind: StatusKind | 'unknown'; now: number }): StatePart {
  const { status } = account
  if (!account.readable) return signedOut('unreadable', 'unreadable')
  if (at.kind === 'needs-sign-in') {
    return { ...signedOut('signedOut', reasonOfRefusal(messageOf(status))), said: messageOf(status) }
  }
  if (!account.hasRefreshToken && !account.hasAccessToken) return signedOut('signedOut', 'noTokens')
  if (at.kind === 'cooling' && reasonOfCooling(messageOf(status)) === 'signInRefused') {
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
      const reason = reasonOfCooling(messageOf(status))
      if (reason === 'signInRefused') return unused('unusedToken')
      return { tone: 'warn', word: reason === 'throttled' ? 'resting' : 'failing', reason, until }
    }
    case 'exhausted':
      return unused('unusedQuota')
    case 'needs-sign-in':
      return unused('unusedToken')
    case 'misconfigured':
      return {
        tone: 'bad',
        word: 'misconfigured',
        reason: 'misconfigured',
        until,
        said: messageOf(status),
        next: 'edit',
      }
    case 'parked': {
      const reason = /suspend/i.test(messageOf(status)) ? 'suspended' : 'parked'
      return { tone: 'bad', word: 'parked', reason, said: messageOf(status), next: 'enable' }
    }
    case 'disabled':
      return unused('unusedOff')
    case 'unknown':
      return { tone: 'warn', word: 'unsteady', reason: 'unknownStatus', until, said: messageOf(status) }
    default:
      return unreachable(kind)
  }
}

/** Not itself at fault: another part says why. */
function unused(reason: StateReason): StatePart {
  return { tone: 'idle', word: 'unused', reason }
}

/** The view of an account tells why it rests in a sentence alone; a test holds this to the gateway's sentences. */
function reasonOfCooling(message: string): 'throttled' | 'failing' | 'signInRefused' {
  if (message.startsWith('Resting after too many requests')) return 'throttled'
  return message.startsWith('Its sign-in was refused') ? 'signInRefused' : 'failing'
}

function reasonOfRefusal(message: string): StateReason {
  if (message.includes('registration with the sign-in service has ended')) return 'registrationEnded'
  if (message.includes('has no refresh token')) return 'tokenEnded'
  const [, code] = /\((\w+)\)\.$/.exec(message) ?? []
  switch (code) {
    case 'invalid_grant':
      return 'grantRefused'
    case 'expired_token':
      return 'loginExpired'
    case 'invalid_client':
      return 'clientRefused'
    case undefined:
    default:
      return 'signInNeeded'
  }
}

function instantIn(message: string): string | undefined {
  return /\d{4}-\d\d-\d\dT[\d:]+Z/.exec(message)?.[0]
}

function messageOf({ message }: Account['status']): string {
  return message ?? ''
}

/** Why an account is as it is, as far as the gateway tells: what the console has its own words for. Pure. */
import type { Account, AccountUsage } from '../../../api/types.ts'

export const reasons = [
  'ready',
  'throttled',
  'failing',
  'paused',
  'signInRefused',
  'exhausted',
  'needsSignIn',
  'clientUnknown',
  'noRefreshToken',
  'misconfigured',
  'ownProxyFails',
  'severalProfiles',
  'parked',
  'failedTooOften',
  'switchedOff',
  'beingChecked',
  'checkFailed',
  'unreadable',
  'registrationEnded',
  'registrationEnds',
  'refreshFailed',
  'quotaUnread',
  'unsteady',
  'other',
] as const
export type Reason = (typeof reasons)[number]

/** What the operator can do about it at a press. */
export type Remedy = 'sign-in' | 'enable' | 'try-now' | 'edit' | 'refresh-tokens' | 'read-quota' | 'resume'

export const remedies: Record<Reason, Remedy | undefined> = {
  ready: undefined,
  throttled: undefined,
  failing: undefined,
  paused: 'resume',
  signInRefused: 'sign-in',
  exhausted: 'read-quota',
  needsSignIn: 'sign-in',
  clientUnknown: 'sign-in',
  noRefreshToken: 'sign-in',
  misconfigured: 'edit',
  ownProxyFails: 'edit',
  severalProfiles: 'edit',
  parked: 'enable',
  failedTooOften: 'try-now',
  switchedOff: 'enable',
  beingChecked: 'refresh-tokens',
  checkFailed: 'refresh-tokens',
  unreadable: 'sign-in',
  registrationEnded: 'sign-in',
  registrationEnds: 'sign-in',
  refreshFailed: 'refresh-tokens',
  quotaUnread: 'read-quota',
  unsteady: undefined,
  other: undefined,
}

type Why = Account['status']['why']

const reasonsByCode = {
  ready: 'ready',
  throttled: 'throttled',
  failing: 'failing',
  'sign-in-doubted': 'signInRefused',
  'quota-used-up': 'exhausted',
  paused: 'paused',
  'refresh-token-refused': 'needsSignIn',
  'refresh-token-expired': 'needsSignIn',
  'client-unknown': 'clientUnknown',
  'registration-ended': 'registrationEnded',
  'no-refresh-token': 'noRefreshToken',
  'sign-in-refused': 'needsSignIn',
  'own-proxy-fails': 'ownProxyFails',
  'several-profiles': 'severalProfiles',
  'unknown-channel': 'misconfigured',
  'unknown-origin': 'misconfigured',
  'access-denied': 'misconfigured',
  suspended: 'parked',
  'shut-out': 'parked',
  refused: 'parked',
  'switched-off': 'switchedOff',
  'being-checked': 'beingChecked',
  'check-failed': 'checkFailed',
  'failed-too-often': 'failedTooOften',
} as const satisfies Record<Why['code'], Reason>

/** Of its status alone. A later gateway may have codes that this page does not know. */
export function statusReason({ status: { why } }: Pick<Account, 'status'>): Reason {
  return Object.hasOwn(reasonsByCode, why.code) ? reasonsByCode[why.code] : 'other'
}

const hasMoreToSay: ReadonlySet<Reason> = new Set([
  'misconfigured',
  'severalProfiles',
  'parked',
  'switchedOff',
  'checkFailed',
])

/** What was said of it, where that is more than our own words say. */
function saidOf({ why, message }: Account['status'], reason: Reason): string | null {
  if (reason === 'other') return message
  return hasMoreToSay.has(reason) && 'detail' in why ? why.detail : null
}

export interface Concern {
  reason: Reason
  /** What the gateway or the service said of it: English. */
  message: string | undefined
  /** When it ends or ended by itself, or since when it is so. */
  at: string | undefined
}

/** All that is amiss, the worst first; nothing for an account in good health. `now`: milliseconds since the epoch. */
export function listConcerns(account: Account, usage: AccountUsage | undefined, now: number): Concern[] {
  const { status, registrationExpiresAt } = account
  const ofStatus = statusReason(account)
  const endsAt = registrationExpiresAt === null ? undefined : Date.parse(registrationExpiresAt)
  const [warning] = account.warnings
  return [
    account.readable ? undefined : concern('unreadable'),
    ofStatus === 'ready' ? undefined : concern(ofStatus, saidOf(status, ofStatus), timeOf(status)),
    warning === undefined || ofStatus === 'registrationEnded'
      ? undefined
      : concern(
          endsAt !== undefined && endsAt <= now ? 'registrationEnded' : 'registrationEnds',
          null,
          registrationExpiresAt,
        ),
    account.last_refresh_status === 'failed'
      ? concern('refreshFailed', null, account.last_refresh_time)
      : undefined,
    account.unsteadySince === null ? undefined : concern('unsteady', null, account.unsteadySince),
    typeof usage?.error === 'string' ? concern('quotaUnread', usage.error, usage.triedAt) : undefined,
  ].filter((each) => each !== undefined)
}

function concern(reason: Reason, message: string | null = null, at: string | null = null): Concern {
  return { reason, message: message ?? undefined, at: at ?? undefined }
}

function timeOf({ why, until }: Account['status']): string | null {
  return why.code === 'failed-too-often' ? why.nextTryAt : until
}

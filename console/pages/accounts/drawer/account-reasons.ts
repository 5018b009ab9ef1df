/** Why an account is as it is, as far as the gateway tells: what the console has its own words for. Pure. */
import type { Account, AccountUsage } from '../../../api/types.ts'

export const reasons = [
  'ready',
  'throttled',
  'failing',
  'signInRefused',
  'exhausted',
  'needsSignIn',
  'misconfigured',
  'parked',
  'failedTooOften',
  'switchedOff',
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
export type Remedy = 'sign-in' | 'enable' | 'try-now' | 'edit' | 'refresh-tokens' | 'read-quota'

export const remedies: Record<Reason, Remedy | undefined> = {
  ready: undefined,
  throttled: undefined,
  failing: undefined,
  signInRefused: 'sign-in',
  exhausted: 'read-quota',
  needsSignIn: 'sign-in',
  misconfigured: 'edit',
  parked: 'enable',
  failedTooOften: 'try-now',
  switchedOff: 'enable',
  unreadable: 'sign-in',
  registrationEnded: 'sign-in',
  registrationEnds: 'sign-in',
  refreshFailed: 'refresh-tokens',
  quotaUnread: 'read-quota',
  unsteady: undefined,
  other: undefined,
}

/** Of its status alone. */
export function statusReason({ status }: Pick<Account, 'status'>): Reason {
  switch (status.kind) {
    case 'ready':
      return 'ready'
    case 'cooling':
      return coolingReason(status.message ?? '')
    case 'exhausted':
      return 'exhausted'
    case 'needs-sign-in':
      return 'needsSignIn'
    case 'misconfigured':
      return 'misconfigured'
    case 'parked':
      return 'parked'
    case 'disabled':
      return status.by === 'threshold' ? 'failedTooOften' : 'switchedOff'
    default:
      return 'other'
  }
}

export interface Concern {
  reason: Reason
  /** The gateway's own words about it. */
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
    ofStatus === 'ready' ? undefined : concern(ofStatus, status.message, status.until),
    warning === undefined
      ? undefined
      : concern(
          endsAt !== undefined && endsAt <= now ? 'registrationEnded' : 'registrationEnds',
          warning,
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

/** The three sorts of a pause are told apart by the gateway's sentence alone. */
function coolingReason(message: string): Reason {
  if (message.includes('sign-in was refused')) return 'signInRefused'
  return message.includes('several failures') ? 'failing' : 'throttled'
}

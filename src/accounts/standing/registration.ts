/** The registration of an account's client with the sign-in service ends after some 90 days, and every token with it. */
import type { Clock } from '../../clock.ts'
import { isEnabled, type Account } from '../account.ts'

const DAY_MS = 86_400_000
const WARNED_AHEAD_MS = 7 * DAY_MS

type Registered = Pick<Account, 'registrationExpiresAt'>

export function hasRegistrationEnded({ registrationExpiresAt }: Registered, now: number): boolean {
  return registrationExpiresAt !== undefined && registrationExpiresAt.getTime() <= now
}

/** One sentence for the operator; undefined while there is time. */
export function registrationWarning({ registrationExpiresAt }: Registered, now: number): string | undefined {
  if (registrationExpiresAt === undefined || registrationExpiresAt.getTime() - now > WARNED_AHEAD_MS) {
    return undefined
  }
  const at = `${registrationExpiresAt.toISOString().slice(0, 19)}Z`
  const isOver = registrationExpiresAt.getTime() <= now
  return isOver
    ? `Sign this account in again: its registration with the sign-in service ended at ${at}.`
    : `Sign this account in again before ${at}: its registration with the sign-in service ends then.`
}

interface RegistrationNoticesParts {
  clock: Clock
  warn: (facts: Record<string, unknown>, message: string) => void
}

/** Warns of registrations that end soon: once a day for each account that is in use. */
export function createRegistrationNotices({ clock, warn }: RegistrationNoticesParts) {
  const warnedAt = new Map<string, number>()

  return (accounts: readonly Account[]): void => {
    const now = clock.elapsed()
    for (const account of accounts) {
      const { id } = account
      const warning = isEnabled(account) ? registrationWarning(account, clock.now()) : undefined
      if (warning === undefined) warnedAt.delete(id)
      else if (now - (warnedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= DAY_MS) {
        warnedAt.set(id, now)
        warn({ accountId: id }, warning)
      }
    }
  }
}

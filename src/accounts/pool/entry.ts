import type { Account } from '../account.ts'
import type { Probation } from '../standing/probation.ts'
import { creditsLeft, soonestExpiry, type Quota } from '../quota.ts'
import type { Candidate } from './strategies/strategy.ts'

/** What the pool knows of one account, from when it is added until it is removed. Changed in place: no request allocates one. */
export interface Entry extends Candidate {
  account: Account
  /** As it was last read, less what was spent since; undefined: unknown. */
  quota: Quota | undefined
  probation: Probation | undefined
  /** False: the lazy pool leaves it out. */
  serves: boolean
  /** What is told of it where it could have served and another one did: so many requests tell that of so many accounts. */
  readonly notChosen: { readonly accountId: string; readonly verdict: 'not-chosen' }
}

export function createEntry(account: Account): Entry {
  return {
    account,
    leases: 0,
    position: 0,
    quota: undefined,
    probation: undefined,
    serves: true,
    notChosen: { accountId: account.id, verdict: 'not-chosen' },
  }
}

/** Strategies read figures, not quotas: those are worked out when a quota is told, not with every request. */
export function setQuota(entry: Entry, quota: Quota | undefined, now: number): void {
  entry.quota = quota
  entry.quotaLeft = quota && creditsLeft(quota, now)
  entry.quotaEndsAt = quota && soonestExpiry(quota, now)?.getTime()
}

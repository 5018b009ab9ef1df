/** How all accounts stand in this moment, in numbers. */
import { hasTokens, type Account } from '../account.ts'
import type { Entry } from './entry.ts'
import { isExhausted } from '../quota.ts'
import { presentStatus, type PresentStatus } from '../status.ts'

export interface PoolTally {
  total: number
  /** Accounts by how they stand, ready ones too; kinds that no account has are left out. */
  byStatus: Partial<Record<PresentStatus['kind'], number>>
  /** Requests that accounts are lent to, by this process. */
  inFlight: number
  /** How many those may be that are ready; infinite: one of them has no limit. */
  limit: number
  /** Those that are lent to the most requests. */
  busiest: { accountId: string; count: number }[]
}

const MOST_BUSIEST = 20

export function tallyEntries(
  entries: Iterable<Entry>,
  { now, limitOf }: { now: number; limitOf: (account: Account) => number },
): PoolTally {
  const tally: PoolTally = { total: 0, byStatus: {}, inFlight: 0, limit: 0, busiest: [] }
  const busy: PoolTally['busiest'] = []
  for (const entry of entries) {
    const { account, leases } = entry
    const kind = standingOf(entry, now)
    tally.total += 1
    tally.byStatus[kind] = (tally.byStatus[kind] ?? 0) + 1
    tally.inFlight += leases
    if (kind === 'ready') tally.limit += limitOf(account)
    if (leases > 0) busy.push({ accountId: account.id, count: leases })
  }
  tally.busiest = busy.toSorted((a, b) => b.count - a.count).slice(0, MOST_BUSIEST)
  return tally
}

/** By the id of the account; those that are lent to nobody are left out. */
export function leasesOf(entries: Iterable<Entry>): Map<string, number> {
  const leases = new Map<string, number>()
  for (const entry of entries) if (entry.leases > 0) leases.set(entry.account.id, entry.leases)
  return leases
}

/** What stands in the way of its next request: a status says nothing of lost tokens, nor of credits that are used up. */
function standingOf({ account, quota }: Entry, now: number): PresentStatus['kind'] {
  const { kind } = presentStatus(account, now)
  if (kind !== 'ready') return kind
  if (!hasTokens(account)) return 'needs-sign-in'
  return quota !== undefined && isExhausted(quota, now) ? 'exhausted' : 'ready'
}

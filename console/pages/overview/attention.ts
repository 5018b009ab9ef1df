/** Which accounts are looked at first: those that need somebody. Pure. */
import type { Account } from '../../api/types.ts'
import { isLow, shareOf } from '../../parts/meter.tsx'

/** The worst first; what is not in it comes before those that are well. */
const order = ['needs-sign-in', 'parked', 'misconfigured', 'exhausted', 'cooling']

export function sortByAttention(accounts: readonly Account[]): Account[] {
  return accounts
    .map((account) => ({ account, rank: rankOf(account), left: shareLeft(account) ?? 1 }))
    .toSorted(
      (a, b) => a.rank - b.rank || a.left - b.left || nameOf(a.account).localeCompare(nameOf(b.account)),
    )
    .map(({ account }) => account)
}

export function nameOf({ label, identity, id }: Account): string {
  return label ?? identity?.email ?? id.slice(0, 8)
}

/** Of the credits, between 0 and 1; undefined: unknown. */
export function shareLeft({ quota }: Account): number | undefined {
  if (quota === null || quota.left === null || quota.limit === null) return undefined
  return shareOf(quota.left, quota.limit)
}

function rankOf(account: Account): number {
  const { status, unsteadySince } = account
  if (status.kind === 'paused') return 100
  if (status.kind === 'disabled') return status.by === 'operator' ? 100 : 3.5
  const known = order.indexOf(status.kind)
  if (known >= 0) return known
  if (status.kind !== 'ready') return 50
  if (unsteadySince !== null) return 60
  const share = shareLeft(account)
  return share !== undefined && isLow(share) ? 70 : 80
}

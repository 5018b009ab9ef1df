/** Which of many accounts serve, and which are kept fresh: a few at a time, others as those fall out. */
import { unreachable } from '../conversation/unreachable.ts'
import { isEnabled, type Account } from './account.ts'
import { statusAt } from './status.ts'

export interface LazyPoolSettings {
  /** How many serve. */
  size: number
  /** How many more are kept fresh, to step in. */
  refreshOffset: number
  orderBy: LazyPoolOrder
  isDescending: boolean
}

export type LazyPoolOrder = 'created_at' | 'id' | 'success_count'

export interface LazySelection {
  serving: readonly Account[]
  /** Those that serve, and the next in order. */
  refreshed: readonly Account[]
}

/**
 * The first so many in order of those that are enabled and may serve now or shortly: one that waits for its operator or for
 * its quota would keep a place for nothing. `now` in milliseconds since the epoch.
 */
export function selectLazily(
  accounts: Iterable<Account>,
  { size, refreshOffset, orderBy, isDescending }: LazyPoolSettings,
  now: number,
): LazySelection {
  const compare = (a: Account, b: Account) =>
    (isDescending ? -1 : 1) * (compareBy(orderBy, a, b) || compareBy('id', a, b))
  const refreshed = firstOf(accounts, {
    count: size + refreshOffset,
    isWanted: (account) => isEnabled(account) && servesShortly(account, now),
    compare,
  })
  return { serving: refreshed.slice(0, size), refreshed }
}

function servesShortly({ status }: Account, now: number): boolean {
  const current = statusAt(status, now)
  switch (current.kind) {
    case 'ready':
      return true
    case 'cooling':
      return current.why === 'throttled'
    case 'exhausted':
    case 'needs-sign-in':
    case 'misconfigured':
    case 'parked':
    case 'disabled':
      return false
    default:
      return unreachable(current)
  }
}

function compareBy(order: LazyPoolOrder, a: Account, b: Account): number {
  switch (order) {
    case 'created_at':
      return a.createdAt.getTime() - b.createdAt.getTime()
    case 'success_count':
      return a.successes - b.successes
    case 'id':
      return a.id < b.id ? -1 : Number(a.id > b.id)
    default:
      return unreachable(order)
  }
}

interface Wanted {
  count: number
  isWanted: (account: Account) => boolean
  compare: (a: Account, b: Account) => number
}

/** In order. Sorting all of them would cost much more, as few of many are wanted. */
function firstOf(accounts: Iterable<Account>, { count, isWanted, compare }: Wanted): Account[] {
  const first: Account[] = []
  for (const account of accounts) {
    if (!isWanted(account)) continue
    const last = first.length < count ? undefined : first.at(-1)
    if (count === 0 || (last !== undefined && compare(account, last) >= 0)) continue
    first.splice(placeIn(first, account, compare), 0, account)
    if (first.length > count) first.pop()
  }
  return first
}

function placeIn(sorted: readonly Account[], account: Account, compare: Wanted['compare']): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    const other = sorted[middle]
    if (other !== undefined && compare(other, account) < 0) from = middle + 1
    else to = middle
  }
  return from
}

/** Which of many accounts serve, and which are kept fresh: the first few that are able, others while those are not. */
import { unreachable } from '../../conversation/unreachable.ts'
import { isEnabled, type Account } from '../account.ts'
import { presentStatus } from '../status.ts'

export interface LazyPoolSettings {
  /** How many serve. */
  size: number
  /** How many more are kept fresh, to step in. */
  refreshOffset: number
  orderBy: LazyPoolOrder
  isDescending: boolean
}

export type LazyPoolOrder = 'created_at' | 'id' | 'success_count'

/** Which of two accounts comes first, as in sorting. Never 0 for two ids. */
export function createLazyOrder({ orderBy, isDescending }: LazyPoolSettings) {
  return (a: Account, b: Account) =>
    (isDescending ? -1 : 1) * (compareBy(orderBy, a, b) || compareBy('id', a, b))
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

/** One that waits for its operator or for its quota would be kept fresh for nothing. `now` in milliseconds since the epoch. */
export function servesShortly(account: Account, now: number): boolean {
  if (!isEnabled(account)) return false
  const status = presentStatus(account, now)
  return status.kind === 'ready' || (status.kind === 'cooling' && status.why !== 'sign-in-refused')
}

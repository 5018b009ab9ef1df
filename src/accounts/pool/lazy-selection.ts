import type { Clock } from '../../clock.ts'
import type { Account } from '../account.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import { createLazyOrder, servesShortly, type LazyPoolSettings } from './lazy-pool.ts'
import { isExhausted } from '../quota.ts'
import { createReach } from './reach.ts'

/** Successes add up without a word. */
const REORDERED_AFTER_MS = 10_000

/**
 * Keeps the selection of the lazy pool up to date, and says in each entry whether it serves: the first so many in order that
 * are able, and those before them that are not, which serve again from the moment in which they are. So there are always so
 * many that can serve, as long as there are any, and who comes back has its place.
 */
export interface LazySelection {
  /** The account is new or has changed. Answers whom that has serve from now on, or no longer. */
  note(entry: Entry, isAble: boolean): readonly Entry[]
  /** It is no more. */
  forget(entry: Entry): readonly Entry[]
  /** To be called before accounts are looked at. */
  renew(): readonly Entry[]
  /** Whether the account is to be kept signed in. */
  isRefreshed(id: string): boolean
}

interface SelectionParts {
  entries: Pick<Entries, 'get' | 'all'>
  /** Undefined: all serve. */
  settings: LazyPoolSettings | undefined
  clock: Pick<Clock, 'now' | 'elapsed'>
}

interface Item {
  entry: Entry
  /** As it was when it was given its place. */
  account: Account
  isAble: boolean
}

const NOBODY: readonly Entry[] = []

export function createLazySelection({ entries, settings, clock }: SelectionParts): LazySelection {
  if (settings === undefined) {
    return { note: () => NOBODY, forget: () => NOBODY, renew: () => NOBODY, isRefreshed: () => true }
  }
  const { size, refreshOffset, orderBy } = settings
  const compareAccounts = createLazyOrder(settings)
  const compare = (a: Item, b: Item) => compareAccounts(a.account, b.account)
  const order = [...entries.all()].map(createItem).toSorted(compare)
  const items = new Map(order.map((item) => [item.entry, item]))
  const serving = createReach(order, size)
  const refreshed = createReach(order, size + refreshOffset)
  let orderedAt = clock.elapsed()
  for (const [place, { entry }] of order.entries()) entry.serves = place < serving.end

  function shift(place: number, change: { items: number; able: number }): readonly Entry[] {
    refreshed.shift(place, change)
    const { before, after } = serving.shift(place, change)
    if (before === after) return NOBODY
    const moved = order.slice(Math.min(before, after), Math.max(before, after)).map(({ entry }) => entry)
    for (const entry of moved) entry.serves = after > before
    return moved
  }

  function insert(item: Item): readonly Entry[] {
    const place = placeIn(order, item, compare)
    order.splice(place, 0, item)
    items.set(item.entry, item)
    const moved = shift(place, { items: 1, able: Number(item.isAble) })
    item.entry.serves = place < serving.end
    return moved
  }

  function reorder(): readonly Entry[] {
    for (const item of order) item.account = item.entry.account
    order.sort(compare)
    serving.restart()
    refreshed.restart()
    const moved: Entry[] = []
    for (const [place, { entry }] of order.entries()) {
      if (entry.serves === place < serving.end) continue
      entry.serves = !entry.serves
      moved.push(entry)
    }
    return moved
  }

  function isKeptFresh(item: Item): boolean {
    const { account, quota } = item.entry
    const now = clock.now()
    if (!servesShortly(account, now) || (quota !== undefined && isExhausted(quota, now))) return false
    return placeIn(order, item, compare) < refreshed.end
  }

  return {
    note(entry, isAble) {
      const item = items.get(entry)
      if (item === undefined) return insert({ ...createItem(entry), isAble })
      if (item.isAble === isAble) return NOBODY
      item.isAble = isAble
      return shift(placeIn(order, item, compare), { items: 0, able: isAble ? 1 : -1 })
    },
    forget(entry) {
      const item = items.get(entry)
      if (item === undefined) return NOBODY
      const place = placeIn(order, item, compare)
      order.splice(place, 1)
      items.delete(entry)
      return shift(place, { items: -1, able: -Number(item.isAble) })
    },
    renew() {
      const elapsed = clock.elapsed()
      if (orderBy !== 'success_count' || elapsed - orderedAt < REORDERED_AFTER_MS) return NOBODY
      orderedAt = elapsed
      return reorder()
    },
    isRefreshed(id) {
      const entry = entries.get(id)
      const item = entry && items.get(entry)
      return item !== undefined && isKeptFresh(item)
    },
  }
}

/** Whether it is able is not known yet. */
function createItem(entry: Entry): Item {
  return { entry, account: entry.account, isAble: false }
}

function placeIn(sorted: readonly Item[], item: Item, compare: (a: Item, b: Item) => number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    const other = sorted[middle]
    if (other !== undefined && compare(other, item) < 0) from = middle + 1
    else to = middle
  }
  return from
}

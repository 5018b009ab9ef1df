/**
 * How far down an order one has to go to meet so many that are able. Kept from change to change: each moves the end as far
 * as the next that is able, and no further.
 */
export interface Reach {
  /** So many of the order, from its first on, are within reach. */
  readonly end: number
  /** At this place of the order something has changed: so many have come (or gone), and so many are able that were not. */
  shift(place: number, change: { items: number; able: number }): { before: number; after: number }
  /** The order is another one. */
  restart(): void
}

/** All are within reach where fewer than `count` are able. The order is read when it has been changed already. */
export function createReach(order: readonly { readonly isAble: boolean }[], count: number): Reach {
  let end = 0
  let able = 0

  function shrink(): void {
    for (let last = order[end - 1]; last !== undefined; last = order[end - 1]) {
      if (able < count || (able === count && last.isAble)) return
      end -= 1
      if (last.isAble) able -= 1
    }
  }

  function extend(): void {
    for (let next = order[end]; next !== undefined && able < count; next = order[end]) {
      end += 1
      if (next.isAble) able += 1
    }
  }

  extend()

  return {
    get end() {
      return end
    },
    shift(place, change) {
      if (place < end) {
        end += change.items
        able += change.able
      }
      const before = end
      shrink()
      extend()
      return { before, after: end }
    },
    restart() {
      end = 0
      able = 0
      extend()
    },
  }
}

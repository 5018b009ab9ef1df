/** Counts requests of the last minute, in slices: within none do more pass than may, and what it keeps does not grow with them. */
import type { Clock } from '../clock.ts'

const WINDOW_MS = 60_000
/** So much longer than the window a request may count. */
const SLICE_MS = 500

export interface RateWindow {
  /** Counts one more; answers what takes that back. */
  add(): () => void
  count(): number
  /** Until one more fits in; 0: it does. */
  roomInMs(limit: number): number
  /** Until none of them counts any more; 0: none does. */
  emptyInMs(): number
}

interface Slice {
  /** By the clock that is never set. */
  countsUntil: number
  requests: number
}

export function createRateWindow(clock: Pick<Clock, 'elapsed'>): RateWindow {
  /** The oldest first. */
  const slices: Slice[] = []
  let total = 0

  function settle(): number {
    const now = clock.elapsed()
    for (let [oldest] = slices; oldest !== undefined && oldest.countsUntil <= now; [oldest] = slices) {
      total -= oldest.requests
      slices.shift()
    }
    return now
  }

  return {
    add() {
      const now = settle()
      const countsUntil = (Math.floor(now / SLICE_MS) + 1) * SLICE_MS + WINDOW_MS
      const latest = slices.at(-1)
      const slice = latest?.countsUntil === countsUntil ? latest : { countsUntil, requests: 0 }
      if (slice !== latest) slices.push(slice)
      slice.requests += 1
      total += 1
      return () => {
        slice.requests -= 1
        // Of one that counts no longer it was taken off already.
        if (slices.includes(slice)) total -= 1
      }
    },
    count() {
      settle()
      return total
    },
    roomInMs(limit) {
      const now = settle()
      let left = total
      if (left < limit) return 0
      for (const { countsUntil, requests } of slices) {
        left -= requests
        if (left < limit) return countsUntil - now
      }
      return WINDOW_MS
    },
    emptyInMs() {
      const now = settle()
      return (slices.at(-1)?.countsUntil ?? now) - now
    },
  }
}

import type { Clock } from '../clock.ts'

/** One whole request's worth. */
const BURST = 20
const REFILL_A_MINUTE = 10
const MINUTE_MS = 60_000
/** Clients that are remembered; the one that was seen longest ago is forgotten first. */
const MOST_CLIENTS = 10_000

export interface FetchAllowance {
  /** Takes so many of the client's fetches, and answers 0; or takes none, and answers in how many seconds it could. */
  take(clientKey: string, count: number): number
}

/** How many images may be fetched for a client: ten a minute, and twenty at once after a pause. */
export function createFetchAllowance(clock: Clock): FetchAllowance {
  /** The one seen last comes last. */
  const clients = new Map<string, { left: number; at: number }>()
  return {
    take(clientKey, count) {
      const now = clock.elapsed()
      const known = clients.get(clientKey) ?? { left: BURST, at: now }
      const left = Math.min(known.left + ((now - known.at) / MINUTE_MS) * REFILL_A_MINUTE, BURST)
      const missing = Math.max(count - left, 0)
      clients.delete(clientKey)
      clients.set(clientKey, { left: missing > 0 ? left : left - count, at: now })
      const [oldest] = clients.keys()
      if (clients.size > MOST_CLIENTS && oldest !== undefined) clients.delete(oldest)
      return Math.ceil((missing / REFILL_A_MINUTE) * 60)
    },
  }
}

/** Whether a key may make one more request, by what it was granted, and what its clients are told of that. */
import type { KeyLimits } from '../access/key-grant.ts'
import type { Slots } from '../accounts/slots/slots.ts'
import type { Clock } from '../clock.ts'
import type { ClientUsage } from '../quotas/client-usage.ts'
import type { UsageSums } from '../quotas/client-usage-store.ts'
import { writeRateHeaders } from './rate-headers.ts'
import { createRateWindow, type RateWindow } from './rate-window.ts'
import { allowanceSpent, tooManyRequests, type Allowance } from './refusals.ts'
import { createSharedRate } from './shared-rate.ts'
import { createSpending, type Spending } from './spending.ts'

export interface LimitedKey {
  print: string
  limits: KeyLimits
}

export interface LimitKeeper {
  /**
   * Counts a request of the key. `helper`: one that no model answers; it counts by the minute alone.
   * Throws `rate-limited` and `allowance-spent`; what is refused counts for nothing.
   */
  admit(key: LimitedKey, kind: 'answer' | 'helper'): Promise<void>
  /** What an answer of the key has used, however it ended. */
  note(key: LimitedKey, counted: readonly UsageSums[]): void
  /** How it stands with the limits of requests and tokens that the key has, as far as this process has seen. */
  headersFor(key: LimitedKey): Record<string, string>
  close(): void
}

interface LimitKeeperParts {
  clientUsage: Pick<ClientUsage, 'read'>
  /** Undefined: no other process of this machine serves the key. */
  slots?: Pick<Slots, 'take' | 'release'> | undefined
  clock: Clock
  report: (error: unknown) => void
}

interface Tally {
  requests: RateWindow
  spending: Spending
  lastUsed: number
}

/** Keys come and go; those that nobody uses any more are forgotten when there are more. */
const MANY_KEYS = 1000
const UNUSED_MS = 3_600_000

export function createLimitKeeper({ clientUsage, slots, clock, report }: LimitKeeperParts): LimitKeeper {
  const tallies = new Map<string, Tally>()
  const shared = createSharedRate(slots, clock)

  function tallyOf(print: string): Tally {
    const known = tallies.get(print)
    if (known !== undefined) {
      known.lastUsed = clock.elapsed()
      return known
    }
    if (tallies.size >= MANY_KEYS) forgetUnused()
    const tally = {
      requests: createRateWindow(clock),
      spending: createSpending({ read: () => clientUsage.read(print), clock, report }),
      lastUsed: clock.elapsed(),
    }
    tallies.set(print, tally)
    return tally
  }

  /** It counts here while other processes are asked: nothing may pass meanwhile in its place. */
  async function count(print: string, limit: number, requests: RateWindow): Promise<void> {
    const takeBack = requests.add()
    let isCounted = false
    try {
      isCounted = await shared.take(print, limit)
    } finally {
      if (!isCounted) takeBack()
    }
    // Others have made them; when the oldest of ours no longer counts there is room at the latest.
    if (!isCounted) throw tooManyRequests(limit, requests.roomInMs(requests.count()))
  }

  function forgetUnused(): void {
    for (const [print, { lastUsed }] of tallies) {
      if (clock.elapsed() - lastUsed > UNUSED_MS) tallies.delete(print)
    }
  }

  return {
    async admit({ print, limits }, kind) {
      const { requests, spending } = tallyOf(print)
      if (kind === 'answer' && hasAllowance(limits)) {
        await spending.refresh()
        const now = clock.now()
        const used = allowancesOf(limits, spending, now).filter(({ limit, spent }) => spent >= limit)
        // The one that ends last: before that nothing helps.
        const last = used.toSorted((a, b) => b.endsAt - a.endsAt)[0]
        if (last !== undefined) throw allowanceSpent(last, now)
      }
      const { requestsPerMinute: limit } = limits
      if (limit === undefined) return
      const waitMs = requests.roomInMs(limit)
      if (waitMs > 0) throw tooManyRequests(limit, waitMs)
      await count(print, limit, requests)
    },

    note({ print, limits }, counted) {
      if (hasAllowance(limits)) tallyOf(print).spending.add(counted)
    },

    close: () => shared.close(),

    headersFor({ print, limits }) {
      const { requests, spending } = tallyOf(print)
      const { requestsPerMinute } = limits
      const now = clock.now()
      const least = allowancesOf(limits, spending, now)
        .filter(({ what }) => what === 'tokens')
        .toSorted((a, b) => a.limit - a.spent - (b.limit - b.spent))[0]
      return {
        ...(requestsPerMinute !== undefined &&
          writeRateHeaders({
            what: 'requests',
            limit: requestsPerMinute,
            remaining: requestsPerMinute - requests.count(),
            resetMs: requests.emptyInMs(),
          })),
        ...(least !== undefined &&
          writeRateHeaders({
            what: 'tokens',
            limit: least.limit,
            remaining: least.limit - least.spent,
            resetMs: least.endsAt - now,
          })),
      }
    },
  }
}

/** Whether anything of this is to be asked of requests; how many are under way at once is the pool's to see to. */
export function isLimited(limits: KeyLimits): boolean {
  return limits.requestsPerMinute !== undefined || hasAllowance(limits)
}

function hasAllowance(limits: KeyLimits): boolean {
  const { tokensPerDay, tokensPerMonth, creditsPerDay, creditsPerMonth } = limits
  return (tokensPerDay ?? tokensPerMonth ?? creditsPerDay ?? creditsPerMonth) !== undefined
}

/** Those that the key has, as far as they are spent. */
function allowancesOf(limits: KeyLimits, spending: Spending, now: number): Allowance[] {
  if (!hasAllowance(limits)) return []
  const { day, month } = spending.spent()
  const date = new Date(now)
  const [year, monthIndex] = [date.getUTCFullYear(), date.getUTCMonth()]
  const dayEnds = Date.UTC(year, monthIndex, date.getUTCDate() + 1)
  const monthEnds = Date.UTC(year, monthIndex + 1, 1)
  const { tokensPerDay, tokensPerMonth, creditsPerDay, creditsPerMonth } = limits
  const all: (Omit<Allowance, 'limit'> & { limit: number | undefined })[] = [
    { what: 'tokens', per: 'day', limit: tokensPerDay, spent: day.tokens, endsAt: dayEnds },
    { what: 'tokens', per: 'month', limit: tokensPerMonth, spent: month.tokens, endsAt: monthEnds },
    { what: 'credits', per: 'day', limit: creditsPerDay, spent: day.credits, endsAt: dayEnds },
    { what: 'credits', per: 'month', limit: creditsPerMonth, spent: month.credits, endsAt: monthEnds },
  ]
  return all.flatMap(({ limit, ...rest }) => (limit === undefined ? [] : [{ ...rest, limit }]))
}

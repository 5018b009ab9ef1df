/** What one key has spent of this day and month (UTC): what is stored, by whichever process, and what was counted here since. */
import type { Clock } from '../clock.ts'
import type { UsageSums } from '../quotas/client-usage-store.ts'
import type { UsageSummary } from '../quotas/summarize-usage.ts'

interface Amounts {
  /** All that count: of prompts, of answers, and of caches. */
  tokens: number
  /** Those told, and those assumed of answers that were cut before they told theirs. */
  credits: number
}

export interface Spending {
  /** Undefined: what is known is young enough. Else resolves when it is, or nobody could tell in time. Never rejects. */
  refresh(): Promise<void> | undefined
  add(counted: readonly UsageSums[]): void
  spent(): { day: Amounts; month: Amounts }
}

interface SpendingParts {
  /** Of the store, all that was noted before the call included. */
  read: () => Promise<Pick<UsageSummary, 'day' | 'today' | 'month'>>
  clock: Clock
  /** Told that it could not be read; what was counted here counts on. */
  report: (error: unknown) => void
}

/** As far as others' spending may be behind, which they store within two seconds. */
const YOUNG_MS = 2500
/** A request does not go on with less than that. */
const OLD_MS = 5000
/** No request waits longer for the database. */
const PATIENCE_MS = 1000

interface Period {
  stored: Amounts
  /** Counted here since it was read. */
  since: Amounts
  /** All that was counted here: where nothing can be stored, at least that holds. */
  own: Amounts
}

export function createSpending({ read, clock, report }: SpendingParts): Spending {
  let day = ''
  const today = createPeriod()
  const month = createPeriod()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  /** With a new day the count begins anew, with a new month that of the month. */
  function turn(): void {
    const now = new Date(clock.now()).toISOString().slice(0, 10)
    if (now === day) return
    Object.assign(today, createPeriod())
    if (now.slice(0, 7) !== day.slice(0, 7)) Object.assign(month, createPeriod())
    day = now
    readAt = Number.NEGATIVE_INFINITY
  }

  async function readAnew(): Promise<void> {
    const before = { today: { ...today.since }, month: { ...month.since } }
    const asked = day
    const summary = await read()
    turn()
    // It is about a day that is over.
    if (day !== asked || summary.day !== day) return
    readAt = clock.elapsed()
    take(today, summary.today, before.today)
    take(month, summary.month, before.month)
  }

  function start(): Promise<void> {
    return readAnew()
      .catch((error: unknown) => {
        // Not with every request again.
        readAt = clock.elapsed()
        report(error)
      })
      .finally(() => {
        reading = undefined
      })
  }

  return {
    refresh() {
      turn()
      const age = clock.elapsed() - readAt
      if (age < YOUNG_MS) return undefined
      reading ??= start()
      return age < OLD_MS ? undefined : inTime(reading, clock)
    },
    add(counted) {
      turn()
      for (const sums of counted) {
        const { tokens, credits } = amountsOf(sums)
        for (const amounts of [today.since, today.own, month.since, month.own]) {
          amounts.tokens += tokens
          amounts.credits += credits
        }
      }
    },
    spent() {
      turn()
      return { day: sumOf(today), month: sumOf(month) }
    },
  }
}

function createPeriod(): Period {
  return {
    stored: { tokens: 0, credits: 0 },
    since: { tokens: 0, credits: 0 },
    own: { tokens: 0, credits: 0 },
  }
}

/** What was counted before it was read is in it; what was counted meanwhile is not. */
function take(period: Period, sums: UsageSums, before: Amounts): void {
  period.stored = amountsOf(sums)
  period.since.tokens -= before.tokens
  period.since.credits -= before.credits
}

function amountsOf(sums: UsageSums): Amounts {
  return {
    tokens: sums.inputTokens + sums.outputTokens + sums.cacheReadTokens + sums.cacheWriteTokens,
    credits: sums.credits + sums.assumedCredits,
  }
}

function sumOf({ stored, since, own }: Period): Amounts {
  return {
    tokens: Math.max(stored.tokens + since.tokens, own.tokens),
    credits: Math.max(stored.credits + since.credits, own.credits),
  }
}

function inTime(work: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(PATIENCE_MS, resolve)
    void work.finally(() => {
      cancel()
      resolve()
    })
  })
}

/** Adds a client's days up. Pure. */
import type { UsageSource } from '../conversation/reply.ts'
import type { UsageRow, UsageSums } from './client-usage-store.ts'

export interface UsageTotals extends UsageSums {
  /** Requests without an answer. */
  unansweredRequests: number
  /** All tokens, by who counted them. */
  tokensBySource: Record<UsageSource, number>
}

export interface UsageSummary {
  /** Of UTC, as are the months: `2026-11-22`. */
  day: string
  today: UsageTotals
  month: UsageTotals
  models: { model: string; today: UsageTotals; month: UsageTotals }[]
}

/** `rows`: those of the month. */
export function summarizeUsage(rows: readonly UsageRow[], day: string): UsageSummary {
  const byModel = Map.groupBy(rows, ({ model }) => model)
  const both = (some: readonly UsageRow[]) => ({
    today: totalOf(some.filter((row) => row.day === day)),
    month: totalOf(some),
  })
  return {
    day,
    ...both(rows),
    models: [...byModel].map(([model, some]) => ({ model, ...both(some) })),
  }
}

function totalOf(rows: readonly UsageRow[]): UsageTotals {
  const total: UsageTotals = {
    requests: 0,
    unansweredRequests: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    credits: 0,
    assumedCredits: 0,
    tokensBySource: { upstream: 0, 'context-percent': 0, estimated: 0 },
  }
  for (const row of rows) {
    total.requests += row.requests
    total.inputTokens += row.inputTokens
    total.outputTokens += row.outputTokens
    total.cacheReadTokens += row.cacheReadTokens
    total.cacheWriteTokens += row.cacheWriteTokens
    total.credits += row.credits
    total.assumedCredits += row.assumedCredits
    if (row.source === 'none') total.unansweredRequests += row.requests
    else {
      total.tokensBySource[row.source] +=
        row.inputTokens + row.outputTokens + row.cacheReadTokens + row.cacheWriteTokens
    }
  }
  return total
}

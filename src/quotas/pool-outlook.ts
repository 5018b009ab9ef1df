/** How long the credits of all accounts together will last. Pure. */

export interface AccountOutlook {
  left: number
  limit: number | undefined
  /** When the plan's credits are renewed, in milliseconds since the epoch. */
  renewsAt: number | undefined
  /** As in the last seven days; undefined: not known, or nothing was spent. */
  creditsPerDay: number | undefined
}

export interface PoolOutlook {
  /** Accounts that are not disabled. */
  accounts: number
  /** Of them, those whose credits are known; the rest of this is about these. */
  known: number
  left: number
  limit: number
  /** Undefined: nothing was spent, or too little is known of it. */
  creditsPerDay: number | undefined
  /** Undefined: not before all are renewed, or nobody can say. */
  runsOutAt: number | undefined
  /** The first of the renewals to come. */
  renewsAt: number | undefined
}

const DAY_MS = 86_400_000

/**
 * Spends the credits of all accounts as if they were one's, at their common pace. Each renewal brings back what its account lacks
 * today; what it will lack by then is left out, so that the forecast is rather too early than too late.
 */
export function lookAhead(all: readonly AccountOutlook[], accounts: number, now: number): PoolOutlook {
  const left = sum(all.map((each) => each.left))
  const pace = sum(all.map(({ creditsPerDay = 0 }) => creditsPerDay))
  const renewals = all
    .flatMap(({ renewsAt, limit, left: own }) =>
      renewsAt === undefined || renewsAt <= now
        ? []
        : [{ at: renewsAt, brings: Math.max(0, (limit ?? own) - own) }],
    )
    .toSorted((a, b) => a.at - b.at)
  return {
    accounts,
    known: all.length,
    left,
    limit: sum(all.map((each) => each.limit ?? each.left)),
    creditsPerDay: pace > 0 ? pace : undefined,
    runsOutAt: pace > 0 && all.length > 0 ? spendAll(left, pace / DAY_MS, { renewals, now }) : undefined,
    renewsAt: renewals[0]?.at,
  }
}

/** `pace`: credits a millisecond. */
function spendAll(
  credits: number,
  pace: number,
  { renewals, now }: { renewals: readonly { at: number; brings: number }[]; now: number },
): number | undefined {
  let left = credits
  let at = now
  for (const { at: renewal, brings } of renewals) {
    const end = at + left / pace
    if (end <= renewal) return Math.round(end)
    left += brings - (renewal - at) * pace
    at = renewal
  }
  // After the last renewal nobody knows when the next ones come.
  return renewals.length > 0 ? undefined : Math.round(at + left / pace)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

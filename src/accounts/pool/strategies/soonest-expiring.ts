import type { Candidate, Strategy } from './strategy.ts'

/** Credits that lapse within a day of each other lapse together: else one account would serve everybody. */
const TOGETHER_MS = 86_400_000

/** Credits that would lapse first are used first; among accounts whose credits lapse together `within` chooses. */
export function preferSoonestExpiring(within: Strategy): Strategy {
  return (candidates, random) => {
    let soonest = Number.POSITIVE_INFINITY
    for (const candidate of candidates) {
      const end = endOf(candidate)
      if (end < soonest) soonest = end
    }
    if (soonest === Number.POSITIVE_INFINITY) return within(candidates, random)
    return within(
      candidates.filter((candidate) => endOf(candidate) <= soonest + TOGETHER_MS),
      random,
    )
  }
}

/** Where nothing is left, nothing lapses. */
function endOf({ quotaLeft, quotaEndsAt = Number.POSITIVE_INFINITY }: Candidate): number {
  return quotaLeft === 0 ? Number.POSITIVE_INFINITY : quotaEndsAt
}

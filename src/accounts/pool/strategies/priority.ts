import type { Candidate, Ranking, Strategy } from './strategy.ts'

/** Only those of the highest priority; among them `within` chooses. `isByChance`: without looking at them. */
export function createPriority(within: Strategy, { isByChance }: { isByChance: boolean }): Strategy {
  function choose<C extends Candidate>(candidates: readonly C[], random: () => number): C | undefined {
    let highest = Number.NEGATIVE_INFINITY
    let lowest = Number.POSITIVE_INFINITY
    for (const { account } of candidates) {
      const { priority } = account.settings
      if (priority > highest) highest = priority
      if (priority < lowest) lowest = priority
    }
    if (highest === lowest) return within(candidates, random)
    return within(
      candidates.filter(({ account }) => account.settings.priority === highest),
      random,
    )
  }

  return Object.assign(choose, {
    ranking: isByChance ? { tierOf: priorityOf, rate: () => 0 } : rankingWithin(within),
  })
}

const priorityOf = ({ account }: Candidate) => account.settings.priority

/** Undefined: it needs to look at all, or goes by more than ranks, which would not stay within the highest. */
function rankingWithin({ ranking }: Strategy): Ranking | undefined {
  if (ranking === undefined || ranking.chooseBefore !== undefined) return undefined
  return { ...ranking, tierOf: priorityOf }
}

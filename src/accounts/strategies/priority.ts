import type { Strategy } from './strategy.ts'

/** Only those of the highest priority; among them `within` chooses. */
export function createPriority(within: Strategy): Strategy {
  return (candidates, random) => {
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
}

import type { Candidate, Strategy } from './strategy.ts'

/**
 * Stride scheduling: each time an account is chosen it moves ahead by one over its weight, and the one furthest behind is
 * next. So turns are spread as evenly as can be, not only right on the average, and it does not matter that the
 * candidates are others each time: one that was away, or is new, gets one turn at once and no more to make up for it.
 * `weigh` answers 0 for one that gets a turn only when all weigh 0; these take turns alike.
 */
export function createTurns(weigh: (candidate: Candidate) => number): Strategy {
  let now = 0
  return (candidates) => {
    let next = furthestBehind(candidates)
    // Whether there are such is seen by this one alone: it has no turns, so it stays behind.
    if (next !== undefined && !(weigh(next) > 0)) {
      next = furthestBehind(candidates.filter((each) => weigh(each) > 0)) ?? next
    }
    if (next === undefined) return undefined
    now = Math.max(now, next.position)
    const weight = weigh(next)
    next.position = now + 1 / (weight > 0 ? weight : 1)
    return next
  }
}

function furthestBehind<C extends Candidate>(candidates: readonly C[]): C | undefined {
  let next = candidates[0]
  if (next === undefined) return undefined
  for (const candidate of candidates) if (candidate.position < next.position) next = candidate
  return next
}

import type { Candidate, Strategy } from './strategy.ts'

/**
 * Stride scheduling: each time an account is chosen it moves ahead by one over its weight, and the one furthest behind is
 * next. So turns are spread as evenly as can be, not only right on the average, and it does not matter that the
 * candidates are others each time: one that was away, or is new, gets one turn at once and no more to make up for it.
 * `weigh` answers more than 0.
 */
export function createTurns(weigh: (candidate: Candidate) => number): Strategy {
  let now = 0
  return (candidates) => {
    let next = candidates[0]
    if (next === undefined) return undefined
    for (const candidate of candidates) if (candidate.position < next.position) next = candidate
    now = Math.max(now, next.position)
    next.position = now + 1 / weigh(next)
    return next
  }
}

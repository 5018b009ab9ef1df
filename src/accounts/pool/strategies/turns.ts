import type { Candidate, Ranking, Strategy } from './strategy.ts'

/** Nobody has had so many turns. */
const LAST = 1e12

/**
 * Stride scheduling: each time an account is chosen it moves ahead by one over its weight, and the one furthest behind is
 * next. So turns are spread as evenly as can be, not only right on the average, and it does not matter that the
 * candidates are others each time: one that was away, or is new, gets one turn at once and no more to make up for it.
 * `weigh` answers 0 for one that gets a turn only when all weigh 0; these take turns alike.
 */
export function createTurns(weigh: (candidate: Candidate) => number): Strategy {
  let now = 0

  function noteChosen(chosen: Candidate): void {
    now = Math.max(now, chosen.position)
    const weight = weigh(chosen)
    chosen.position = now + 1 / (weight > 0 ? weight : 1)
  }

  function choose<C extends Candidate>(candidates: readonly C[]): C | undefined {
    let next = furthestBehind(candidates)
    // Whether there are such is seen by this one alone: it has no turns, so it stays behind.
    if (next !== undefined && !(weigh(next) > 0)) {
      next = furthestBehind(candidates.filter((each) => weigh(each) > 0)) ?? next
    }
    if (next !== undefined) noteChosen(next)
    return next
  }

  const ranking: Ranking = {
    rate: (each) => -(weigh(each) > 0 ? each.position : each.position + LAST),
    noteChosen,
  }
  return Object.assign(choose, { ranking })
}

function furthestBehind<C extends Candidate>(candidates: readonly C[]): C | undefined {
  let next = candidates[0]
  if (next === undefined) return undefined
  for (const candidate of candidates) if (candidate.position < next.position) next = candidate
  return next
}

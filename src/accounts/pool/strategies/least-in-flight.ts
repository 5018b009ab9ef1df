import { chooseBest } from './choose-best.ts'
import type { Candidate, Ranking, Strategy } from './strategy.ts'

const TRIES = 4

/** Most often some answer nothing: one of these, found by chance, saves looking at thousands, and is as fair. */
function findIdle<C extends Candidate>(candidates: readonly C[], random: () => number): C | undefined {
  for (let left = TRIES; left > 0; left -= 1) {
    const candidate = candidates[Math.floor(random() * candidates.length)]
    if (candidate?.leases === 0) return candidate
  }
  return undefined
}

function choose<C extends Candidate>(candidates: readonly C[], random: () => number): C | undefined {
  return findIdle(candidates, random) ?? chooseBest(candidates, ({ leases }) => -leases, random)
}

const ranking: Ranking = { rate: ({ leases }) => -leases, chooseBefore: findIdle }

export const chooseLeastInFlight: Strategy = Object.assign(choose, { ranking })

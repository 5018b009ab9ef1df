import { chooseBest } from './choose-best.ts'
import type { Strategy } from './strategy.ts'

const TRIES = 4

/** Most often some answer nothing: one of these, found by chance, saves looking at thousands, and is as fair. */
export const chooseLeastInFlight: Strategy = (candidates, random) => {
  for (let left = TRIES; left > 0; left -= 1) {
    const candidate = candidates[Math.floor(random() * candidates.length)]
    if (candidate?.leases === 0) return candidate
  }
  return chooseBest(candidates, ({ leases }) => -leases, random)
}

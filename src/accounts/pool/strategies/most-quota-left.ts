import { chooseBest } from './choose-best.ts'
import { chooseLeastInFlight } from './least-in-flight.ts'
import type { Candidate, Ranking, Strategy } from './strategy.ts'

/**
 * The most credits left for each request that it answers, this one included: a burst does not all fall on the richest
 * account. Accounts of which nothing is known get the share that they would get by chance: last they might lie idle for
 * ever, first they would serve alone.
 */
function choose<C extends Candidate>(candidates: readonly C[], random: () => number): C | undefined {
  let unknown = 0
  for (const { quotaLeft } of candidates) if (quotaLeft === undefined) unknown += 1
  const takesUnknown = unknown > 0 && random() * candidates.length < unknown
  return takesUnknown
    ? chooseLeastInFlight(
        candidates.filter(({ quotaLeft }) => quotaLeft === undefined),
        random,
      )
    : chooseBest(candidates, quotaForEach, random)
}

function quotaForEach({ quotaLeft = -1, leases }: Candidate): number {
  return quotaLeft / (leases + 1)
}

/** So many are drawn in search of one of which nothing is known and that answers few requests. */
const DRAWS = 8

/** Of one drawn by chance nothing is known as often as is the share of such; some more are drawn for the one that is least busy. */
function chooseUnknown<C extends Candidate>(candidates: readonly C[], random: () => number): C | undefined {
  const draw = () => candidates[Math.floor(random() * candidates.length)]
  let chosen = draw()
  if (chosen?.quotaLeft !== undefined) return undefined
  for (let left = DRAWS; left > 0 && chosen !== undefined && chosen.leases > 0; left -= 1) {
    const other = draw()
    if (other?.quotaLeft === undefined && other !== undefined && other.leases < chosen.leases) chosen = other
  }
  return chosen
}

const ranking: Ranking = {
  rate: quotaForEach,
  chooseBefore: chooseUnknown,
}

export const chooseMostQuotaLeft: Strategy = Object.assign(choose, { ranking })

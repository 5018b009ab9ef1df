import { chooseBest } from './choose-best.ts'
import { chooseLeastInFlight } from './least-in-flight.ts'
import type { Candidate, Strategy } from './strategy.ts'

/**
 * The most credits left for each request that it answers, this one included: a burst does not all fall on the richest
 * account. Accounts of which nothing is known get the share that they would get by chance: last they might lie idle for
 * ever, first they would serve alone.
 */
export const chooseMostQuotaLeft: Strategy = (candidates, random) => {
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

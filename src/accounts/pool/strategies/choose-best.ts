import type { Candidate } from './strategy.ts'

/** The candidate that rates highest; of several such, one by chance. Twice through the list costs less than a list of the best. */
export function chooseBest<C extends Candidate>(
  candidates: readonly C[],
  rate: (candidate: C) => number,
  random: () => number,
): C | undefined {
  let highest = Number.NEGATIVE_INFINITY
  let best = 0
  for (const candidate of candidates) {
    const rating = rate(candidate)
    if (rating > highest) {
      highest = rating
      best = 1
    } else if (rating === highest) best += 1
  }
  let skipped = Math.floor(random() * best)
  for (const candidate of candidates) {
    if (rate(candidate) !== highest) continue
    if (skipped === 0) return candidate
    skipped -= 1
  }
  return undefined
}

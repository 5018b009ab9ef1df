import type { Candidate } from './strategy.ts'

/** The candidate that rates highest; of several such, one by chance. */
export function chooseBest<C extends Candidate>(
  candidates: readonly C[],
  rate: (candidate: C) => number,
  random: () => number,
): C | undefined {
  let highest = Number.NEGATIVE_INFINITY
  let best: C[] = []
  for (const candidate of candidates) {
    const rating = rate(candidate)
    if (rating > highest) {
      highest = rating
      best = [candidate]
    } else if (rating === highest) best.push(candidate)
  }
  return best[Math.floor(random() * best.length)]
}

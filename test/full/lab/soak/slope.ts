/** How figures that were taken at even distances go up or down: hardly moved by some that are far off. */

/** By how much they rise from one to the next: the median of the slopes of all pairs (Theil and Sen). */
export function slopeOf(figures: readonly number[]): number {
  const slopes = figures.flatMap((figure, index) =>
    figures.slice(index + 1).map((later, distance) => (later - figure) / (distance + 1)),
  )
  return medianOf(slopes)
}

/** Of none, 0. */
export function medianOf(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other)
  const [lower = 0, upper = lower] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (lower + upper) / 2
}

/** The later half; of an odd number, without the one in the middle. */
export function laterHalf<Figure>(figures: readonly Figure[]): readonly Figure[] {
  return figures.slice(Math.ceil(figures.length / 2))
}

export function earlierHalf<Figure>(figures: readonly Figure[]): readonly Figure[] {
  return figures.slice(0, Math.floor(figures.length / 2))
}

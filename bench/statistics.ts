/** The value below which that share of all values lies; between two values, on the line between them. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  const position = share * (sorted.length - 1)
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) throw new RangeError('There is no percentile of nothing.')
  return below + (above - below) * (position - Math.floor(position))
}

export interface Summary {
  median: number
  lowest: number
  highest: number
}

export function summarise(values: readonly number[]): Summary {
  return { median: percentile(values, 0.5), lowest: percentile(values, 0), highest: percentile(values, 1) }
}

/**
 * The range that holds the median of what the values were drawn from, but for one time in ten at most, however they are spread: from the k-th
 * lowest to the k-th highest. Of fewer than five values that can be said of no range.
 */
export function medianRange(values: readonly number[]): { lowest: number; highest: number } | undefined {
  const sorted = values.toSorted((left, right) => left - right)
  const skipped = skippedAtEachEnd(sorted.length)
  const lowest = sorted[skipped]
  const highest = sorted.at(-1 - skipped)
  return lowest === undefined || highest === undefined ? undefined : { lowest, highest }
}

const MOST_BEYOND_EACH_END = 0.05

/** That no more than `skipped` of so many fall below the median is what a coin says. -1: not even none. */
function skippedAtEachEnd(count: number): number {
  let chance = 0.5 ** count
  let skipped = -1
  for (let sum = chance; sum <= MOST_BEYOND_EACH_END; sum += chance) {
    skipped += 1
    chance *= (count - skipped) / (skipped + 1)
  }
  return skipped
}

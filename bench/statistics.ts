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

/**
 * How long first tokens took, as a histogram that can be added up: bins on a logarithmic scale, three to a doubling, so that
 * a percentile is off by an eighth at most.
 */

/** So many of a bin. */
export type Bins = Map<number, number>

/** Up to here all is one bin. */
const FIRST_MS = 20
const PER_DOUBLING = 3
/** Some five minutes: what takes longer is in it. */
const LAST_BIN = 42

export function binOf(milliseconds: number): number {
  if (milliseconds <= FIRST_MS) return 0
  return Math.min(LAST_BIN, Math.ceil(Math.log2(milliseconds / FIRST_MS) * PER_DOUBLING))
}

/** One more that took so long. */
export function countIn(bins: Bins, milliseconds: number): void {
  const bin = binOf(milliseconds)
  bins.set(bin, (bins.get(bin) ?? 0) + 1)
}

export function addBins(to: Bins, more: ReadonlyMap<number, number>): void {
  for (const [bin, count] of more) to.set(bin, (to.get(bin) ?? 0) + count)
}

/** In whole milliseconds; null: nothing was counted. `share`: 0.5 for the median. */
export function percentileOf(bins: ReadonlyMap<number, number>, share: number): number | null {
  const sorted = [...bins].toSorted(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (total <= 0) return null
  let wanted = total * share
  for (const [bin, count] of sorted) {
    if (wanted <= count) return Math.round(FIRST_MS * 2 ** ((bin - 1 + wanted / count) / PER_DOUBLING))
    wanted -= count
  }
  return Math.round(FIRST_MS * 2 ** (LAST_BIN / PER_DOUBLING))
}

/** How long requests took, in the shares that are told of. Pure. */
import { percentileOf, type Bins } from './latency-bins.ts'

/** In whole milliseconds; null: no answer began, or none was finished. */
export interface LatencyPercentiles {
  firstTokenP50Ms: number | null
  firstTokenP95Ms: number | null
  firstTokenP99Ms: number | null
  totalP50Ms: number | null
  totalP95Ms: number | null
  totalP99Ms: number | null
}

export interface LatencyBins {
  firstTokens: Bins
  /** How long whole answers took. */
  durations: Bins
}

export function percentilesOf({ firstTokens, durations }: LatencyBins): LatencyPercentiles {
  return {
    firstTokenP50Ms: percentileOf(firstTokens, 0.5),
    firstTokenP95Ms: percentileOf(firstTokens, 0.95),
    firstTokenP99Ms: percentileOf(firstTokens, 0.99),
    totalP50Ms: percentileOf(durations, 0.5),
    totalP95Ms: percentileOf(durations, 0.95),
    totalP99Ms: percentileOf(durations, 0.99),
  }
}

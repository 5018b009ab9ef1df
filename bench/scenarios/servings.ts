import { percentile } from '../statistics.ts'

/** By one clock. */
export interface SentToken {
  sentAt: number
  latencyMs: number
}

/** What the gateway does for pages before the first of them has got something: reading how it stands. */
const LEAD_MS = 20
/** And what was kept waiting meanwhile is then caught up with. */
const TRAIL_MS = 20

/**
 * The latency that one token of a hundred exceeds, divided by the same of those that were sent while no page was served. `servedAt`: when
 * pages got something, in order. Throws where no token was sent at such a time, or all were.
 */
export function p99WithServings(tokens: readonly SentToken[], servedAt: readonly number[]): number {
  const apart = tokens.filter(({ sentAt }) => !isServed(servedAt, sentAt))
  if (apart.length === tokens.length) throw new RangeError('No token was sent while pages were served.')
  return p99Of(tokens) / p99Of(apart)
}

function isServed(servedAt: readonly number[], moment: number): boolean {
  return servedAt.some((at) => at - LEAD_MS <= moment && moment <= at + TRAIL_MS)
}

function p99Of(tokens: readonly SentToken[]): number {
  return percentile(
    tokens.map(({ latencyMs }) => latencyMs),
    0.99,
  )
}

/** The headers by which OpenAI's clients pace themselves. */

const limited = ['requests', 'tokens'] as const

export const rateHeaderNames: readonly string[] = limited.flatMap((what) =>
  ['limit', 'remaining', 'reset'].map((each) => `x-ratelimit-${each}-${what}`),
)

interface Standing {
  what: (typeof limited)[number]
  limit: number
  remaining: number
  /** Until all of it is there again. */
  resetMs: number
}

export function writeRateHeaders({ what, limit, remaining, resetMs }: Standing): Record<string, string> {
  return {
    [`x-ratelimit-limit-${what}`]: String(limit),
    [`x-ratelimit-remaining-${what}`]: String(Math.max(0, Math.floor(remaining))),
    [`x-ratelimit-reset-${what}`]: writeDuration(resetMs),
  }
}

/** As OpenAI writes it: `6h5m4s`, `250ms`. */
function writeDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.ceil(milliseconds)}ms`
  const seconds = Math.ceil(milliseconds / 1000)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return `${hours > 0 ? `${hours}h` : ''}${hours + minutes > 0 ? `${minutes}m` : ''}${seconds % 60}s`
}

/** What operators have switched on: which calls have their bodies kept, and until when. One rule of each scope at a time. */

export const captureScopes = ['key', 'all', 'errors'] as const
export type CaptureScope = (typeof captureScopes)[number]

export interface CaptureRule {
  scope: CaptureScope
  /** With the scope `key` alone. */
  keyId?: string
  /** Milliseconds since the epoch. */
  startedAt: number
  endsAt: number
}

export interface CountedRule extends CaptureRule {
  captured: number
  /** Calls that it was about, and of which nothing could be kept: there were too many at once. */
  dropped: number
}

/** Rules that have not ended; undefined: there is none, and that is all that a request asks. */
export type RulesInForce = readonly CaptureRule[] | undefined

/** The rule that a call comes under. One for errors alone is the last that is asked. */
export function findRule(
  rules: readonly CaptureRule[],
  { keyId, now }: { keyId: string | undefined; now: number },
): CaptureRule | undefined {
  const matching = rules.filter(
    (rule) => rule.endsAt > now && (rule.scope !== 'key' || (keyId !== undefined && rule.keyId === keyId)),
  )
  return captureScopes.flatMap((scope) => matching.find((rule) => rule.scope === scope) ?? [])[0]
}

/** What a reading says about an account that counts as used up. Pure. */
import { creditsLeft, isExhausted, overageLeft, resetsAt, type Quota } from '../accounts/quota.ts'
import type { Outcome } from '../accounts/standing/after-outcome.ts'

/**
 * Undefined: nothing that would change its status. Credits that were there before the service refused it prove nothing:
 * some refusals are about a day, or come before the figures follow. Only more than before is a renewal.
 */
export function concludeFrom(
  before: Quota | undefined,
  after: Quota,
  now: number,
): Extract<Outcome, { kind: 'quota-read' }> | undefined {
  const left = spendable(after, now)
  if (left === undefined) return undefined
  if (left > 0) {
    const had = before && spendable(before, before.readAt.getTime())
    return had === undefined || left > had ? { kind: 'quota-read' } : undefined
  }
  const reset = resetsAt(after)
  const isDated = isExhausted(after, now) && reset !== undefined && reset.getTime() > now
  return isDated ? { kind: 'quota-read', exhaustedUntil: reset } : undefined
}

function spendable(quota: Quota, now: number): number | undefined {
  const left = creditsLeft(quota, now)
  return left === undefined ? undefined : left + overageLeft(quota)
}

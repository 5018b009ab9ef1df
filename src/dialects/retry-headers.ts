import { policyOf, type Failure } from '../conversation/failures.ts'

/** Whoever is told to wait longer waits for days in silence, as some agents do, instead of saying what is wrong. */
const LONGEST_WAIT_SECONDS = 600

/**
 * Headers that tell SDKs when, and whether, to try again. Both vendors' SDKs obey `x-should-retry` over the status;
 * on a plain 400 they do not retry anyway. No `retry-after-ms`, which only they know: what we know
 * is in whole seconds, and they take `retry-after` likewise.
 */
export function createRetryHeaders(failure: Failure, status: number): Record<string, string> {
  const headers: Record<string, string> = {}
  const { retryAfterSeconds: wait } = failure
  const { heals } = policyOf(failure.kind)
  if (wait !== undefined && (heals || wait <= LONGEST_WAIT_SECONDS)) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(wait)))
  }
  if (!heals && status >= 401) headers['x-should-retry'] = 'false'
  return headers
}

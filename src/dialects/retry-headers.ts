import { policyOf, type Failure } from '../conversation/failures.ts'

/**
 * Headers that tell SDKs when, and whether, to try again. Both vendors' SDKs obey `x-should-retry` over the status;
 * on a plain 400 they do not retry anyway. No `retry-after-ms`, which only they know: what we know
 * is in whole seconds, and they take `retry-after` likewise.
 */
export function createRetryHeaders(failure: Failure, status: number): Record<string, string> {
  const headers: Record<string, string> = {}
  if (failure.retryAfterSeconds !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(failure.retryAfterSeconds)))
  }
  if (!policyOf(failure.kind).heals && status >= 401) headers['x-should-retry'] = 'false'
  return headers
}

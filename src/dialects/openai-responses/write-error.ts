import type { Failure } from '../../conversation/failures.ts'
import type { ErrorReply, RequestHeaders } from '../dialect.ts'
import { writeOpenaiError } from '../openai-error.ts'
import { isWorthWaiting } from './codex-patience.ts'
import { isCodex } from './is-codex.ts'

/**
 * Codex tries 401, 404 and 5xx again, up to 30 times within half a minute, and hides what a 429 says. A 400 ends its turn
 * with our words. It knows 429 for a quota alone.
 */
export function writeError(failure: Failure, requestId: string, headers: RequestHeaders = {}): ErrorReply {
  const error = writeOpenaiError(failure, requestId)
  const isFinal = !isWorthWaiting(failure) && !isQuota(failure)
  return isFinal && isCodex(headers) ? { ...error, status: 400 } : error
}

function isQuota({ kind }: Failure): boolean {
  return kind === 'quota' || kind === 'allowance-spent'
}

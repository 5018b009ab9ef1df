import type { JsonObject } from '../../conversation/conversation.ts'
import { policyOf, type Failure } from '../../conversation/failures.ts'
import { writeOpenaiMessage } from '../openai-error.ts'
import { isWorthWaiting } from './codex-patience.ts'

/** What Codex and the SDKs know by their codes; every other failure is one of these to them. */
const KNOWN_CODES = new Set(['context_length_exceeded', 'insufficient_quota'])
/** Codex waits for a time that it is told, else not even a second. */
const USUAL_WAIT_SECONDS = 5

/** The `error` of a response that failed while it was streamed. */
export function writeFailure(failure: Failure, isCodex: boolean): JsonObject {
  const code = codeOf(failure, isCodex)
  const message = writeOpenaiMessage(failure)
  if (code !== RATE_LIMIT) return { code, message }
  const seconds = Math.max(1, Math.ceil(failure.retryAfterSeconds ?? USUAL_WAIT_SECONDS))
  return { code, message: `${message} Please try again in ${seconds}s.` }
}

const RATE_LIMIT = 'rate_limit_exceeded'

function codeOf(failure: Failure, isCodex: boolean): string {
  const { heals, openai } = policyOf(failure.kind)
  if (KNOWN_CODES.has(openai.code)) return openai.code
  // The one code that ends a turn of Codex with the message; others it tries again.
  if (isCodex && !isWorthWaiting(failure)) return 'invalid_prompt'
  // The one code with which Codex heeds a time.
  if (openai.code === RATE_LIMIT || (isCodex && failure.retryAfterSeconds !== undefined)) return RATE_LIMIT
  return heals ? 'server_error' : (failure.code ?? openai.code)
}

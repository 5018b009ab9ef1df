import type { JsonObject } from '../../conversation/conversation.ts'
import { policyOf, type Failure } from '../../conversation/failures.ts'
import type { ErrorReply } from '../dialect.ts'
import { createRetryHeaders } from '../retry-headers.ts'
import { THREAD_NOT_FOUND } from './thread.ts'

/** Claude Code compacts the conversation when an error begins with these words. */
const TOO_LONG_MARK = 'prompt is too long'

export function writeError(failure: Failure, requestId: string): ErrorReply {
  const { status } = policyOf(failure.kind).anthropic
  return {
    status,
    headers: { 'request-id': requestId, ...createRetryHeaders(failure, status) },
    body: writeErrorBody(failure, requestId),
  }
}

/** The error envelope, the same in an HTTP answer and in a stream. */
export function writeErrorBody(failure: Failure, requestId: string): JsonObject {
  return {
    type: 'error',
    error: {
      type: policyOf(failure.kind).anthropic.type,
      message: writeMessage(failure),
      ...(failure.code === THREAD_NOT_FOUND && { details: { error_code: THREAD_NOT_FOUND } }),
    },
    request_id: requestId,
  }
}

function writeMessage({ kind, message }: Failure): string {
  if (kind !== 'context-too-long' || message.startsWith(TOO_LONG_MARK)) return message
  return `${TOO_LONG_MARK}: ${message}`
}

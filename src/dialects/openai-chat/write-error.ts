import type { JsonObject } from '../../conversation/conversation.ts'
import { policyOf, type Failure } from '../../conversation/failures.ts'
import type { ErrorReply } from '../dialect.ts'
import { createRetryHeaders } from '../retry-headers.ts'

export function writeError(failure: Failure, requestId: string): ErrorReply {
  const { status } = policyOf(failure.kind).openai
  return {
    status,
    headers: { 'x-request-id': requestId, ...createRetryHeaders(failure, status) },
    body: writeErrorBody(failure),
  }
}

/** The error envelope, the same in an HTTP answer and in a stream. */
export function writeErrorBody(failure: Failure): JsonObject {
  const { type, code } = policyOf(failure.kind).openai
  return {
    error: {
      message: failure.message,
      type,
      param: failure.field ?? null,
      code: failure.code ?? code,
    },
  }
}

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
      message: writeMessage(failure),
      type,
      param: failure.field ?? null,
      code: failure.code ?? code,
    },
  }
}

/** In OpenAI's own words where clients look for them: by these they know that they must compact, and by how much. */
function writeMessage({ message, overflow }: Failure): string {
  if (overflow === undefined) return message
  const { promptTokens, maximumTokens } = overflow
  return `This model's maximum context length is ${maximumTokens} tokens. However, your messages resulted in ${promptTokens} tokens. Please reduce the length of the messages. (The count is an estimate.)`
}

/** Errors as all of OpenAI's APIs tell them. */
import type { JsonObject } from '../conversation/conversation.ts'
import { policyOf, type Failure } from '../conversation/failures.ts'
import type { ErrorReply } from './dialect.ts'
import { createRetryHeaders } from './retry-headers.ts'

export function writeOpenaiError(failure: Failure, requestId: string): ErrorReply {
  const { status } = policyOf(failure.kind).openai
  return {
    status,
    headers: { 'x-request-id': requestId, ...createRetryHeaders(failure, status) },
    body: writeOpenaiErrorBody(failure),
  }
}

/** The error envelope, the same in an HTTP answer and in a stream. */
export function writeOpenaiErrorBody(failure: Failure): JsonObject {
  const { type, code } = policyOf(failure.kind).openai
  return {
    error: {
      message: writeOpenaiMessage(failure),
      type,
      param: failure.field ?? null,
      code: failure.code ?? code,
    },
  }
}

/** In OpenAI's own words where clients look for them: by these they know that they must compact, and by how much. */
export function writeOpenaiMessage({ message, overflow }: Failure): string {
  if (overflow === undefined) return message
  const { promptTokens, maximumTokens } = overflow
  return `This model's maximum context length is ${maximumTokens} tokens. However, your messages resulted in ${promptTokens} tokens. Please reduce the length of the messages. (The count is an estimate.)`
}

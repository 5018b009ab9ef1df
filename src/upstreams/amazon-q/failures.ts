/** The only reader of the service's errors: a response that is no answer, or an exception in the stream. */

import { GatewayError } from '../../conversation/failures.ts'
import type { FailureKind, Overflow } from '../../conversation/failures.ts'
import { isAboutBuilderIds, kindOf, refusalOf } from './failure-rules.ts'
import type { Evidence } from './failure-rules.ts'
import type { PromptSize } from './prompt-size.ts'
import { complaint } from './schema.ts'
import type { Complaint } from './schema.ts'
import { quoteServiceWords } from './service-words.ts'

/** Header names are in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

interface FailedResponse {
  status: number
  headers: ResponseHeaders
  /** As received; often JSON, sometimes HTML, at times cut or empty. */
  body: string
  /** Milliseconds since the epoch. */
  now: number
  prompt: PromptSize
  /** How large the request was, and about how much its model takes: an oversized one is refused without a reason. */
  requestBytes: number
  softLimitBytes: number
}

interface StreamException {
  /** `:exception-type` or `:error-code`. */
  name: string
  /** `:error-message`, of which the payload may know more. */
  errorMessage?: string
  /** JSON or nothing. */
  payload: Uint8Array
  /** Milliseconds since the epoch. */
  now: number
  prompt: PromptSize
  /** The service's id of the request, for the log. */
  requestId?: string
}

const NEARLY_FULL = 0.8
const MOST_ID_CHARACTERS = 64
const MS_PER_HOUR = 3_600_000
const MS_PER_DAY = 24 * MS_PER_HOUR

export function classifyResponse(response: FailedResponse): GatewayError {
  const { status, headers, now, prompt } = response
  const body = parseComplaint(response.body)
  const { code, __type: type } = body
  const evidence: Evidence = {
    name: withoutNamespace(headerText(headers, 'x-amzn-errortype') ?? code ?? type ?? ''),
    reason: body.reason ?? '',
    message: body.message ?? body.Message ?? '',
    status,
  }
  const kind = isSilentlyTooLong(evidence, response) ? 'context-too-long' : kindOf(evidence)
  const requestId = headerText(headers, 'x-amzn-requestid')
  return describe(kind, evidence, { now, prompt, requestId, waitMs: toldWaitMs(body, headers, now) })
}

export function classifyException(exception: StreamException): GatewayError {
  const { now, prompt, requestId, errorMessage = '' } = exception
  const body = parseComplaint(Buffer.from(exception.payload).toString())
  const evidence: Evidence = {
    name: withoutNamespace(exception.name),
    reason: body.reason ?? '',
    message: body.message ?? body.Message ?? errorMessage,
  }
  return describe(kindOf(evidence), evidence, { now, prompt, requestId, waitMs: toldWaitMs(body, {}, now) })
}

/** Whether the service says that it knows no profiles for a Builder ID, which is an answer, not a failure. */
export function refusesBuilderIds(answer: { status: number; body: string }): boolean {
  const { message, Message } = parseComplaint(answer.body)
  return answer.status !== 200 && isAboutBuilderIds(message ?? Message ?? '')
}

/** First value of a header. */
export function headerText(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** `com.amazon.aws#ThrottlingException:http://…` → `ThrottlingException` */
function withoutNamespace(name: string): string {
  return name
    .replace(/^[^#]*#/, '')
    .replace(/:.*$/s, '')
    .trim()
}

function parseComplaint(body: string): Complaint {
  try {
    return complaint.catch({}).parse(JSON.parse(body))
  } catch {
    // HTML or plain text by some proxy on the way: the status has to do.
    return {}
  }
}

/** A request beyond the size limit gets the same words as one with a fault, so its size decides (protocol 5.3, D8). */
function isSilentlyTooLong(evidence: Evidence, { requestBytes, softLimitBytes }: FailedResponse): boolean {
  return (
    kindOf(evidence) === 'invalid-request' &&
    /^improperly formed request/i.test(evidence.message) &&
    requestBytes > NEARLY_FULL * softLimitBytes
  )
}

/** How long the service wants to be left alone. */
function toldWaitMs(body: Complaint, headers: ResponseHeaders, now: number): number | undefined {
  if (body.retryAfterMilliseconds != null) return body.retryAfterMilliseconds
  const header = headerText(headers, 'retry-after')
  if (header === undefined) return undefined
  const waitMs = /^\s*\d+\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined
}

/** Days end at midnight UTC; at least an hour, as clocks differ. */
function msUntilTomorrow(now: number): number {
  return Math.max(MS_PER_HOUR, MS_PER_DAY - (now % MS_PER_DAY))
}

interface Circumstances {
  now: number
  prompt: PromptSize
  requestId: string | undefined
  waitMs: number | undefined
}

function describe(kind: FailureKind, evidence: Evidence, circumstances: Circumstances): GatewayError {
  const { now, prompt, requestId } = circumstances
  const words = quoteServiceWords(evidence.message)
  const { status = 'exception', name, reason } = evidence
  // A kind that was decided by the size of the request is not mended by another form of it.
  const refusal = kind === kindOf(evidence) ? refusalOf(evidence) : undefined
  const tomorrowMs = reason === 'DAILY_REQUEST_COUNT' ? msUntilTomorrow(now) : undefined
  const waitMs = circumstances.waitMs ?? tomorrowMs
  const id = requestId === undefined ? '' : `(request ${requestId.slice(0, MOST_ID_CHARACTERS)})`
  const known = [status, name, reason, words, id].filter((part) => part !== '')
  return new GatewayError(kind, clientMessage(kind, words, prompt), {
    ...(waitMs !== undefined && { retryAfterSeconds: Math.ceil(waitMs / 1_000) }),
    ...(refusal !== undefined && { refusal }),
    ...(kind === 'context-too-long' && { overflow: overflowOf(prompt) }),
    ...(waitMs !== undefined && kind === 'quota' && { resetsAt: new Date(now + waitMs) }),
    ...(evidence.status !== undefined && {
      answered: { status: evidence.status, ...(requestId !== undefined && { requestId }) },
    }),
    cause: new Error(`Amazon Q: ${known.join(' ')}`),
  })
}

/** The service's words are shown where they say what to do; elsewhere only the log has them. */
function clientMessage(kind: FailureKind, words: string, prompt: PromptSize): string {
  if (kind === 'context-too-long') return tooLongMessage(prompt)
  const message = messages[kind] ?? 'Amazon Q failed to answer. Send the request again.'
  const isHelpful = kind === 'suspended' || kind === 'feature-gated' || kind === 'invalid-request'
  return isHelpful && words !== '' ? `${message} Its words: ${words}` : message
}

/** The service has found the prompt too long, so when our count is below the maximum it is the count that is wrong. */
function overflowOf({ tokens, contextWindowTokens }: PromptSize): Overflow {
  return { promptTokens: Math.max(tokens, contextWindowTokens + 1), maximumTokens: contextWindowTokens }
}

/** Begins with the words and numbers by which coding agents know that they must compact, and by how much. */
function tooLongMessage(prompt: PromptSize): string {
  const { promptTokens, maximumTokens } = overflowOf(prompt)
  return `prompt is too long: ${promptTokens} tokens > ${maximumTokens} maximum (the count is an estimate). Shorten or compact the conversation, or choose a model with a larger context window.`
}

const messages: Partial<Record<FailureKind, string>> = {
  'invalid-request': 'Amazon Q does not accept this request.',
  'model-not-found':
    'Amazon Q does not offer this model to the account in use. Choose another model, or an account whose plan has it.',
  'token-expired':
    "Amazon Q did not accept the account's access token. If this goes on, sign the account in again.",
  'access-denied':
    "Amazon Q refused the account. Its operator should check the account's subscription, profile, region and channel.",
  suspended: 'Amazon Q has suspended the account. Only its holder can settle that, with AWS support.',
  'feature-gated': 'Amazon Q does not let the account use this service.',
  throttled: 'Amazon Q limits how much the account may ask. Wait before you send the request again.',
  capacity:
    'Amazon Q has no capacity left for this model at the moment. Send the request again later, or choose another model.',
  quota:
    "The account's quota at Amazon Q is used up. Use another account, or wait until the quota is renewed.",
  'upstream-timeout': 'Amazon Q took too long to answer. Send the request again.',
}

/** The only reader of the service's errors: a response that is no answer, or an exception in the stream. */

import { GatewayError } from '../../conversation/failures.ts'
import type { FailureKind } from '../../conversation/failures.ts'
import { kindOf } from './failure-rules.ts'
import type { Evidence } from './failure-rules.ts'
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
  /** How large the request was, and about how much its model takes: an oversized one is refused without a reason. */
  requestBytes: number
  softLimitBytes: number
}

interface StreamException {
  /** `:exception-type` or `:error-code`. */
  name: string
  message: string
  reason?: string
}

const NEARLY_FULL = 0.8
const SECONDS_PER_HOUR = 3_600
const SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR

export function classifyResponse(response: FailedResponse): GatewayError {
  const body = parseComplaint(response.body)
  const { code, __type: type } = body
  const name = headerText(response.headers, 'x-amzn-errortype') ?? code ?? type ?? ''
  const evidence: Evidence = {
    name: withoutNamespace(name),
    reason: body.reason ?? '',
    message: body.message ?? body.Message ?? '',
    status: response.status,
  }
  const kind = isSilentlyTooLong(evidence, response) ? 'context-too-long' : kindOf(evidence)
  return describe(kind, evidence, retryAfterSeconds(response, body))
}

export function classifyException({ name, message, reason = '' }: StreamException): GatewayError {
  const evidence = { name: withoutNamespace(name), reason, message }
  return describe(kindOf(evidence), evidence, undefined)
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

function retryAfterSeconds({ headers, now }: FailedResponse, body: Complaint): number | undefined {
  if (body.retryAfterMilliseconds != null) return Math.ceil(body.retryAfterMilliseconds / 1_000)
  const header = headerText(headers, 'retry-after')
  if (header !== undefined) {
    const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000
    if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds))
  }
  if (body.reason !== 'DAILY_REQUEST_COUNT') return undefined
  // Days end at midnight UTC; at least an hour, as clocks differ.
  const secondsToday = Math.floor(now / 1_000) % SECONDS_PER_DAY
  return Math.max(SECONDS_PER_HOUR, SECONDS_PER_DAY - secondsToday)
}

function describe(kind: FailureKind, evidence: Evidence, wait: number | undefined): GatewayError {
  const words = quoteServiceWords(evidence.message)
  const { status = 'exception', name, reason } = evidence
  return new GatewayError(kind, clientMessage(kind, words), {
    ...(wait !== undefined && { retryAfterSeconds: wait }),
    cause: new Error(`Amazon Q: ${[status, name, reason, words].filter((part) => part !== '').join(' ')}`),
  })
}

/** The service's words are shown where they say what to do; elsewhere only the log has them. */
function clientMessage(kind: FailureKind, words: string): string {
  const message = messages[kind] ?? 'Amazon Q failed to answer. Send the request again.'
  const isHelpful = kind === 'suspended' || kind === 'feature-gated' || kind === 'invalid-request'
  return isHelpful && words !== '' ? `${message} Its words: ${words}` : message
}

const messages: Partial<Record<FailureKind, string>> = {
  'invalid-request': 'Amazon Q does not accept this request.',
  'context-too-long':
    'The prompt is too long for this model. Shorten or compact the conversation, or choose a model with a larger context window.',
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

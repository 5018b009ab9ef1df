/** What the service's complaints mean: by exception name, then reason, then message, status last (protocol 5). */

import type { FailureKind, Refusal } from '../../conversation/failures.ts'

/** What is known of a failed request. `name` as the service spelled it; empty texts stand for what is missing. */
export interface Evidence {
  name: string
  reason: string
  message: string
  /** Absent for an exception in the stream. */
  status?: number
}

/** What an exception is about; names and statuses lead here, reasons and messages refine it. */
type Family =
  | 'request'
  | 'length'
  | 'token'
  | 'access'
  | 'set-up'
  | 'rate'
  | 'quota'
  | 'server'
  | 'server-slow'

const kindOfFamily: Record<Family, FailureKind> = {
  request: 'invalid-request',
  length: 'context-too-long',
  token: 'token-expired',
  access: 'access-denied',
  'set-up': 'access-denied',
  rate: 'throttled',
  quota: 'quota',
  server: 'upstream-unavailable',
  'server-slow': 'upstream-timeout',
}

/** Names in lower case, without namespace and without `Exception` or `Error`. */
const familyOfName: ReadonlyMap<string, Family> = new Map([
  ['validation', 'request'],
  ['serialization', 'request'],
  // Only ever sent after a dry run, which nobody asks for.
  ['dryrunoperation', 'request'],
  ['contentlengthexceeded', 'length'],
  ['expiredtoken', 'token'],
  ['invalidtoken', 'token'],
  ['missingauthenticationtoken', 'token'],
  ['unrecognizedclient', 'token'],
  ['accessdenied', 'access'],
  ['conflict', 'set-up'],
  ['resourcenotfound', 'set-up'],
  ['unknownoperation', 'set-up'],
  ['unsupportedmediatype', 'set-up'],
  ['throttling', 'rate'],
  ['toomanyrequests', 'rate'],
  ['servicequotaexceeded', 'quota'],
  ['internalserver', 'server'],
  ['internalfailure', 'server'],
  ['serviceunavailable', 'server'],
  ['requesttimeout', 'server-slow'],
])

const familyOfStatus: ReadonlyMap<number, Family> = new Map([
  [400, 'request'],
  [401, 'token'],
  [402, 'quota'],
  [403, 'access'],
  [404, 'set-up'],
  [405, 'set-up'],
  [408, 'server-slow'],
  [409, 'set-up'],
  [413, 'length'],
  [415, 'set-up'],
  [429, 'rate'],
  [504, 'server-slow'],
])

/** Reasons that say more than the exception they come with. Others leave it at the family. */
const kindOfReason: ReadonlyMap<string, FailureKind> = new Map([
  ['FEATURE_NOT_SUPPORTED', 'feature-gated'],
  ['TEMPORARILY_SUSPENDED', 'suspended'],
  // The keys with which the account's organisation encrypts what its members send.
  ['INVALID_KMS_GRANT', 'access-denied'],
  ['CUSTOMER_KMS_KEY_DISABLED', 'access-denied'],
  ['CUSTOMER_KMS_KEY_INVALID_KEY_POLICY', 'access-denied'],
  ['MISMATCHED_KMS_KEY', 'access-denied'],
  ['MODEL_TEMPORARILY_UNAVAILABLE', 'capacity'],
  ['INSUFFICIENT_MODEL_CAPACITY', 'capacity'],
  ['INSUFFICIENT_THROUGHPUT', 'capacity'],
  ['SERVICE_REQUEST_RATE_EXCEEDED', 'capacity'],
  ['USER_REQUEST_RATE_EXCEEDED', 'throttled'],
  ['CREDIT_CONSUMPTION_RATE_EXCEEDED', 'throttled'],
  // Comes with the time of its end, unlike the others.
  ['DAILY_REQUEST_COUNT', 'quota'],
  ['MONTHLY_REQUEST_COUNT', 'quota'],
  ['OVERAGE_REQUEST_LIMIT_EXCEEDED', 'quota'],
  ['CONVERSATION_LIMIT_EXCEEDED', 'invalid-request'],
  ['CONTENT_LENGTH_EXCEEDS_THRESHOLD', 'context-too-long'],
  ['PROMPT_TOO_LONG', 'context-too-long'],
  ['INVALID_MODEL_ID', 'model-not-found'],
])

interface MessageRule {
  pattern: RegExp
  kind: FailureKind
  /** A message is believed only within these: elsewhere it may quote the client's own words. */
  families: readonly Family[]
}

const messageRules: readonly MessageRule[] = [
  {
    pattern: /(input|prompt) is too long|max chat context length|length limit exceeded/i,
    kind: 'context-too-long',
    families: ['request', 'length'],
  },
  { pattern: /^invalid model/i, kind: 'model-not-found', families: ['request'] },
  { pattern: /profileArn is required/i, kind: 'access-denied', families: ['request'] },
  { pattern: /^maximum request reached for this month/i, kind: 'quota', families: ['request', 'rate'] },
  {
    pattern: /bearer token .{0,200}(invalid|expired)/i,
    kind: 'token-expired',
    families: ['access', 'request'],
  },
  { pattern: /\bsuspended\b|locked your account/i, kind: 'suspended', families: ['access'] },
  {
    pattern: /high traffic|unexpectedly high load/i,
    kind: 'capacity',
    families: ['rate', 'server', 'request'],
  },
]

/** The kind of a failure. What nobody knows is the service's own fault. */
export function kindOf(evidence: Evidence): FailureKind {
  const family = familyOf(evidence)
  const byReason = kindOfReason.get(evidence.reason)
  if (byReason !== undefined) return byReason
  const rule = messageRules.find(
    ({ pattern, families }) => families.includes(family) && pattern.test(evidence.message),
  )
  return rule?.kind ?? kindOfFamily[family]
}

interface RefusalRule {
  refusal: Refusal
  kind: FailureKind
  /** As the service spells it. */
  name?: string
  reason?: string
  message?: RegExp
}

const aboutTheRequest = { kind: 'invalid-request' } as const
const BUILDER_ID_MESSAGE = /builder id is not supported/i

export function isAboutBuilderIds(message: string): boolean {
  return BUILDER_ID_MESSAGE.test(message)
}

/** The first that fits counts. A reason that is not here names a fault that no form of the request would mend. */
const refusalRules: readonly RefusalRule[] = [
  { refusal: 'tool-schema', ...aboutTheRequest, reason: 'TOOL_SCHEMA_INVALID' },
  { refusal: 'earlier-thinking', ...aboutTheRequest, reason: 'THINKING_SIGNATURE_INVALID' },
  {
    refusal: 'model-fields',
    ...aboutTheRequest,
    message: /^additionalModelRequestFields\b|is not defined in the schema/i,
  },
  { refusal: 'unexplained', ...aboutTheRequest, message: /^improperly formed request/i },
  { refusal: 'unexplained', ...aboutTheRequest, reason: 'REQUEST_BODY_INVALID' },
  { refusal: 'profile', kind: 'access-denied', reason: '', message: /profileArn|not authorized/i },
  { refusal: 'profile', kind: 'access-denied', reason: '', message: BUILDER_ID_MESSAGE },
  // A profile that is gone.
  { refusal: 'profile', kind: 'access-denied', name: 'ResourceNotFoundException' },
]

/** What was refused about a request. Undefined when the service says so and no other form, and no other profile, would help. */
export function refusalOf(evidence: Evidence): Refusal | undefined {
  const failed = kindOf(evidence)
  return refusalRules.find(
    ({ kind, name, reason, message }) =>
      kind === failed &&
      (name === undefined || name === evidence.name) &&
      (reason === undefined || reason === evidence.reason) &&
      (message === undefined || message.test(evidence.message)),
  )?.refusal
}

function familyOf({ name, status }: Evidence): Family {
  const known = familyOfName.get(name.toLowerCase().replace(/(exception|error)$/, ''))
  if (known !== undefined) return known
  if (status === undefined) return 'server'
  return familyOfStatus.get(status) ?? (status >= 400 && status < 500 ? 'request' : 'server')
}

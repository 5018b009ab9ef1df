import { describe, expect, it } from 'vitest'
import type { FailureKind, GatewayError, Refusal } from '../../conversation/failures.ts'
import { classifyException, classifyResponse } from './failures.ts'
import type { ResponseHeaders } from './failures.ts'

const NOON = Date.parse('2026-11-22T12:00:00Z')

interface Answer {
  status?: number
  headers?: ResponseHeaders
  body?: string | object
  requestBytes?: number
  tokens?: number
  now?: number
}

function classify({
  status = 400,
  headers = {},
  body = '',
  requestBytes = 100,
  tokens = 7,
  now = NOON,
}: Answer) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const sizes = { prompt: { tokens, contextWindowTokens: 200_000 }, requestBytes, softLimitBytes: 1_000 }
  return classifyResponse({ status, headers, body: text, now, ...sizes })
}

type Row = [status: number, name: string, message: string, reason: string | null, kind: FailureKind]

const HIGH_LOAD = 'Encountered unexpectedly high load when processing the request, please try again.'

const rows: Row[] = [
  [400, 'ValidationException', 'Improperly formed request.', null, 'invalid-request'],
  [400, 'ValidationException', 'Improperly formed request.', 'REQUEST_BODY_INVALID', 'invalid-request'],
  [400, 'ValidationException', 'Input is too long.', 'CONTENT_LENGTH_EXCEEDS_THRESHOLD', 'context-too-long'],
  [400, 'ValidationException', 'Input is too long.', null, 'context-too-long'],
  [400, 'ValidationException', 'prompt is too long: 1 > 0', 'PROMPT_TOO_LONG', 'context-too-long'],
  [400, 'ValidationException', 'Exceeded max chat context length.', null, 'context-too-long'],
  [
    400,
    'ValidationException',
    'Invalid model. Please select a different model to continue.',
    'INVALID_MODEL_ID',
    'model-not-found',
  ],
  [
    400,
    'ValidationException',
    'Invalid model. Please select a different model to continue.',
    null,
    'model-not-found',
  ],
  [400, 'ValidationException', 'Invalid model ID: x', null, 'model-not-found'],
  [400, 'ValidationException', 'profileArn is required for this request.', null, 'access-denied'],
  [400, 'ValidationException', 'Invalid tool use format.', null, 'invalid-request'],
  [
    400,
    'ValidationException',
    'additionalModelRequestFields is not supported for this model',
    null,
    'invalid-request',
  ],
  [400, 'ValidationException', "property 'x' is not defined in the schema", null, 'invalid-request'],
  [
    400,
    'ValidationException',
    'image exceeds 5 MB maximum: 6 bytes > 5 bytes',
    'IMAGE_SIZE_EXCEEDED',
    'invalid-request',
  ],
  [400, 'ValidationException', 'x', 'TOOL_SCHEMA_INVALID', 'invalid-request'],
  [400, 'ValidationException', 'x', 'THINKING_SIGNATURE_INVALID', 'invalid-request'],
  [400, 'ValidationException', 'x', 'INVALID_KMS_GRANT', 'access-denied'],
  [402, 'ServiceQuotaExceededException', 'You have reached the limit.', 'MONTHLY_REQUEST_COUNT', 'quota'],
  [
    402,
    'ServiceQuotaExceededException',
    'You have reached the limit for overages.',
    'OVERAGE_REQUEST_LIMIT_EXCEEDED',
    'quota',
  ],
  [402, 'ServiceQuotaExceededException', 'You have reached the limit.', null, 'quota'],
  [402, 'ServiceQuotaExceededException', 'x', 'CONVERSATION_LIMIT_EXCEEDED', 'invalid-request'],
  [400, 'ThrottlingException', 'Maximum Request reached for this month.', 'MONTHLY_REQUEST_COUNT', 'quota'],
  [429, 'ThrottlingException', 'Maximum Request reached for this month.', null, 'quota'],
  [
    403,
    'AccessDeniedException',
    'The bearer token included in the request is invalid.',
    null,
    'token-expired',
  ],
  [403, 'AccessDeniedException', 'User is not authorized to make this call.', null, 'access-denied'],
  [
    403,
    'AccessDeniedException',
    'AWS Builder ID is not supported for this operation.',
    null,
    'access-denied',
  ],
  [
    403,
    'AccessDeniedException',
    "Your User ID (d-1) temporarily is suspended. We've locked your account.",
    'TEMPORARILY_SUSPENDED',
    'suspended',
  ],
  [
    403,
    'AccessDeniedException',
    "Your User ID (d-1) temporarily is suspended. We've locked your account.",
    null,
    'suspended',
  ],
  [403, 'AccessDeniedException', 'The service has ended.', 'FEATURE_NOT_SUPPORTED', 'feature-gated'],
  [403, 'AccessDeniedException', 'x', 'UNAUTHORIZED_CUSTOMIZATION_RESOURCE_ACCESS', 'access-denied'],
  [403, 'UnrecognizedClientException', 'x', null, 'token-expired'],
  [403, 'ExpiredTokenException', 'x', null, 'token-expired'],
  [400, 'UnknownOperationException', 'x', null, 'access-denied'],
  [404, 'UnknownOperationException', 'x', null, 'access-denied'],
  [415, 'UnsupportedMediaTypeException', 'x', null, 'access-denied'],
  [403, 'AccessDeniedException', 'x', 'UNAUTHORIZED_WORKSPACE_CONTEXT_FEATURE_ACCESS', 'access-denied'],
  [400, 'AccessDeniedException', 'User is not authorized to make this call.', null, 'access-denied'],
  [400, 'ResourceNotFoundException', 'x', null, 'access-denied'],
  [400, 'ConflictException', 'x', 'MISMATCHED_KMS_KEY', 'access-denied'],
  [403, 'AccessDeniedException', 'x', 'CUSTOMER_KMS_KEY_INVALID_KEY_POLICY', 'access-denied'],
  [412, 'DryRunOperationException', 'x', null, 'invalid-request'],
  [404, 'ResourceNotFoundException', 'x', null, 'access-denied'],
  [409, 'ConflictException', 'x', 'CUSTOMER_KMS_KEY_DISABLED', 'access-denied'],
  [429, 'ThrottlingException', 'Too many requests, please wait before trying again.', null, 'throttled'],
  [
    400,
    'ThrottlingException',
    'Too many requests, please wait before trying again.',
    'USER_REQUEST_RATE_EXCEEDED',
    'throttled',
  ],
  [429, 'ThrottlingException', 'x', 'CREDIT_CONSUMPTION_RATE_EXCEEDED', 'throttled'],
  [429, 'ThrottlingException', 'x', 'DAILY_REQUEST_COUNT', 'quota'],
  [
    429,
    'ThrottlingException',
    'I am experiencing high traffic, please try again shortly.',
    'INSUFFICIENT_MODEL_CAPACITY',
    'capacity',
  ],
  [400, 'ThrottlingException', 'I am experiencing high traffic, please try again shortly.', null, 'capacity'],
  [429, 'ThrottlingException', 'x', 'INSUFFICIENT_THROUGHPUT', 'capacity'],
  [429, 'ThrottlingException', 'x', 'SERVICE_REQUEST_RATE_EXCEEDED', 'capacity'],
  [500, 'InternalServerException', HIGH_LOAD, 'MODEL_TEMPORARILY_UNAVAILABLE', 'capacity'],
  [500, 'InternalServerException', HIGH_LOAD, null, 'capacity'],
  [500, 'InternalServerException', 'x', null, 'upstream-unavailable'],
  [503, 'ServiceUnavailableException', 'x', null, 'upstream-unavailable'],
  [413, 'x', 'Failed to buffer the request body: length limit exceeded', null, 'context-too-long'],
  [400, 'x', 'Failed to buffer the request body: length limit exceeded', null, 'context-too-long'],
]

describe('classifyResponse', () => {
  it.each(rows)('awsJson: %i %s %j (%s) is %s', (status, name, message, reason, kind) => {
    const body = { __type: `com.amazon.aws.codewhisperer#${name}`, message, reason }
    expect(classify({ status, body }).failure.kind).toBe(kind)
  })

  it.each(rows)('restJson: %i %s %j (%s) is %s', (status, name, message, reason, kind) => {
    const headers = { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` }
    expect(classify({ status, headers, body: { Message: message, reason } }).failure.kind).toBe(kind)
  })

  it.each<[number, FailureKind]>([
    [302, 'upstream-unavailable'],
    [400, 'invalid-request'],
    [401, 'token-expired'],
    [402, 'quota'],
    [403, 'access-denied'],
    [404, 'access-denied'],
    [405, 'access-denied'],
    [408, 'upstream-timeout'],
    [413, 'context-too-long'],
    [418, 'invalid-request'],
    [429, 'throttled'],
    [500, 'upstream-unavailable'],
    [502, 'upstream-unavailable'],
    [503, 'upstream-unavailable'],
    [504, 'upstream-timeout'],
  ])('a page of HTML with status %i is %s', (status, kind) => {
    const { failure } = classify({ status, body: '<html><title>Bad Gateway</title></html>' })
    expect(failure.kind).toBe(kind)
    expect(failure.message).not.toContain('<')
  })

  it.each(['', 'null', '[]', '"text"', '{"message":1}', '{"mess'])(
    'the body %j leaves it to the status',
    (body) => {
      expect(classify({ status: 429, body }).failure.kind).toBe('throttled')
    },
  )

  it('reads the name from `code`, and names that end in Error', () => {
    expect(classify({ body: { code: 'ThrottlingError' } }).failure.kind).toBe('throttled')
  })

  it('does not take the word of a message that may quote the client', () => {
    const body = {
      __type: 'ValidationException',
      message: "property 'Your User ID is suspended' is not defined",
    }
    expect(classify({ body }).failure.kind).toBe('invalid-request')
  })

  it.each<[number, FailureKind]>([
    [800, 'invalid-request'],
    [801, 'context-too-long'],
  ])('"Improperly formed request." at %i of 1 000 bytes is %s', (requestBytes, kind) => {
    const body = { __type: 'ValidationException', message: 'Improperly formed request.', reason: null }
    expect(classify({ body, requestBytes }).failure.kind).toBe(kind)
  })
})

describe('what was refused', () => {
  it.each<[message: string, reason: string | null, refusal: Refusal | undefined]>([
    ['x', 'TOOL_SCHEMA_INVALID', 'tool-schema'],
    ['Improperly formed request.', 'TOOL_SCHEMA_INVALID', 'tool-schema'],
    ['x', 'THINKING_SIGNATURE_INVALID', 'earlier-thinking'],
    ['additionalModelRequestFields is not supported for this model', null, 'model-fields'],
    ["property 'temperature' is not defined in the schema", 'REQUEST_BODY_INVALID', 'model-fields'],
    ['Improperly formed request.', null, 'unexplained'],
    ['x', 'REQUEST_BODY_INVALID', 'unexplained'],
    ['Invalid tool use format.', null, undefined],
    ['x', 'TOOL_DUPLICATE', undefined],
    ['image exceeds 5 MB maximum', 'IMAGE_SIZE_EXCEEDED', undefined],
    ['Input is too long.', 'REQUEST_BODY_INVALID', undefined],
  ])('by %j (%s) is %s', (message, reason, refusal) => {
    const body = { __type: 'ValidationException', message, reason }
    expect(classify({ body }).failure.refusal).toBe(refusal)
    expect(classifyStream('ValidationException', { message, reason }).failure.refusal).toBe(refusal)
  })

  it('is not asked when the request was too large', () => {
    const body = { __type: 'ValidationException', message: 'Improperly formed request.' }
    expect(classify({ body, requestBytes: 1_000 }).failure.refusal).toBeUndefined()
  })

  it('is not asked of other failures', () => {
    const body = { __type: 'ThrottlingException', message: 'Improperly formed request.' }
    expect(classify({ body }).failure.refusal).toBeUndefined()
  })
})

describe('when to come back', () => {
  it.each<[string, Answer, number | undefined]>([
    ['seconds of the header', { status: 429, headers: { 'retry-after': '7' } }, 7],
    ['a date of the header', { status: 429, headers: { 'retry-after': 'Sun, 22 Nov 2026 12:00:09 GMT' } }, 9],
    ['a date that is past', { status: 429, headers: { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' } }, 0],
    ['nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, undefined],
    ['the body', { status: 429, body: { retryAfterMilliseconds: 300_000 } }, 300],
    ['nothing', { status: 429 }, undefined],
    ['a daily limit at noon', { status: 429, body: { reason: 'DAILY_REQUEST_COUNT' } }, 43_200],
    [
      'a daily limit right before midnight',
      { status: 429, body: { reason: 'DAILY_REQUEST_COUNT' }, now: Date.parse('2026-11-22T23:59:00Z') },
      3_600,
    ],
  ])('from %s', (_name, answer, seconds) => {
    expect(classify(answer).failure.retryAfterSeconds).toBe(seconds)
  })
})

describe('what the client reads', () => {
  const TOKEN = `aoaAAAAA${'x'.repeat(60)}`

  it.each([
    [250_000, 'prompt is too long: 250000 tokens > 200000 maximum'],
    [200_000, 'prompt is too long: 200001 tokens > 200000 maximum'],
    [7, 'prompt is too long: 200001 tokens > 200000 maximum'],
  ])(
    'has words and numbers that clients look for when a prompt of %i tokens is too long',
    (tokens, begin) => {
      const body = { __type: 'ValidationException', message: 'Input is too long.' }
      const { message, overflow } = classify({ body, tokens }).failure
      expect(message.slice(0, begin.length)).toBe(begin)
      expect(begin).toContain(`${overflow?.promptTokens} tokens > ${overflow?.maximumTokens} maximum`)
    },
  )

  it('has the words of the service where they say what to do', () => {
    const body = {
      reason: 'FEATURE_NOT_SUPPORTED',
      message:
        'Go to\n https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/q-developer-ide-end-of-support.html now.',
    }
    expect(classify({ status: 403, body }).failure.message).toContain(
      'Go to https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/q-developer-ide-end-of-support.html now.',
    )
  })

  it('has no user id, ARN, token or control character, nor more than 300 characters of them', () => {
    const message = `Your User ID (d-123) is suspended \u0007 Bearer ${TOKEN} arn:aws:codewhisperer:us-east-1:1:profile/X ${TOKEN} eyJhbGciOiJIUzI1NiJ9.${'y'.repeat(50)}.zzz ${'no. '.repeat(500)}`
    const error = classify({ status: 403, body: { reason: 'TEMPORARILY_SUSPENDED', message } })
    const shown = `${error.failure.message} ${String(error.cause)}`
    expect(shown).not.toMatch(/d-123|aoaA|xxx|yyy|zzz|arn:|profile\/X|\p{Cc}/u)
    expect(error.failure.message.length).toBeLessThan(750)
  })

  it('keeps other words of the service for the log', () => {
    const error = classify({
      status: 500,
      body: { __type: 'InternalServerException', message: 'node 17 broke' },
    })
    expect(error.failure.message).not.toContain('node 17')
    expect(String(error.cause)).toContain('500 InternalServerException node 17 broke')
  })
})

describe('when a quota is renewed', () => {
  it.each<[string, Answer, string | undefined]>([
    ['at the end of the day', { body: { reason: 'DAILY_REQUEST_COUNT' } }, '2026-11-23T00:00:00.000Z'],
    [
      'no sooner than in an hour',
      { body: { reason: 'DAILY_REQUEST_COUNT' }, now: Date.parse('2026-11-22T23:59:00Z') },
      '2026-11-23T00:59:00.000Z',
    ],
    [
      'when the service says so',
      { status: 402, headers: { 'retry-after': '60' } },
      '2026-11-22T12:01:00.000Z',
    ],
    ['at a time that is not told', { status: 402 }, undefined],
    ['is not asked of a rate limit', { status: 429, headers: { 'retry-after': '60' } }, undefined],
  ])('%s', (_name, answer, resetsAt) => {
    expect(classify(answer).failure.resetsAt?.toISOString()).toBe(resetsAt)
  })
})

describe('the log', () => {
  it('has the id by which the service knows the request, at a length that is sane', () => {
    const error = classify({ headers: { 'x-amzn-requestid': `r-1${'x'.repeat(1_000)}` }, body: {} })
    expect(String(error.cause)).toContain('(request r-1xxx')
    expect(String(error.cause).length).toBeLessThan(200)
    expect(error.failure.message).not.toContain('r-1')
  })
})

describe('a refusal that another profile may mend', () => {
  it.each<[status: number, name: string, message: string, reason: string | null, mends: boolean]>([
    [400, 'ValidationException', 'profileArn is required for this request.', null, true],
    [403, 'AccessDeniedException', 'User is not authorized to make this call.', null, true],
    [403, 'AccessDeniedException', 'AWS Builder ID is not supported for this operation.', null, true],
    [404, 'ResourceNotFoundException', 'x', null, true],
    [403, 'AccessDeniedException', 'User is not authorized.', 'FEATURE_NOT_SUPPORTED', false],
    [403, 'AccessDeniedException', 'User is not authorized.', 'TEMPORARILY_SUSPENDED', false],
    [403, 'AccessDeniedException', 'x', 'UNAUTHORIZED_CUSTOMIZATION_RESOURCE_ACCESS', false],
    [403, 'AccessDeniedException', 'The bearer token included in the request is invalid.', null, false],
    [409, 'ConflictException', 'not authorized', 'CUSTOMER_KMS_KEY_DISABLED', false],
    [404, 'UnknownOperationException', 'No such operation.', null, false],
    [400, 'ValidationException', 'Improperly formed request about a profileArn.', null, false],
  ])('%i %s %j (%s): %s', (status, name, message, reason, mends) => {
    const { failure } = classify({
      status,
      body: { __type: `com.amazon.kiro.runtimeservice#${name}`, message, reason },
    })
    expect(failure.refusal === 'profile').toBe(mends)
  })
})

describe('what the service says about the end of an account', () => {
  it.each([
    ['FEATURE_NOT_SUPPORTED', 'feature-gated'],
    ['TEMPORARILY_SUSPENDED', 'suspended'],
  ])('is shown as it says it, in one line, for %s', (reason, kind) => {
    const words =
      'Support ended on 2027-04-30.\nSee https://docs.aws.amazon.com/q/end-of-support.html \u0007now'
    const { failure, cause } = classify({ status: 403, body: { message: words, reason } })
    const line = 'Support ended on 2027-04-30. See https://docs.aws.amazon.com/q/end-of-support.html now'
    expect(failure.kind).toBe(kind)
    expect(failure.message).toContain(`Its words: ${line}`)
    expect(String(cause)).toContain(line)
  })

  it('is shown whole at the length of a paragraph, and cut at that of a page', () => {
    const sentence = 'This is what ends. '
    const shownOf = (count: number) =>
      classify({ status: 403, body: { message: sentence.repeat(count), reason: 'FEATURE_NOT_SUPPORTED' } })
        .failure.message
    expect(shownOf(30)).toContain(sentence.repeat(30).trim())
    expect(shownOf(300).length).toBeLessThan(750)
  })
})

function classifyStream(name: string, payload: object): GatewayError {
  return classifyException({
    name,
    payload: Buffer.from(JSON.stringify(payload)),
    now: NOON,
    prompt: { tokens: 7, contextWindowTokens: 200_000 },
  })
}

describe('classifyException', () => {
  it.each<[string, string, string, FailureKind]>([
    ['throttlingException', 'm', 'INSUFFICIENT_MODEL_CAPACITY', 'capacity'],
    ['ThrottlingException', 'm', '', 'throttled'],
    ['error', 'm', 'MODEL_TEMPORARILY_UNAVAILABLE', 'capacity'],
    ['error', 'm', '', 'upstream-unavailable'],
    ['internalServerException', HIGH_LOAD, '', 'capacity'],
    ['ValidationException', 'm', '', 'invalid-request'],
    ['ContentLengthExceededException', 'm', '', 'context-too-long'],
    ['com.amazon.kiro.runtimeservice#AccessDeniedException', 'm', '', 'access-denied'],
    ['invalidStateEvent', 'm', 'INVALID_TASK_ASSIST_PLAN', 'upstream-unavailable'],
    ['', '', '', 'upstream-unavailable'],
  ])('%s %j (%s) is %s', (name, message, reason, kind) => {
    expect(classifyStream(name, { message, reason }).failure.kind).toBe(kind)
  })

  it.each<[string, object, number | undefined]>([
    ['throttlingException', { retryAfterMilliseconds: 1_500 }, 2],
    ['throttlingException', { reason: 'DAILY_REQUEST_COUNT' }, 43_200],
    ['throttlingException', {}, undefined],
  ])('of %s %j tells when to come back', (name, payload, seconds) => {
    expect(classifyStream(name, payload).failure.retryAfterSeconds).toBe(seconds)
  })
})

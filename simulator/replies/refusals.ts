/** Named errors before the stream, in the service's own words. */
import { INVALID_BEARER, type Refusal } from '../refusal.ts'

function validation(message: string, reason?: string | null): Refusal {
  return { name: 'ValidationException', message, reason }
}

function accessDenied(message: string, reason: string | null): Refusal {
  return { name: 'AccessDeniedException', message, reason }
}

function throttling(message: string, reason: string | null, more: Partial<Refusal> = {}): Refusal {
  return { name: 'ThrottlingException', message, reason, ...more }
}

function quota(message: string, reason: string): Refusal {
  return { name: 'ServiceQuotaExceededException', message, reason }
}

const TOO_MANY = 'Too many requests, please wait before trying again.'
const HIGH_LOAD = 'Encountered unexpectedly high load when processing the request, please try again.'
const MONTHLY = 'Maximum Request reached for this month.'

export const refusals = {
  'improperly-formed': validation('Improperly formed request.', null),
  'improperly-formed-reason': validation('Improperly formed request.', 'REQUEST_BODY_INVALID'),
  'input-too-long': validation('Input is too long.', 'CONTENT_LENGTH_EXCEEDS_THRESHOLD'),
  'prompt-too-long': validation('The prompt is too long.', 'PROMPT_TOO_LONG'),
  'chat-context-too-long': validation('Exceeded max chat context length.'),
  'body-too-large': {
    ...validation('Failed to buffer the request body: length limit exceeded'),
    status: 413,
  },
  'invalid-model': validation(
    'Invalid model. Please select a different model to continue.',
    'INVALID_MODEL_ID',
  ),
  'profile-required': validation('profileArn is required for this request.'),
  'invalid-tool-use': validation('Invalid tool use format.'),
  'extra-fields': validation('additionalModelRequestFields is not supported for this model'),
  'image-too-large': validation(
    'image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes',
    'IMAGE_SIZE_EXCEEDED',
  ),
  'document-pages': validation('The document has too many pages.', 'DOCUMENT_MAXIMUM_PAGES_EXCEEDED'),
  'document-password': validation('The document is protected by a password.', 'DOCUMENT_PASSWORD_PROTECTED'),
  'bad-signature': validation('The thinking signature is not valid.', 'THINKING_SIGNATURE_INVALID'),
  'tool-schema': validation('tools.0.inputSchema.json: not valid', 'TOOL_SCHEMA_INVALID'),
  'monthly-limit': quota('You have reached the limit.', 'MONTHLY_REQUEST_COUNT'),
  'overage-limit': quota('You have reached the limit for overages.', 'OVERAGE_REQUEST_LIMIT_EXCEEDED'),
  'conversation-limit': quota('The conversation is too long.', 'CONVERSATION_LIMIT_EXCEEDED'),
  'free-tier-used-up': throttling(MONTHLY, 'MONTHLY_REQUEST_COUNT'),
  'daily-limit': throttling('Maximum Request reached for today.', 'DAILY_REQUEST_COUNT'),
  'invalid-bearer': INVALID_BEARER,
  'expired-token': { name: 'ExpiredTokenException', message: 'The security token has expired.' },
  'unrecognized-client': { name: 'UnrecognizedClientException', message: 'The security token is invalid.' },
  'not-authorized': accessDenied('User is not authorized to make this call.', null),
  'builder-id': accessDenied('AWS Builder ID is not supported for this operation.', null),
  suspended: accessDenied(
    "Your User ID (simulated) temporarily is suspended. We've locked your account as a security precaution.",
    'TEMPORARILY_SUSPENDED',
  ),
  'feature-gate': accessDenied(
    'This feature is no longer supported for your account.',
    'FEATURE_NOT_SUPPORTED',
  ),
  throttled: throttling(TOO_MANY, null),
  'throttled-rate': throttling(TOO_MANY, 'USER_REQUEST_RATE_EXCEEDED'),
  'throttled-429': throttling(TOO_MANY, null, { status: 429, headers: { 'retry-after': '2' } }),
  'credit-rate': throttling('Credits are used too fast.', 'CREDIT_CONSUMPTION_RATE_EXCEEDED', {
    extra: { retryAfterMilliseconds: 300_000 },
  }),
  'high-traffic': throttling(
    'I am experiencing high traffic, please try again shortly.',
    'INSUFFICIENT_MODEL_CAPACITY',
  ),
  'high-load': {
    name: 'InternalServerException',
    message: HIGH_LOAD,
    reason: 'MODEL_TEMPORARILY_UNAVAILABLE',
  },
  'high-load-null': { name: 'InternalServerException', message: HIGH_LOAD, reason: null },
  'internal-error': { name: 'InternalServerException', message: 'Internal server error.' },
  unavailable: { name: 'ServiceUnavailableException', message: 'The service is unavailable.' },
  conflict: {
    name: 'ConflictException',
    message: 'The key is disabled.',
    reason: 'CUSTOMER_KMS_KEY_DISABLED',
  },
  'resource-not-found': { name: 'ResourceNotFoundException', message: 'The profile was not found.' },
} as const satisfies Record<string, Refusal>

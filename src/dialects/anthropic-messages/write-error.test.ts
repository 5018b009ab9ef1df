import { describe, expect, it } from 'vitest'
import { failurePolicies, type Failure, type FailureKind } from '../../conversation/failures.ts'
import { writeError } from './write-error.ts'

describe('an error', () => {
  it('has one envelope, and one id in body and header', () => {
    const failure: Failure = {
      kind: 'invalid-request',
      message: 'max_tokens: Field required',
      field: 'max_tokens',
    }
    expect(writeError(failure, 'req_1')).toEqual({
      status: 400,
      headers: { 'request-id': 'req_1' },
      body: {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'max_tokens: Field required' },
        request_id: 'req_1',
      },
    })
  })

  it('of a thread that is not kept says so in the word that libraries know', () => {
    const { status, body } = writeError(
      { kind: 'not-found', message: 'no', code: 'thread_not_found' },
      'req_1',
    )
    expect(status).toBe(404)
    expect(body).toHaveProperty('error.details', { error_code: 'thread_not_found' })
  })

  const table: [FailureKind, number, string][] = [
    ['invalid-request', 400, 'invalid_request_error'],
    ['context-too-long', 400, 'invalid_request_error'],
    ['model-not-found', 404, 'not_found_error'],
    ['token-expired', 402, 'billing_error'],
    ['sign-in-needed', 402, 'billing_error'],
    ['refresh-unavailable', 503, 'api_error'],
    ['access-denied', 402, 'billing_error'],
    ['suspended', 402, 'billing_error'],
    ['feature-gated', 402, 'billing_error'],
    ['throttled', 429, 'rate_limit_error'],
    ['capacity', 529, 'overloaded_error'],
    ['quota', 429, 'rate_limit_error'],
    ['upstream-unavailable', 502, 'api_error'],
    ['upstream-timeout', 504, 'api_error'],
    ['empty-reply', 502, 'api_error'],
    ['unreachable', 503, 'api_error'],
    ['interrupted', 502, 'api_error'],
    ['demand-unmet', 502, 'api_error'],
    ['no-account', 401, 'authentication_error'],
    ['accounts-cooling', 429, 'rate_limit_error'],
    ['accounts-parked', 402, 'billing_error'],
    ['rate-limited', 429, 'rate_limit_error'],
    ['allowance-spent', 429, 'rate_limit_error'],
    ['unauthenticated', 401, 'authentication_error'],
    ['forbidden', 403, 'permission_error'],
    ['not-found', 404, 'not_found_error'],
    ['wrong-method', 405, 'invalid_request_error'],
    ['wrong-type', 415, 'invalid_request_error'],
    ['too-large', 413, 'request_too_large'],
    ['overloaded-here', 503, 'api_error'],
    ['client-gone', 499, 'api_error'],
    ['internal', 500, 'api_error'],
  ]

  it('is known for every kind of failure', () => {
    expect(table.map(([kind]) => kind).toSorted()).toEqual(Object.keys(failurePolicies).toSorted())
  })

  it.each(table)('of kind %s has status %i and type %s', (kind, status, type) => {
    const { headers, ...rest } = writeError({ kind, message: 'no' }, 'req_1')
    const message = kind === 'context-too-long' ? 'prompt is too long: no' : 'no'
    expect(rest).toEqual({ status, body: { type: 'error', error: { type, message }, request_id: 'req_1' } })
    expect(headers['request-id']).toBe('req_1')
  })

  it('forbids to retry what will not heal, where an SDK or an agent would', () => {
    const forbidding = table
      .map(([kind]) => kind)
      .filter((kind) => {
        const { headers } = writeError({ kind, message: 'no' }, 'req_1')
        return headers['x-should-retry'] === 'false'
      })
    expect(forbidding).toEqual([
      'model-not-found',
      'token-expired',
      'sign-in-needed',
      'access-denied',
      'suspended',
      'feature-gated',
      'quota',
      'no-account',
      'accounts-parked',
      'allowance-spent',
      'unauthenticated',
      'forbidden',
      'not-found',
      'wrong-method',
      'wrong-type',
      'too-large',
    ])
  })

  it.each([
    [0.2, '1'],
    [0, '1'],
    [7.1, '8'],
  ])(
    'that heals in %f s says retry-after: %s, and does not forbid to retry',
    (retryAfterSeconds, expected) => {
      const { headers } = writeError({ kind: 'throttled', message: 'wait', retryAfterSeconds }, 'req_1')
      expect(headers).toEqual({ 'request-id': 'req_1', 'retry-after': expected })
    },
  )

  it.each([
    [
      'prompt is too long: 210000 tokens > 200000 maximum',
      'prompt is too long: 210000 tokens > 200000 maximum',
    ],
    ['Input is too long.', 'prompt is too long: Input is too long.'],
  ])('about the context begins with the words that clients look for: %s', (message, expected) => {
    const { body } = writeError({ kind: 'context-too-long', message }, 'req_1')
    expect(body).toHaveProperty('error.message', expected)
  })
})

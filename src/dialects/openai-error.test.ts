import { describe, expect, it } from 'vitest'
import { failurePolicies, type FailureKind } from '../conversation/failures.ts'
import { writeOpenaiError } from './openai-error.ts'

describe('an error', () => {
  it('names the parameter, and the code that is more exact than the table', () => {
    const failure = {
      kind: 'invalid-request',
      message: 'model: Field required',
      field: 'model',
      code: 'missing_required_parameter',
    } as const
    expect(writeOpenaiError(failure, 'req_1')).toEqual({
      status: 400,
      headers: { 'x-request-id': 'req_1' },
      body: {
        error: {
          message: 'model: Field required',
          type: 'invalid_request_error',
          param: 'model',
          code: 'missing_required_parameter',
        },
      },
    })
  })

  it('tells a prompt that is too long in the words and numbers that clients look for', () => {
    const overflow = { promptTokens: 210_000, maximumTokens: 200_000 }
    const { body } = writeOpenaiError({ kind: 'context-too-long', message: 'Too long.', overflow }, 'req_1')
    expect(body).toMatchObject({
      error: {
        code: 'context_length_exceeded',
        message: expect.stringMatching(
          /^This model's maximum context length is 200000 tokens\. However, your messages resulted in 210000 tokens\./,
        ),
      },
    })
  })

  const table: [FailureKind, number, string, string][] = [
    ['invalid-request', 400, 'invalid_request_error', 'invalid_value'],
    ['context-too-long', 400, 'invalid_request_error', 'context_length_exceeded'],
    ['model-not-found', 404, 'invalid_request_error', 'model_not_found'],
    ['token-expired', 402, 'billing_error', 'account_unavailable'],
    ['sign-in-needed', 402, 'billing_error', 'account_unavailable'],
    ['refresh-unavailable', 503, 'server_error', 'upstream_error'],
    ['access-denied', 402, 'billing_error', 'account_unavailable'],
    ['suspended', 402, 'billing_error', 'account_unavailable'],
    ['feature-gated', 402, 'billing_error', 'account_unavailable'],
    ['throttled', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['capacity', 503, 'server_error', 'overloaded'],
    ['quota', 429, 'insufficient_quota', 'insufficient_quota'],
    ['upstream-unavailable', 502, 'server_error', 'upstream_error'],
    ['upstream-timeout', 504, 'server_error', 'upstream_error'],
    ['empty-reply', 502, 'server_error', 'upstream_error'],
    ['unreachable', 503, 'server_error', 'upstream_error'],
    ['interrupted', 502, 'server_error', 'upstream_error'],
    ['demand-unmet', 502, 'server_error', 'upstream_error'],
    ['no-account', 401, 'authentication_error', 'no_account'],
    ['accounts-cooling', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['accounts-parked', 402, 'billing_error', 'account_unavailable'],
    ['rate-limited', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['allowance-spent', 429, 'insufficient_quota', 'insufficient_quota'],
    ['unauthenticated', 401, 'authentication_error', 'invalid_api_key'],
    ['forbidden', 403, 'permission_error', 'forbidden'],
    ['not-found', 404, 'invalid_request_error', 'unknown_url'],
    ['wrong-method', 405, 'invalid_request_error', 'method_not_supported'],
    ['wrong-type', 415, 'invalid_request_error', 'unsupported_media_type'],
    ['too-large', 413, 'invalid_request_error', 'request_too_large'],
    ['overloaded-here', 503, 'server_error', 'overloaded'],
    ['client-gone', 499, 'client_closed_request', 'client_gone'],
    ['internal', 500, 'server_error', 'internal_error'],
  ]

  it('is known for every kind of failure', () => {
    expect(table.map(([kind]) => kind).toSorted()).toEqual(Object.keys(failurePolicies).toSorted())
  })

  it.each(table)('of kind %s has status %i, type %s and code %s', (kind, status, type, code) => {
    const { headers, ...rest } = writeOpenaiError({ kind, message: 'no' }, 'req_1')
    expect(rest).toEqual({ status, body: { error: { message: 'no', type, param: null, code } } })
    expect(headers['x-request-id']).toBe('req_1')
  })

  it.each<[FailureKind, string | undefined]>([
    ['invalid-request', undefined],
    ['throttled', undefined],
    ['unauthenticated', 'false'],
    ['accounts-parked', 'false'],
    ['quota', 'false'],
    ['rate-limited', undefined],
    ['allowance-spent', 'false'],
  ])('of kind %s says x-should-retry: %s', (kind, expected) => {
    expect(writeOpenaiError({ kind, message: 'no' }, 'req_1').headers['x-should-retry']).toBe(expected)
  })

  it('says in whole seconds when to come back', () => {
    const { headers } = writeOpenaiError(
      { kind: 'throttled', message: 'wait', retryAfterSeconds: 7.1 },
      'req_1',
    )
    expect(headers).toEqual({ 'x-request-id': 'req_1', 'retry-after': '8' })
  })
})

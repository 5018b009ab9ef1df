import { describe, expect, it } from 'vitest'
import type { Failure } from '../../conversation/failures.ts'
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

  it.each([
    ['capacity', 529, 'overloaded_error', {}],
    ['unauthenticated', 401, 'authentication_error', { 'x-should-retry': 'false' }],
    ['accounts-parked', 402, 'billing_error', { 'x-should-retry': 'false' }],
    ['quota', 429, 'rate_limit_error', { 'x-should-retry': 'false' }],
    ['too-large', 413, 'request_too_large', { 'x-should-retry': 'false' }],
    ['upstream-unavailable', 502, 'api_error', {}],
  ] as const)('of kind %s has status %i and type %s', (kind, status, type, headers) => {
    expect(writeError({ kind, message: 'no' }, 'req_1')).toMatchObject({
      status,
      headers: { 'request-id': 'req_1', ...headers },
      body: { error: { type, message: 'no' } },
    })
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

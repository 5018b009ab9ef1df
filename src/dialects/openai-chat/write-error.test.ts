import { describe, expect, it } from 'vitest'
import { writeError } from './write-error.ts'

describe('an error', () => {
  it('names the parameter, and the code that is more exact than the table', () => {
    const failure = {
      kind: 'invalid-request',
      message: 'model: Field required',
      field: 'model',
      code: 'missing_required_parameter',
    } as const
    expect(writeError(failure, 'req_1')).toEqual({
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

  it.each([
    ['invalid-request', 400, 'invalid_request_error', 'invalid_value', {}],
    ['context-too-long', 400, 'invalid_request_error', 'context_length_exceeded', {}],
    ['unauthenticated', 401, 'authentication_error', 'invalid_api_key', { 'x-should-retry': 'false' }],
    ['accounts-parked', 402, 'billing_error', 'account_unavailable', { 'x-should-retry': 'false' }],
    ['quota', 429, 'insufficient_quota', 'insufficient_quota', { 'x-should-retry': 'false' }],
    ['capacity', 503, 'server_error', 'overloaded', {}],
  ] as const)('of kind %s has status %i, type %s and code %s', (kind, status, type, code, headers) => {
    expect(writeError({ kind, message: 'no' }, 'req_1')).toEqual({
      status,
      headers: { 'x-request-id': 'req_1', ...headers },
      body: { error: { message: 'no', type, param: null, code } },
    })
  })

  it('says in whole seconds when to come back', () => {
    const { headers } = writeError({ kind: 'throttled', message: 'wait', retryAfterSeconds: 7.1 }, 'req_1')
    expect(headers).toEqual({ 'x-request-id': 'req_1', 'retry-after': '8' })
  })
})

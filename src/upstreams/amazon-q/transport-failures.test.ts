import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../outbound/proxy-error.ts'
import { classifyTransportError } from './transport-failures.ts'

const direct = { isOwnProxy: false }
const withCode = (code: string) => Object.assign(new Error(`failed: ${code}`), { code })

describe('classifyTransportError', () => {
  it.each([
    ['ENOTFOUND', 'unreachable'],
    ['EAI_AGAIN', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unreachable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable'],
    ['UND_ERR_ABORTED', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['UND_ERR_HEADERS_TIMEOUT', 'upstream-timeout'],
    ['ETIMEDOUT', 'upstream-timeout'],
    ['UND_ERR_SOCKET', 'upstream-unavailable'],
    ['ECONNRESET', 'upstream-unavailable'],
    ['EPIPE', 'upstream-unavailable'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'upstream-unavailable'],
    ['ERR_ASSERTION', 'upstream-unavailable'],
    ['UND_ERR_INVALID_ARG', 'internal'],
  ])('%s is %s, and the cause is kept', (code, kind) => {
    const error = withCode(code)
    expect(classifyTransportError(error, direct)).toMatchObject({ failure: { kind }, cause: error })
  })

  it.each([
    ["blames no account for the operator's proxy", 'unreachable', false],
    ['blames the account for its own proxy', 'access-denied', true],
  ])('%s, and tells clients nothing of where it is', (_, kind, isOwnProxy) => {
    const error = new ProxyError(new URL('http://name:canary@p.example:1'), 'cannot be reached')
    const { failure, cause } = classifyTransportError(error, { isOwnProxy })
    expect(failure.kind).toBe(kind)
    expect(failure.message).toMatch(/proxy/)
    expect(failure.message).not.toMatch(/canary|p\.example/)
    expect(cause).toBe(error)
    // No other profile would mend a proxy.
    expect(failure.refusal).toBeUndefined()
  })

  it('blames the account for nothing else that happens behind its proxy', () => {
    const { failure } = classifyTransportError(withCode('ECONNREFUSED'), { isOwnProxy: true })
    expect(failure).toMatchObject({ kind: 'unreachable', retryAfterSeconds: 2 })
  })

  it.each(['text', undefined, new Error('no code'), Object.assign(new Error('odd'), { code: 7 })])(
    'takes whatever is thrown',
    (error) => {
      expect(classifyTransportError(error, direct).failure.kind).toBe('unreachable')
    },
  )
})

import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../outbound/proxy-error.ts'
import { classifyTransportError } from './transport-failures.ts'

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
    ['UND_ERR_CONNECT_TIMEOUT', 'upstream-timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'upstream-timeout'],
    ['ETIMEDOUT', 'upstream-timeout'],
    ['UND_ERR_SOCKET', 'upstream-unavailable'],
    ['ECONNRESET', 'upstream-unavailable'],
    ['EPIPE', 'upstream-unavailable'],
    ['UND_ERR_INVALID_ARG', 'internal'],
  ])('%s is %s, and the cause is kept', (code, kind) => {
    const error = withCode(code)
    expect(classifyTransportError(error)).toMatchObject({ failure: { kind }, cause: error })
  })

  it('blames no account for the proxy, and says which one it is', () => {
    const error = new ProxyError(new URL('http://name:canary@p.example:1'), 'cannot be reached')
    const { failure } = classifyTransportError(error)
    expect(failure).toMatchObject({ kind: 'unreachable', retryAfterSeconds: 2 })
    expect(failure.message).toContain('the proxy p.example:1 cannot be reached.')
    expect(failure.message).not.toContain('canary')
  })

  it.each(['text', undefined, new Error('no code'), Object.assign(new Error('odd'), { code: 7 })])(
    'takes whatever is thrown',
    (error) => {
      expect(classifyTransportError(error).failure.kind).toBe('unreachable')
    },
  )
})

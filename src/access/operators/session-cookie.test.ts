import { describe, expect, it } from 'vitest'
import { readSessionId, writeSessionCookie } from './session-cookie.ts'

describe('the cookie of a session', () => {
  it('S11: over http is for this site and for no script', () => {
    expect(writeSessionCookie('abc', false)).toBe(
      'aqueduct_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800',
    )
  })

  it('S11: over https is for https and this host alone', () => {
    expect(writeSessionCookie('abc', true)).toBe(
      '__Host-aqueduct_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800; Secure',
    )
  })

  it.each([true, false])('S11: is taken away when signed out (https: %s)', (isSecure) => {
    expect(writeSessionCookie(undefined, isSecure)).toMatch(/session=; Path=\/; .*Max-Age=0/)
  })

  it.each<[string, boolean, string | undefined]>([
    ['aqueduct_session=abc', false, 'abc'],
    ['a=b; aqueduct_session=abc;c=d', false, 'abc'],
    ['__Host-aqueduct_session=abc', true, 'abc'],
    ['aqueduct_session=abc', true, undefined],
    ['__Host-aqueduct_session=abc', false, undefined],
    ['aqueduct_session=abc; aqueduct_session=def', false, undefined],
    ['xaqueduct_session=abc', false, undefined],
    ['AQUEDUCT_SESSION=abc', false, undefined],
    ['', false, undefined],
  ])('S11: of "%s" (https: %s) is read as %s', (cookie, isSecure, id) => {
    expect(readSessionId({ cookie }, isSecure)).toBe(id)
  })
})

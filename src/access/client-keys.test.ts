import { describe, expect, it } from 'vitest'
import { countShortKeys, createClientKeys } from './client-keys.ts'
import type { RequestHeaders } from './request-headers.ts'

const unauthenticated = expect.objectContaining({
  failure: expect.objectContaining({ kind: 'unauthenticated' }),
})

describe('client keys', () => {
  const keys = createClientKeys(['sk-one', 'sk-two'], (key) => `print of ${key}`)

  it.each<[string, RequestHeaders]>([
    ['a bearer', { authorization: 'Bearer sk-two' }],
    ['x-api-key', { 'x-api-key': 'sk-one' }],
    ['api-key', { 'api-key': 'sk-one' }],
    ['a right key beside an empty one', { authorization: 'Bearer ', 'x-api-key': 'sk-one' }],
    ['a right key beside a wrong one', { authorization: 'Bearer x', 'x-api-key': 'sk-one' }],
  ])('let %s in, and tell which key it is', (_, headers) => {
    expect(keys.check(headers).print).toMatch(/^print of sk-(one|two)$/)
  })

  it.each<[string, RequestHeaders]>([
    ['nothing', {}],
    ['an empty key', { 'x-api-key': '' }],
    ['a wrong key', { authorization: 'Bearer sk-three' }],
    ['two keys joined', { 'x-api-key': 'sk-one,sk-two' }],
    ['basic credentials', { authorization: 'Basic sk-one' }],
  ])('refuse %s', (_, headers) => {
    expect(() => keys.check(headers)).toThrow(unauthenticated)
  })

  it('are counted when they can be guessed', () => {
    expect(countShortKeys(['sk-one', 'x'.repeat(15), 'x'.repeat(16)])).toBe(2)
  })

  it('are not asked for while none is set', () => {
    expect([createClientKeys([], String).exist(), keys.exist()]).toEqual([false, true])
  })
})

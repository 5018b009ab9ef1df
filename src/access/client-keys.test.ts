import { describe, expect, it } from 'vitest'
import { countShortKeys, createClientKeys, type CreatedKeys, type KeyVerdict } from './client-keys.ts'
import type { RequestHeaders } from './request-headers.ts'

const failing = (kind: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ kind, message: expect.any(String) }) })

const usable: KeyVerdict = {
  kind: 'usable',
  key: { print: 'id', grant: { id: 'id', name: 'laptop', limits: { requestsPerMinute: 5 } } },
}
const verdicts: Record<string, KeyVerdict> = {
  'digest of qk_good': usable,
  'digest of qk_revoked': { kind: 'revoked' },
  'digest of qk_expired': { kind: 'expired' },
  'digest of qk_replaced': { kind: 'replaced' },
  'digest of qk_elsewhere': { kind: 'wrong-address' },
}
const address = '192.0.2.1'
const none: CreatedKeys = { exist: () => false, admit: () => undefined }
const created: CreatedKeys = { exist: () => true, admit: (digest) => verdicts[digest] }

function open(listed: readonly string[], some: CreatedKeys = none, onDigest?: (secret: string) => void) {
  return createClientKeys({
    listed,
    printOf: (key) => `print of ${key}`,
    digestOf(secret) {
      onDigest?.(secret)
      return `digest of ${secret}`
    },
    created: some,
  })
}

/** The carriers, one by one and together. */
const carriers: [string, (secret: string) => RequestHeaders][] = [
  ['Authorization', (secret) => ({ authorization: `Bearer ${secret}` })],
  ['Authorization in lower case', (secret) => ({ authorization: `bearer ${secret}` })],
  ['x-api-key', (secret) => ({ 'x-api-key': secret })],
  ['api-key', (secret) => ({ 'api-key': secret })],
  ['two carriers alike', (secret) => ({ authorization: `Bearer ${secret}`, 'x-api-key': secret })],
  ['a wrong key before it', (secret) => ({ authorization: 'Bearer wrong', 'x-api-key': secret })],
]

describe('client keys', () => {
  it('tell of those in the environment what they are called, and nothing of their text', () => {
    expect(open(['first secret', 'second secret']).listed()).toEqual([
      { id: 'env-1', print: 'print of first secret' },
      { id: 'env-2', print: 'print of second secret' },
    ])
    expect(open([]).listed()).toEqual([])
  })

  const keys = open(['sk-one', 'sk-two'])

  it.each<[string, RequestHeaders]>([
    ['a bearer', { authorization: 'Bearer sk-two' }],
    ['a bearer with blanks around', { authorization: 'BEARER    sk-two ' }],
    ['x-api-key', { 'x-api-key': 'sk-one' }],
    ['api-key', { 'api-key': 'sk-one' }],
    ['a right key beside an empty one', { authorization: 'Bearer ', 'x-api-key': 'sk-one' }],
    ['a right key beside a wrong one', { authorization: 'Bearer x', 'x-api-key': 'sk-one' }],
  ])('let %s in, and tell which key it is', (_, headers) => {
    expect(keys.check(headers, address).print).toMatch(/^print of sk-(one|two)$/)
  })

  it.each<[string, RequestHeaders]>([
    ['nothing', {}],
    ['an empty key', { 'x-api-key': '' }],
    ['a wrong key', { authorization: 'Bearer sk-three' }],
    ['two keys joined', { 'x-api-key': 'sk-one,sk-two' }],
    ['basic credentials', { authorization: 'Basic sk-one' }],
    ['a key in another case', { 'x-api-key': 'SK-ONE' }],
    ['a digest in place of a key', { 'x-api-key': 'digest of sk-one' }],
  ])('refuse %s', (_, headers) => {
    expect(() => keys.check(headers, address)).toThrow(failing('unauthenticated'))
  })

  it('are counted when they can be guessed', () => {
    expect(countShortKeys(['sk-one', 'x'.repeat(15), 'x'.repeat(16)])).toBe(2)
  })

  it('are asked for as soon as there is one of either sort', () => {
    expect([open([]).exist(), keys.exist(), open([], created).exist()]).toEqual([false, true, true])
  })
})

describe('client keys of both sorts', () => {
  const keys = open(['sk-one'], created)

  it.each(carriers)('S5: come to the same by %s', (_, carry) => {
    expect(keys.check(carry('qk_good'), address)).toBe(usable.kind === 'usable' && usable.key)
    expect(keys.check(carry('sk-one'), address).grant.id).toBe('env-1')
    expect(() => keys.check(carry('qk_revoked'), address)).toThrow(/revoked/)
    expect(() => keys.check(carry('qk_expired'), address)).toThrow(/expired/)
    expect(() => keys.check(carry('qk_replaced'), address)).toThrow(/replaced/)
    for (const name of ['revoked', 'expired', 'replaced', 'unknown']) {
      expect(() => keys.check(carry(`qk_${name}`), address)).toThrow(failing('unauthenticated'))
    }
    expect(() => keys.check(carry('qk_elsewhere'), address)).toThrow(failing('forbidden'))
  })

  it.each<[RequestHeaders, string]>([
    [{ authorization: 'Bearer qk_good', 'x-api-key': 'sk-one' }, 'id'],
    [{ authorization: 'Bearer sk-one', 'x-api-key': 'qk_good' }, 'env-1'],
    [{ 'x-api-key': 'qk_good', 'api-key': 'sk-one' }, 'id'],
    [{ authorization: 'Bearer qk_revoked', 'x-api-key': 'qk_elsewhere', 'api-key': 'sk-one' }, 'env-1'],
  ])('S5: of %j the first valid one wins', (headers, id) => {
    expect(keys.check(headers, address).grant.id).toBe(id)
  })

  it('S15: make one digest of each key that is carried', () => {
    const digested: string[] = []
    const watched = open(['sk-one'], created, (secret) => digested.push(secret))
    digested.length = 0
    watched.check({ authorization: 'Bearer qk_good' }, address)
    watched.check({ authorization: 'Bearer wrong', 'x-api-key': 'wrong', 'api-key': 'sk-one' }, address)
    expect(digested).toEqual(['qk_good', 'wrong', 'sk-one'])
  })
})

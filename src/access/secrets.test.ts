import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecrets, SealError } from './secrets.ts'

const place = { table: 'accounts', row: 'a1', column: 'refreshToken' }
const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
const other = createSecrets({ masterKey: Buffer.alloc(32, 8), randomBytes })

describe('seal and open', () => {
  it('give back every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(secrets.open(secrets.seal(text, place), place)).toBe(text)
      }),
    )
  })

  it('refuse a text in which any character was changed', () => {
    const sealed = secrets.seal('a refresh token', place)
    const replacement = fc.constantFrom('A', 'b', '0', '-', '_', ':', '=', '+', '/', ' ')
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), replacement, (index, character) => {
        fc.pre(sealed[index] !== character)
        const changed = sealed.slice(0, index) + character + sealed.slice(index + 1)
        expect(() => secrets.open(changed, place)).toThrow(SealError)
      }),
      { numRuns: 500 },
    )
  })

  it('S19: refuse a text in which any single bit of the bytes was flipped', () => {
    const [format, keyId, encoded = ''] = secrets.seal('a refresh token', place).split(':')
    const bytes = Buffer.from(encoded, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      const sealed = `${format}:${keyId}:${flipped.toString('base64url')}`
      expect(() => secrets.open(sealed, place)).toThrow(SealError)
    }
  })

  it('refuse a text that was cut at any place', () => {
    const sealed = secrets.seal('x', place)
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => secrets.open(sealed.slice(0, length), place)).toThrow(SealError)
    }
  })

  it.each([
    ['table', { ...place, table: 'settings' }],
    ['row', { ...place, row: 'a2' }],
    ['column', { ...place, column: 'accessToken' }],
    ['border between row and column', { ...place, row: 'a1r', column: 'efreshToken' }],
  ])('S19: refuse a value moved to another %s', (_what, elsewhere) => {
    expect(() => secrets.open(secrets.seal('x', place), elsewhere)).toThrow(SealError)
  })

  it('S19: never make the same text twice', () => {
    expect(secrets.seal('x', place)).not.toBe(secrets.seal('x', place))
  })

  it('tell another master key from damage, and never the secret', () => {
    expect(() => other.open(secrets.seal('canary', place), place)).toThrow(
      'The secret accounts.refreshToken of a1 was sealed with another master key.',
    )
  })
})

describe('derived keys', () => {
  it('S21: differ by purpose and by master key, and are stable', () => {
    expect(secrets.deriveKey('sessions')).toEqual(secrets.deriveKey('sessions'))
    expect(secrets.deriveKey('sessions')).not.toEqual(secrets.deriveKey('client-keys'))
    expect(secrets.deriveKey('sessions')).not.toEqual(other.deriveKey('sessions'))
    expect(secrets.deriveKey('sessions')).toHaveLength(32)
  })

  it('keep the format of what is stored: these values are in databases', () => {
    const fixed = createSecrets({
      masterKey: Buffer.alloc(32, 7),
      randomBytes: (size) => Buffer.alloc(size, 1),
    })
    expect([fixed.keyId, fixed.fingerprint('x'), fixed.seal('x', place)]).toMatchInlineSnapshot(`
      [
        "51e0ec48",
        "d330970b",
        "aq1:51e0ec48:AQEBAQEBAQEBAQEB7k6ETKR8WZXRf-ucKI074C4",
      ]
    `)
  })
})

describe('fingerprint', () => {
  it('is eight hexadecimal digits, stable, and different under another master key', () => {
    expect(secrets.fingerprint('token')).toMatch(/^[0-9a-f]{8}$/)
    expect(secrets.fingerprint('token')).toBe(secrets.fingerprint('token'))
    expect(secrets.fingerprint('token')).not.toBe(secrets.fingerprint('token2'))
    expect(secrets.fingerprint('token')).not.toBe(other.fingerprint('token'))
  })
})

it('refuses a master key that is not 32 bytes long', () => {
  expect(() => createSecrets({ masterKey: Buffer.alloc(16), randomBytes })).toThrow(RangeError)
})

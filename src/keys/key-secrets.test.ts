import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKeySecrets } from './key-secrets.ts'

const digestKey = Buffer.alloc(32, 7)
const withBytes = (fill: number) =>
  createKeySecrets({ digestKey, randomBytes: (size) => Buffer.alloc(size, fill) })

describe('the secrets of keys', () => {
  it('S14: are qk_ and 32 random bytes in base62, of one length whatever the bytes', () => {
    expect(withBytes(0).create().secret).toBe(`qk_${'0'.repeat(43)}`)
    const { secret } = withBytes(255).create()
    expect(secret).toMatch(/^qk_[0-9A-Za-z]{43}$/)
    const value = secret
      .slice(3)
      .split('')
      .reduce((sum, digit) => {
        const place = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(digit)
        return sum * 62n + BigInt(place)
      }, 0n)
    expect(value).toBe(2n ** 256n - 1n)
  })

  it('S14: are all different, and known by a prefix of 8 characters', () => {
    const secrets = createKeySecrets({ digestKey, randomBytes })
    const made = Array.from({ length: 100 }, () => secrets.create())
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(100)
    expect(new Set(made.map(({ digest }) => digest)).size).toBe(100)
    expect(
      made.filter(({ secret, prefix }) => prefix.length === 8 && secret.startsWith(prefix)),
    ).toHaveLength(100)
  })

  it('S14: have a digest that tells nothing to whoever lacks the key of it', () => {
    const { secret, digest } = withBytes(1).create()
    const other = createKeySecrets({ digestKey: Buffer.alloc(32, 8), randomBytes })
    expect(digest).toMatch(/^[\w-]{43}$/)
    expect(withBytes(2).digestOf(secret)).toBe(digest)
    expect(other.digestOf(secret)).not.toBe(digest)
    expect(digest).not.toContain(secret.slice(3))
  })

  it('S13: that are nearly right have digests that have nothing in common with the right one', () => {
    const secrets = createKeySecrets({ digestKey, randomBytes })
    const { secret, digest } = secrets.create()
    for (const [index, character] of secret.split('').entries()) {
      const near = secret.slice(0, index) + (character === 'a' ? 'b' : 'a') + secret.slice(index + 1)
      expect(secrets.digestOf(near)).toHaveLength(digest.length)
      expect(secrets.digestOf(near).slice(0, 8)).not.toBe(digest.slice(0, 8))
    }
  })
})

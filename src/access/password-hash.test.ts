import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPasswordHasher, type DeriveKey } from './password-hash.ts'

/** A derivation that waits for the test. */
function createGate() {
  const waiting: ((key: Buffer) => void)[] = []
  let mostAtOnce = 0
  const derive: DeriveKey = ({ length }) =>
    new Promise<Buffer>((resolve) => {
      waiting.push(resolve)
      mostAtOnce = Math.max(mostAtOnce, waiting.length)
    }).then((key) => Buffer.alloc(length, key))
  return { derive, waiting, mostAtOnce: () => mostAtOnce, release: () => waiting.shift()?.(Buffer.from('x')) }
}

const settled = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('a password hash', () => {
  it('S9: is in the PHC string format, at the cost that it promises, and knows its password', async () => {
    const hasher = createPasswordHasher({ randomBytes })
    const stored = await hasher.hash('correct horse')
    expect(stored).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z\d+/]{22}\$[A-Za-z\d+/]{43}$/)
    expect(await hasher.verify('correct horse', stored)).toBe(true)
    expect(await hasher.verify('correct hors', stored)).toBe(false)
  })

  it('of RFC 7914 is computed as there', async () => {
    // Section 12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), the first 32 of its 64 bytes.
    const hash = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex')
    const salt = Buffer.from('SodiumChloride').toString('base64').replace(/=+$/, '')
    const stored = `$scrypt$ln=14,r=8,p=1$${salt}$${hash.toString('base64').replace(/=+$/, '')}`
    expect(await createPasswordHasher({ randomBytes }).verify('pleaseletmein', stored)).toBe(true)
  })

  it('differs for the same password', async () => {
    const hasher = createPasswordHasher({ randomBytes, derive: async ({ salt }) => salt })
    expect(await hasher.hash('a')).not.toBe(await hasher.hash('a'))
  })

  it.each(['', 'plain', '$scrypt$ln=17,r=8,p=1$$', '$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA'])(
    'that reads "%s" is refused',
    async (stored) => {
      await expect(createPasswordHasher({ randomBytes }).verify('a', stored)).rejects.toThrow(RangeError)
    },
  )

  it('S9: is computed twice at once at most, eight wait, the rest is told to come back', async () => {
    const gate = createGate()
    const hasher = createPasswordHasher({ randomBytes, derive: gate.derive })
    const tries = Array.from({ length: 30 }, () =>
      hasher.hash('a').then(
        () => 'done',
        (error: unknown) => error,
      ),
    )
    for (let released = 0; released < 10; released += 1) {
      await settled()
      expect(gate.waiting.length).toBeLessThanOrEqual(2)
      gate.release()
    }
    const outcomes = await Promise.all(tries)
    expect(gate.mostAtOnce()).toBe(2)
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome !== 'done')[0]).toMatchObject({
      failure: { kind: 'throttled', retryAfterSeconds: 2 },
    })
  })

  it('leaves its place to the next one also when it fails', async () => {
    const hasher = createPasswordHasher({ randomBytes, derive: () => Promise.reject(new Error('no memory')) })
    for (let n = 0; n < 12; n += 1) await expect(hasher.hash('a')).rejects.toThrow('no memory')
  })
})

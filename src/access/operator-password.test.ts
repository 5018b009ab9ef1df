import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createOperatorPassword } from './operator-password.ts'
import { createThrottle, type Attempts } from './throttle.ts'

function start(password = 'correct horse') {
  const clock = createFakeClock()
  const rows = new Map<string, Attempts>()
  const throttle = createThrottle({
    clock,
    store: {
      read: async (subject) => rows.get(subject),
      write: async (subject, attempts) => void rows.set(subject, attempts),
      prune: async () => {},
    },
  })
  const verified: string[] = []
  const operatorPassword = createOperatorPassword({
    password,
    throttle,
    digestKey: randomBytes(32),
    hasher: {
      hash: async (text) => `hash of ${text}`,
      verify: async (text, stored) => {
        verified.push(text)
        return stored === `hash of ${text}`
      },
    },
  })
  /** What became of a request with this bearer: `ok`, or the kind of failure. */
  async function outcome(secret: string | undefined, address = '192.0.2.1'): Promise<string> {
    const bytes = Buffer.from(`Bearer ${secret}`).toString('latin1')
    try {
      await operatorPassword.check(secret === undefined ? {} : { authorization: bytes }, address)
      return 'ok'
    } catch (error) {
      if (error instanceof GatewayError) return error.failure.kind
      throw error
    }
  }
  return { outcome, verified, clock, rows }
}

describe('the operator password', () => {
  it.each(['open sesame', '密码 word', 'naïve', 'p:w=d,', ' blanks around '])(
    'knows "%s"',
    async (password) => {
      expect(await start(password).outcome(password)).toBe('ok')
    },
  )

  it.each(['correct hors', 'correct horses', 'Correct horse'])('refuses "%s"', async (secret) => {
    expect(await start().outcome(secret)).toBe('unauthenticated')
  })

  it('does not count a request that carries none', async () => {
    const { outcome, rows } = start()
    for (let n = 0; n < 20; n += 1) expect(await outcome(undefined)).toBe('unauthenticated')
    expect(rows.size).toBe(0)
  })

  it('is hashed once, however many requests carry it, at once and later', async () => {
    const { outcome, verified } = start()
    const first = await Promise.all(Array.from({ length: 20 }, () => outcome('correct horse')))
    expect(new Set(first)).toEqual(new Set(['ok']))
    expect(await outcome('correct horse', '192.0.2.2')).toBe('ok')
    expect(verified).toEqual(['correct horse'])
  })

  it('S12: hashes five guesses of an address and no more, also when they come at once', async () => {
    const { outcome, verified } = start()
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => outcome(`guess ${n}`)))
    expect(outcomes.filter((each) => each === 'unauthenticated')).toHaveLength(5)
    expect(outcomes.filter((each) => each === 'throttled')).toHaveLength(45)
    expect(verified).toHaveLength(5)
  })

  it('tells one who has to wait nothing, not even that a guess is right', async () => {
    const { outcome, clock } = start()
    expect(await outcome('correct horse', 'the operator')).toBe('ok')
    for (let n = 0; n < 5; n += 1) await outcome(`guess ${n}`)
    expect(await outcome('correct horse')).toBe('throttled')
    clock.advance(30_000)
    expect(await outcome('correct horse')).toBe('ok')
  })

  it('still lets the operator in while the whole world guesses', async () => {
    const { outcome } = start()
    expect(await outcome('correct horse', 'the operator')).toBe('ok')
    for (let n = 0; n < 200; n += 1) await outcome('a guess', `stranger ${n}`)
    expect(await outcome('a guess', 'one more')).toBe('throttled')
    expect(await outcome('correct horse', 'the operator')).toBe('ok')
  })
})

import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createOperatorPassword, type PasswordStore, type StoredPassword } from './operator-password.ts'
import { createThrottle, type AttemptRows, type Attempts } from './throttle.ts'

function createMemoryStore(kept: StoredPassword | undefined): PasswordStore {
  return {
    read: async () => kept,
    async replace(before, after) {
      if (before?.hash !== kept?.hash) return false
      kept = after
      return true
    },
  }
}

const happening = { kind: 'password-set', actor: { kind: 'operator' } } as const

const start = (password = 'correct horse') => startWith(password)

function startWith(password: string | undefined, kept?: StoredPassword, store = createMemoryStore(kept)) {
  const clock = createFakeClock()
  const rows = new Map<string, Attempts>()
  const attempts: AttemptRows = {
    read: async (subject) => rows.get(subject),
    write: async (subject, written) => void rows.set(subject, written),
    prune: async () => {},
  }
  const throttle = createThrottle({
    clock,
    store: { ...attempts, inTurn: (work) => work(attempts) },
  })
  const verified: string[] = []
  let ids = 0
  const operatorPassword = createOperatorPassword({
    given: password === undefined ? undefined : { kind: 'plain', password },
    stored: store,
    createId: () => `id ${(ids += 1)}`,
    throttle,
    digestKey: Buffer.alloc(32, 7),
    hasher: {
      hash: async (text) => `hash of ${text}`,
      verify: async (text, stored) => {
        verified.push(text)
        return stored.endsWith(`hash of ${text}`)
      },
      isOutdated: (stored) => stored.startsWith('old '),
    },
  })
  /** What became of this try: `ok`, `wrong`, or the kind of failure. */
  async function outcome(secret: string, address = '192.0.2.1'): Promise<string> {
    try {
      return (await operatorPassword.verify(secret, address)) ? 'ok' : 'wrong'
    } catch (error) {
      if (error instanceof GatewayError) return error.failure.kind
      throw error
    }
  }
  return { outcome, verified, clock, rows, operatorPassword }
}

describe('the operator password', () => {
  it.each(['open sesame', '密码 word', 'naïve', 'p:w=d,', ' blanks around '])(
    'knows "%s"',
    async (password) => {
      expect(await start(password).outcome(password)).toBe('ok')
    },
  )

  it.each(['correct hors', 'correct horses', 'Correct horse'])('refuses "%s"', async (secret) => {
    expect(await start().outcome(secret)).toBe('wrong')
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
    expect(outcomes.filter((each) => each === 'wrong')).toHaveLength(5)
    expect(outcomes.filter((each) => each === 'throttled')).toHaveLength(45)
    expect(verified).toHaveLength(5)
  })

  it('S13: tells one who has to wait nothing, not even that a guess is right', async () => {
    const { outcome, clock } = start()
    expect(await outcome('correct horse', 'the operator')).toBe('ok')
    for (let n = 0; n < 5; n += 1) await outcome(`guess ${n}`)
    expect(await outcome('correct horse')).toBe('throttled')
    clock.advance(30_000)
    expect(await outcome('correct horse')).toBe('ok')
  })

  it('S12: still lets the operator in while the whole world guesses', async () => {
    const { outcome } = start()
    expect(await outcome('correct horse', 'the operator')).toBe('ok')
    for (let n = 0; n < 200; n += 1) await outcome('a guess', `stranger ${n}`)
    expect(await outcome('a guess', 'one more')).toBe('throttled')
    expect(await outcome('correct horse', 'the operator')).toBe('ok')
  })
})

describe('a password that was set through the API', () => {
  const stored = { id: 'first', hash: 'hash of correct horse' }

  it('S15: counts at once, and its predecessor no more', async () => {
    const { outcome, operatorPassword } = startWith(undefined, stored)
    expect(await operatorPassword.source()).toBe('stored')
    const before = await operatorPassword.print()
    expect(await outcome('correct horse')).toBe('ok')
    expect(await operatorPassword.store('battery staple', { knownPrint: before, happening })).toBe(true)
    expect(await operatorPassword.print()).not.toBe(before)
    expect(await outcome('correct horse')).toBe('wrong')
    expect(await outcome('battery staple')).toBe('ok')
  })

  it('S10, S15: counts at once in another process too, and ends its sessions there', async () => {
    const database = createMemoryStore({ id: 'first', hash: 'hash of correct horse' })
    const [here, there] = [
      startWith(undefined, undefined, database),
      startWith(undefined, undefined, database),
    ]
    expect(await there.outcome('correct horse')).toBe('ok')
    const before = await there.operatorPassword.print()
    await here.operatorPassword.store('battery staple', { knownPrint: before, happening })
    expect(await there.operatorPassword.print()).not.toBe(before)
    expect([await there.outcome('correct horse'), await there.outcome('battery staple')]).toEqual([
      'wrong',
      'ok',
    ])
  })

  it('S7: is set by one of those who set the first one at the same moment', async () => {
    const { operatorPassword } = startWith(undefined, undefined)
    expect(await operatorPassword.source()).toBeUndefined()
    const results = await Promise.all(
      ['one horse', 'two horses'].map((each) =>
        operatorPassword.store(each, { knownPrint: undefined, happening }),
      ),
    )
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('is not replaced by who has shown its predecessor alone', async () => {
    const { outcome, operatorPassword } = startWith(undefined, stored)
    const knownPrint = await operatorPassword.print()
    const results = [
      await operatorPassword.store('one horse', { knownPrint, happening }),
      await operatorPassword.store('two horses', { knownPrint, happening }),
    ]
    expect(results).toEqual([true, false])
    expect(await outcome('one horse')).toBe('ok')
  })

  it('does not count beside one of the environment', async () => {
    const { outcome, operatorPassword } = startWith('open sesame', stored)
    expect(await operatorPassword.source()).toBe('environment')
    expect(await outcome('correct horse')).toBe('wrong')
    expect(await outcome('open sesame')).toBe('ok')
  })

  it('S9: is hashed anew when its hash is older than what is demanded now, and stays the same password', async () => {
    const { outcome, operatorPassword, verified } = startWith(undefined, {
      id: 'first',
      hash: 'old hash of correct horse',
    })
    const before = await operatorPassword.print()
    expect(await outcome('correct horse')).toBe('ok')
    expect(await operatorPassword.print()).toBe(before)
    expect(await outcome('correct horse', 'elsewhere')).toBe('ok')
    expect(verified).toHaveLength(1)
  })
})

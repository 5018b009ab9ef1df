import { describe, expect, it } from 'vitest'
import { GatewayError, type FailureKind } from '../conversation/failures.ts'
import type { CounterChange } from './account-store.ts'
import type { Account } from './account.ts'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createPool, type Outcome } from './pool.ts'
import { sampleAccount } from './sample-account.ts'
import { chooseAtRandom } from './strategies.ts'

const withToken = { fingerprints: { clientSecret: '0', refreshToken: '1' } }
const usable = (id: string) => sampleAccount(id, withToken)

async function createTestPool(accounts: Account[], random = () => 0) {
  const clock = createFakeClock()
  const written: (readonly CounterChange[])[] = []
  const reports: unknown[] = []
  const disk = { broken: false }
  const pool = await createPool({
    store: {
      list: async () => accounts,
      addCounters: async (changes) => {
        if (disk.broken) throw new Error('disk full')
        written.push(changes)
      },
    },
    strategy: chooseAtRandom,
    random,
    clock,
    report: (error) => void reports.push(error),
  })
  const settle = async (outcome: Outcome) => {
    const lease = await pool.lease()
    lease?.settle(outcome)
  }
  return { pool, clock, written, reports, disk, settle }
}

describe('lease', () => {
  it.each([
    [0, 'a'],
    [0.34, 'b'],
    [0.999, 'c'],
  ])('picks by the random number %d among the accounts', async (number, id) => {
    const { pool } = await createTestPool([usable('a'), usable('b'), usable('c')], () => number)
    expect((await pool.lease())?.account.id).toBe(id)
  })

  it('passes over what is disabled, damaged, without tokens or excluded', async () => {
    const { pool } = await createTestPool([
      { ...usable('disabled'), enabled: false },
      { ...usable('damaged'), readable: false },
      sampleAccount('without tokens', { fingerprints: { clientSecret: '0' } }),
      usable('tried'),
      usable('good'),
    ])
    expect((await pool.lease({ exclude: new Set(['tried']) }))?.account.id).toBe('good')
    expect(pool.usableCount()).toBe(2)
  })

  it('answers nothing when every usable account was tried', async () => {
    const { pool } = await createTestPool([usable('a')])
    expect(await pool.lease({ exclude: new Set(['a']) })).toBeUndefined()
  })

  it.each<[string, Account[], FailureKind, RegExp]>([
    ['there is none', [], 'no-account', /^There is no Amazon Q account yet\. Add one: POST \/v2\/accounts/],
    [
      'none is enabled',
      [{ ...usable('a'), enabled: false }],
      'no-account',
      /^No Amazon Q account is enabled\. Add one: POST \/v2\/accounts/,
    ],
    ['none has tokens', [sampleAccount('a')], 'accounts-parked', /sign in again/],
  ])('says what to do when %s', async (_case, accounts, kind, message) => {
    const { pool } = await createTestPool(accounts)
    const error = await pool.lease().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(GatewayError)
    expect(error).toMatchObject({ failure: { kind, message: expect.stringMatching(message) } })
  })

  it('keeps in step with accounts that come and go', async () => {
    const { pool } = await createTestPool([usable('a')])
    pool.add(usable('b'))
    pool.remove('a')
    expect((await pool.lease())?.account.id).toBe('b')
    expect(pool.usableCount()).toBe(1)
  })
})

describe('settle', () => {
  it.each<[FailureKind, number]>([
    ['upstream-unavailable', 1],
    ['access-denied', 1],
    ['sign-in-needed', 1],
    ['interrupted', 0.5],
    ['empty-reply', 0.5],
    ['throttled', 0],
    ['invalid-request', 0],
    ['client-gone', 0],
    ['unreachable', 0],
  ])('counts %s as %d strikes', async (failure, strikes) => {
    const { pool, written, settle } = await createTestPool([usable('a')])
    await settle({ kind: 'failed', failure })
    await pool.flush()
    const change = { id: 'a', successes: 0, strikes, strikesReset: false }
    expect(written).toEqual(strikes === 0 ? [] : [[change]])
  })

  it('counts once, whatever is said afterwards', async () => {
    const { pool, written } = await createTestPool([usable('a')])
    const lease = await pool.lease()
    lease?.settle({ kind: 'abandoned' })
    lease?.settle({ kind: 'success' })
    await pool.flush()
    expect(written).toEqual([])
  })

  it('writes a second later, all in one batch, and leaves no timer behind', async () => {
    const { pool, clock, written, settle } = await createTestPool([usable('a')])
    expect(clock.pending()).toBe(0)
    await settle({ kind: 'success' })
    await settle({ kind: 'success' })
    clock.advance(999)
    await Promise.resolve()
    expect(written).toEqual([])
    clock.advance(1)
    await pool.flush()
    expect(written).toEqual([[{ id: 'a', successes: 2, strikes: 0, strikesReset: true }]])
    expect(clock.pending()).toBe(0)
  })

  it('starts the strikes anew at a success, and counts those that follow it', async () => {
    const { pool, written, settle } = await createTestPool([usable('a')])
    await settle({ kind: 'failed', failure: 'upstream-unavailable' })
    await settle({ kind: 'success' })
    await settle({ kind: 'failed', failure: 'interrupted' })
    await pool.close()
    expect(written).toEqual([[{ id: 'a', successes: 1, strikes: 0.5, strikesReset: true }]])
  })

  it('keeps what could not be written, adds what came since, reports it and tries again', async () => {
    const { pool, clock, written, reports, disk, settle } = await createTestPool([usable('a')])
    disk.broken = true
    await settle({ kind: 'failed', failure: 'upstream-unavailable' })
    await pool.flush()
    expect(reports).toEqual([new Error('disk full')])
    disk.broken = false
    await settle({ kind: 'failed', failure: 'upstream-unavailable' })
    clock.advance(1000)
    await pool.flush()
    expect(written).toEqual([[{ id: 'a', successes: 0, strikes: 2, strikesReset: false }]])
  })

  it('writes what is left when it is closed, and starts no timer afterwards', async () => {
    const { pool, clock, written, settle } = await createTestPool([usable('a')])
    await settle({ kind: 'success' })
    await pool.close()
    expect(written).toHaveLength(1)
    await settle({ kind: 'success' })
    expect(clock.pending()).toBe(0)
  })
})

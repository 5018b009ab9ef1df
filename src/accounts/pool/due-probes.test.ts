/** Accounts that were disabled for their strikes: who tries them again, and when. */
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import type { AccountSettings } from '../account.ts'
import type { Outcome } from '../standing/after-outcome.ts'
import { createPool, type LeaseWishes } from './pool.ts'
import { sampleAccount, sampleLimits } from '../sample-account.ts'
import { ready, type AccountStatus } from '../status.ts'
import { chooseAtRandom } from './strategies/random.ts'

const MINUTE_MS = 60_000
const NOW = Date.parse('2026-11-22T10:00:00Z')
const forStrikes: AccountStatus = { kind: 'disabled', by: 'threshold', at: new Date(NOW) }
const byOperator: AccountStatus = { kind: 'disabled', by: 'operator' }
const success: Outcome = { kind: 'success' }
const broken: Outcome = { kind: 'failed', failure: { kind: 'upstream-unavailable', message: 'scripted' } }

/** Beside those that are named there is the account `good`, which is ready unless told otherwise. */
async function start(statuses: Record<string, AccountStatus>, settings: Partial<AccountSettings> = {}) {
  const clock = createFakeClock(NOW)
  const accounts = Object.entries({ good: ready, ...statuses }).map(([id, status]) => {
    const plain = sampleAccount(id, { status, fingerprints: { refreshToken: '0' } })
    return id === 'good' ? plain : { ...plain, settings: { ...plain.settings, ...settings } }
  })
  const pool = await createPool({
    store: { list: async () => accounts, addCounters: async () => {} },
    strategy: chooseAtRandom,
    random: () => 0.5,
    clock,
    limits: sampleLimits,
    report: (error) => {
      throw error
    },
  })
  const lend = async (wishes: LeaseWishes = {}) => {
    const lease = await pool.lease(wishes)
    if (lease === undefined) throw new Error('Nothing was lent.')
    return lease
  }
  /** Lends and gives back at once. */
  const serve = async (wishes: LeaseWishes = {}, outcome: Outcome = success) => {
    const lease = await lend(wishes)
    lease.settle(outcome)
    return lease.account.id
  }
  const statusOf = async (accountId: string) => (await lend({ accountId })).account.status
  return { clock, pool, lend, serve, statusOf }
}

describe('an account that was disabled for its strikes', () => {
  it('is tried again by one request after a quarter of an hour, and ready when that succeeds', async () => {
    const { clock, pool, lend, serve } = await start({ bad: forStrikes })
    clock.advance(15 * MINUTE_MS - 1)
    expect(await serve()).toBe('good')
    clock.advance(1001)
    const probe = await lend()
    expect(probe.account.id).toBe('bad')
    clock.advance(5 * MINUTE_MS)
    expect([await serve(), await serve()]).toEqual(['good', 'good'])
    expect(pool.enabled().map(({ id }) => id)).toEqual(['good'])
    probe.settle(success)
    expect(pool.enabled().map(({ id, status }) => `${id} ${status.kind}`)).toEqual([
      'good ready',
      'bad ready',
    ])
  })

  it('is tried ever more rarely while it fails', async () => {
    const { clock, serve } = await start({ bad: forStrikes })
    const triedAt: number[] = []
    for (let minute = 1; minute <= 24 * 60; minute += 1) {
      clock.advance(MINUTE_MS)
      if ((await serve({}, broken)) === 'bad') triedAt.push(minute)
      // The failures of the other one are not what this is about.
      await serve({ exclude: new Set(['bad']) })
    }
    expect(triedAt).toEqual([15, 45, 105, 225, 465, 825, 1185])
  })

  it('is tried again a minute later when the client leaves', async () => {
    const { clock, serve } = await start({ bad: forStrikes })
    clock.advance(15 * MINUTE_MS)
    expect(await serve({}, { kind: 'abandoned' })).toBe('bad')
    clock.advance(MINUTE_MS - 1)
    expect(await serve()).toBe('good')
    clock.advance(1000)
    expect(await serve()).toBe('bad')
  })

  it.each<[string, Parameters<typeof start>, LeaseWishes]>([
    ['the operator has disabled it', [{ bad: byOperator }], {}],
    [
      'the request has tried another one',
      [{ bad: forStrikes, other: ready }],
      { exclude: new Set(['other']) },
    ],
    ['it may not serve the model', [{ bad: forStrikes }, { models: ['n'] }], { model: 'm' }],
    ['its operator lets it rest', [{ bad: forStrikes }, { pausedUntil: new Date(NOW + 90 * MINUTE_MS) }], {}],
    ['it had better be avoided', [{ bad: forStrikes }], { avoid: ({ id }) => id === 'bad' }],
    ['it has no room', [{ bad: forStrikes }, { concurrencyLimit: 0 }], {}],
  ])('is not tried when %s', async (_case, setup, wishes) => {
    const { clock, serve } = await start(...setup)
    clock.advance(60 * MINUTE_MS)
    expect(await serve(wishes)).toBe('good')
  })

  it('is tried by a request that no other account could serve, so that the only one comes back', async () => {
    const until = new Date(NOW + 120 * MINUTE_MS)
    const { clock, pool, serve } = await start({ bad: forStrikes, good: { kind: 'exhausted', until } })
    await expect(pool.lease()).rejects.toMatchObject({ failure: { kind: 'quota' } })
    clock.advance(60 * MINUTE_MS)
    expect(await serve()).toBe('bad')
    expect(await serve()).toBe('bad')
  })

  it('is not tried any more when it is gone', async () => {
    const { clock, pool, serve } = await start({ bad: forStrikes })
    pool.remove('bad')
    clock.advance(60 * MINUTE_MS)
    expect(await serve()).toBe('good')
  })

  it('takes turns with others of its kind, one a second', async () => {
    const { clock, serve } = await start({ one: forStrikes, two: forStrikes })
    clock.advance(60 * MINUTE_MS)
    const served: string[] = []
    for (let request = 0; request < 25; request += 1) {
      served.push(await serve({}, { kind: 'abandoned' }))
      clock.advance(100)
    }
    expect(served.flatMap((id, request) => (id === 'good' ? [] : [`${request} ${id}`]))).toEqual([
      '0 one',
      '10 two',
    ])
  })
})

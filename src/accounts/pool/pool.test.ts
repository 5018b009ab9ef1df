import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError, policyOf, type FailureKind } from '../../conversation/failures.ts'
import type { CounterChange } from '../account-store.ts'
import { isEnabled, type Account } from '../account.ts'
import { createFakeClock } from '../../../test/fake-clock.ts'
import type { Outcome } from '../standing/after-outcome.ts'
import { createPool, type Pool } from './pool.ts'
import { sampleAccount, sampleLimits } from '../sample-account.ts'
import { noBackoff, type AccountStatus } from '../status.ts'
import { chooseAtRandom } from './strategies/random.ts'

const withToken = { fingerprints: { clientSecret: '0', refreshToken: '1' } }
const usable = (id: string, changes: Partial<Account> = {}) => sampleAccount(id, { ...withToken, ...changes })
const byHand: AccountStatus = { kind: 'disabled', by: 'operator' }
const inSeconds = (seconds: number) => new Date(Date.parse('2026-11-22T10:00:00Z') + seconds * 1000)
const resting = (seconds: number): AccountStatus => ({
  kind: 'cooling',
  until: inSeconds(seconds),
  why: 'throttled',
})
const failed = (kind: FailureKind, retryAfterSeconds?: number): Outcome => ({
  kind: 'failed',
  failure: { kind, message: 'scripted', ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
})
const soon = () => new Promise((resolve) => setImmediate(resolve))

/** `models`: those of each account, where they are known. */
async function createTestPool(accounts: Account[], random = () => 0, models: Record<string, string[]> = {}) {
  const clock = createFakeClock()
  const written: (readonly CounterChange[])[] = []
  const reports: unknown[] = []
  const disk = { broken: false }
  const told: string[] = []
  const pool = await createPool({
    store: {
      list: async () => accounts,
      addCounters: async (changes) => {
        if (disk.broken) throw new Error('disk full')
        written.push(changes)
      },
    },
    models: {
      offers: (id, model) => models[id]?.includes(model) !== false,
      noteAccount: ({ id, status }) => void told.push(`${id} is ${status.kind}`),
      forgetAccount: (id) => void told.push(`${id} is gone`),
      noteModelRefused: (id) => void told.push(`${id} is refused a model`),
    },
    strategy: chooseAtRandom,
    random,
    clock,
    limits: sampleLimits,
    report: (error) => void reports.push(error),
  })
  const settle = async (outcome: Outcome) => {
    const lease = await pool.lease()
    lease?.settle(outcome)
  }
  return { pool, clock, written, reports, disk, told, settle }
}

async function countEnabled(pool: Pool, ids: string[]): Promise<number> {
  const leases = await Promise.all(ids.map((accountId) => pool.lease({ accountId })))
  return leases.filter((lease) => lease !== undefined && isEnabled(lease.account)).length
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
      usable('disabled', { status: byHand }),
      usable('parked', { status: { kind: 'parked', why: 'x' } }),
      usable('cooling', { status: resting(9) }),
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
    [
      'there is none',
      [],
      'no-account',
      /^There is no Amazon Q account yet\. Add one: sign it in with POST \/v2\/auth\/start/,
    ],
    [
      'none is enabled',
      [usable('a', { status: byHand })],
      'no-account',
      /^No Amazon Q account is enabled\. Add one: sign it in with POST \/v2\/auth\/start/,
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
    pool.put(usable('b'))
    pool.remove('a')
    expect((await pool.lease())?.account.id).toBe('b')
    expect(pool.usableCount()).toBe(1)
  })
})

describe('a pool without a ready account', () => {
  it('waits for one that is ready soon', async () => {
    const { pool, clock } = await createTestPool([
      usable('a', { status: resting(4) }),
      usable('b', { status: resting(60) }),
    ])
    const waiting = pool.lease()
    clock.advance(3999)
    await soon()
    expect(clock.pending()).toBe(2)
    clock.advance(1)
    expect((await waiting)?.account.id).toBe('a')
    expect(clock.pending()).toBe(0)
  })

  it('stops waiting when the client leaves, and lends nothing to one that has left', async () => {
    const { pool, clock } = await createTestPool([usable('a', { status: resting(4) })])
    const client = new AbortController()
    const waiting = pool.lease({ signal: client.signal })
    client.abort()
    await expect(waiting).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    expect(clock.pending()).toBe(0)
    clock.advance(4000)
    const late = pool.lease({ signal: client.signal })
    await expect(late).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
  })

  it('answers nothing to a further attempt when the last account was just disabled or removed', async () => {
    const { pool } = await createTestPool([usable('a')])
    const exclude = new Set(['a'])
    pool.put(usable('a', { status: byHand }))
    expect(await pool.lease({ exclude })).toBeUndefined()
    pool.remove('a')
    expect(await pool.lease({ exclude })).toBeUndefined()
    expect(await pool.lease({ exclude, accountId: 'a' })).toBeUndefined()
  })

  it('does not let a further attempt wait', async () => {
    const { pool } = await createTestPool([usable('a'), usable('b', { status: resting(1) })])
    expect(await pool.lease({ exclude: new Set(['a']) })).toBeUndefined()
  })

  it('passes over one that its operator lets rest, whatever becomes of what it is doing, until that has ended', async () => {
    const { pool, clock } = await createTestPool([usable('a'), usable('b', { status: resting(1000) })])
    const under = await pool.lease()
    const { settings } = usable('a')
    pool.update(usable('a', { settings: { ...settings, pausedUntil: inSeconds(600) } }))
    under?.settle({ kind: 'success' })
    expect(pool.usableCount()).toBe(0)
    expect(pool.tally().byStatus).toEqual({ paused: 1, cooling: 1 })
    await expect(pool.lease()).rejects.toMatchObject({
      failure: { kind: 'accounts-cooling', retryAfterSeconds: 60 },
    })
    // The operator's own tests are another matter.
    expect((await pool.lease({ accountId: 'a' }))?.account.id).toBe('a')
    clock.advance(600_000)
    expect((await pool.lease())?.account.id).toBe('a')
  })

  it.each<[string, AccountStatus[], FailureKind, number | undefined]>([
    ['all cool', [resting(30), resting(5.5)], 'accounts-cooling', 6],
    ['the soonest comes in some minutes', [resting(599)], 'accounts-cooling', 60],
    ['the soonest comes much later', [resting(601)], 'accounts-cooling', 601],
    [
      'some are out of quota, others parked',
      [
        { kind: 'exhausted', until: inSeconds(86_400) },
        { kind: 'parked', why: 'x' },
      ],
      'quota',
      86_400,
    ],
    ['all wait for the operator', [{ kind: 'parked', why: 'x' }], 'accounts-parked', undefined],
    [
      'each waits for him in its own way',
      [
        { kind: 'needs-sign-in', why: 'x' },
        { kind: 'misconfigured', until: inSeconds(900), why: 'y' },
        { kind: 'cooling', until: inSeconds(450), why: 'sign-in-refused' },
      ],
      'accounts-parked',
      undefined,
    ],
  ])('tells when %s', async (_case, statuses, kind, retryAfterSeconds) => {
    const { pool, clock } = await createTestPool([
      ...statuses.map((status, index) => usable(`${index}`, { status })),
      usable('off', { status: byHand }),
    ])
    const error = await pool.lease().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ failure: { kind } })
    expect(error instanceof GatewayError && error.failure.retryAfterSeconds).toBe(retryAfterSeconds)
    expect(clock.pending()).toBe(0)
  })

  it('says what the operator must do', async () => {
    const { pool } = await createTestPool([
      usable('a', { status: { kind: 'parked', why: 'Amazon Q has suspended the account.' } }),
    ])
    await expect(pool.lease()).rejects.toThrow(/until you enable it again. Amazon Q has suspended/)
  })

  it('tells clients what is wrong with an account, without the names in it', async () => {
    const why = 'It has several profiles.'
    const forOperator = 'Set its profileArn to one of: canary.'
    const { pool } = await createTestPool([
      usable('a', { status: { kind: 'misconfigured', until: inSeconds(900), why, forOperator } }),
    ])
    await expect(pool.lease()).rejects.toThrow(/does not work as it is set up.*several profiles/)
    await expect(pool.lease()).rejects.not.toThrow(/canary/)
  })
})

const onlyHaiku = (id: string) =>
  usable(id, { settings: { ...sampleAccount(id).settings, models: ['haiku'] } })

describe('models', () => {
  it('are asked of accounts that have them, as far as that is known', async () => {
    const accounts = [usable('a'), usable('b'), usable('c')]
    const { pool } = await createTestPool(accounts, () => 0, { a: ['one'], b: ['two'] })
    expect((await pool.lease({ model: 'one' }))?.account.id).toBe('a')
    expect((await pool.lease({ model: 'two' }))?.account.id).toBe('b')
    expect((await pool.lease({ model: 'three' }))?.account.id).toBe('c')
    expect((await pool.lease())?.account.id).toBe('a')
    pool.remove('c')
    await expect(pool.lease({ model: 'three' })).rejects.toMatchObject({
      failure: { kind: 'model-not-found' },
    })
  })

  it('are looked up anew when an account comes, changes or is refused one', async () => {
    const { pool, told } = await createTestPool([usable('a')])
    pool.put(usable('b', { status: byHand }))
    pool.update({ ...usable('b'), label: 'x' })
    pool.update(usable('stranger'))
    pool.remove('b')
    const lease = await pool.lease({ model: 'm' })
    lease?.settle(failed('model-not-found'))
    expect(told).toEqual(['b is disabled', 'b is disabled', 'b is gone', 'a is refused a model'])
    expect(pool.enabled().map(({ id }) => id)).toEqual(['a'])
  })

  it('are lent only accounts that may serve them', async () => {
    const { pool } = await createTestPool([onlyHaiku('a'), usable('b')])
    expect((await pool.lease({ model: 'sonnet' }))?.account.id).toBe('b')
    expect((await pool.lease({ model: 'haiku' }))?.account.id).toBe('a')
  })

  it('that no account may serve are not found', async () => {
    const { pool } = await createTestPool([onlyHaiku('a')])
    await expect(pool.lease({ model: 'sonnet' })).rejects.toMatchObject({
      failure: { kind: 'model-not-found' },
    })
  })

  it('that an account is not given are asked of the others for an hour', async () => {
    const { pool, clock } = await createTestPool([usable('a'), usable('b')])
    const lease = await pool.lease({ model: 'm' })
    lease?.settle(failed('model-not-found'))
    expect((await pool.lease({ model: 'm' }))?.account.id).toBe('b')
    expect((await pool.lease({ model: 'other' }))?.account.id).toBe('a')
    clock.advance(3_600_000)
    expect((await pool.lease({ model: 'm' }))?.account.id).toBe('a')
  })

  it('without room rest for two seconds or more, which a new request waits out', async () => {
    const { pool, clock, written } = await createTestPool([usable('a'), usable('b')])
    const lease = await pool.lease({ model: 'm' })
    lease?.settle(failed('capacity'))
    expect(await pool.lease({ model: 'm', exclude: new Set([lease?.account.id ?? '']) })).toBeDefined()
    expect(await pool.lease({ model: 'other' })).toBeDefined()
    const waiting = pool.lease({ model: 'm' })
    clock.advance(2000)
    expect(await waiting).toBeDefined()
    await pool.flush()
    expect(written).toEqual([])
  })

  it('without room for up to ten seconds are told as such to a new request', async () => {
    const { pool } = await createTestPool([usable('a'), usable('b')], () => 0.9999)
    const lease = await pool.lease({ model: 'm' })
    lease?.settle(failed('capacity'))
    await expect(pool.lease({ model: 'm' })).rejects.toMatchObject({
      failure: { kind: 'capacity', retryAfterSeconds: 10 },
    })
    expect(pool.retryAfterSeconds({ model: 'm' })).toBe(10)
    expect(pool.retryAfterSeconds({ model: 'other' })).toBeUndefined()
  })

  it('that an account is given after all are asked of it again', async () => {
    const { pool } = await createTestPool([usable('a'), usable('b')])
    const refused = await pool.lease({ model: 'm' })
    refused?.settle(failed('model-not-found'))
    const tested = await pool.lease({ model: 'm', accountId: 'a' })
    tested?.settle({ kind: 'success' })
    expect(await pool.lease({ model: 'm', exclude: new Set(['b']) })).toBeDefined()
  })

  it('that are answered again rest no longer', async () => {
    const { pool, clock } = await createTestPool([usable('a'), usable('b')], () => 0.9999)
    const answered = await pool.lease({ model: 'm' })
    clock.advance(1)
    const refused = await pool.lease({ model: 'm' })
    refused?.settle(failed('capacity'))
    const paused = { failure: { kind: 'capacity' } }
    // What was let in before the pause says nothing about it, and neither does another model.
    answered?.settle({ kind: 'success' })
    await expect(pool.lease({ model: 'm' })).rejects.toMatchObject(paused)
    const other = await pool.lease({ model: 'other' })
    other?.settle({ kind: 'success' })
    await expect(pool.lease({ model: 'm' })).rejects.toMatchObject(paused)
    const further = await pool.lease({ model: 'm', exclude: new Set(['b']) })
    further?.settle({ kind: 'success' })
    expect(await pool.lease({ model: 'm' })).toBeDefined()
  })
})

const limited = (id: string, changes: Partial<Account> = {}) =>
  usable(id, { settings: { ...sampleAccount(id).settings, concurrencyLimit: 1 }, ...changes })

describe('an account with a limit of requests at once', () => {
  it('is passed over while it has no room', async () => {
    const { pool } = await createTestPool([limited('a'), usable('b')])
    const first = await pool.lease()
    expect(first?.account.id).toBe('a')
    expect((await pool.lease())?.account.id).toBe('b')
    expect(await pool.lease({ exclude: new Set(['b']) })).toBeUndefined()
    first?.settle({ kind: 'abandoned' })
    first?.settle({ kind: 'abandoned' })
    expect((await pool.lease({ exclude: new Set(['b']) }))?.account.id).toBe('a')
    expect((await pool.lease())?.account.id).toBe('b')
  })

  it('is waited for, in turn', async () => {
    const { pool, clock } = await createTestPool([limited('a')])
    const first = await pool.lease()
    const order: string[] = []
    const wait = async (name: string) => {
      const lease = await pool.lease()
      order.push(name)
      return lease
    }
    const second = wait('second')
    const third = wait('third')
    await soon()
    expect(order).toEqual([])
    first?.settle({ kind: 'success' })
    await soon()
    expect(order).toEqual(['second'])
    const lease = await second
    lease?.settle({ kind: 'success' })
    await third
    expect(order).toEqual(['second', 'third'])
    await pool.close()
    expect(clock.pending()).toBe(0)
  })

  it('is waited for no longer than for one that rests', async () => {
    const { pool, clock } = await createTestPool([limited('a'), limited('b', { status: resting(600) })])
    await pool.lease()
    const waiting = pool.lease()
    clock.advance(5000)
    await expect(waiting).rejects.toMatchObject({
      failure: { kind: 'overloaded-here', retryAfterSeconds: 1 },
    })
  })

  it('has room as soon as the operator gives it', async () => {
    const { pool } = await createTestPool([limited('a')])
    await pool.lease()
    const waiting = pool.lease()
    await soon()
    pool.update(usable('a'))
    expect((await waiting)?.account.id).toBe('a')
  })

  it('is lent beyond its limit to the operator who asks for it', async () => {
    const { pool } = await createTestPool([limited('a')])
    await pool.lease()
    expect(await pool.lease({ accountId: 'a' })).toBeDefined()
  })
})

describe('an account that is asked for by its id', () => {
  it.each<[string, AccountStatus]>([
    ['parked', { kind: 'parked', why: 'x' }],
    ['cooling', resting(60)],
    ['disabled', byHand],
  ])('is lent although it is %s', async (_kind, status) => {
    const { pool } = await createTestPool([usable('a'), usable('b', { status })])
    expect((await pool.lease({ accountId: 'b' }))?.account.id).toBe('b')
    expect(await pool.lease({ accountId: 'b', exclude: new Set(['b']) })).toBeUndefined()
  })

  it('must exist, and have tokens', async () => {
    const { pool } = await createTestPool([sampleAccount('bare')])
    await expect(pool.lease({ accountId: 'x' })).rejects.toMatchObject({ failure: { kind: 'not-found' } })
    await expect(pool.lease({ accountId: 'bare' })).rejects.toMatchObject({
      failure: { kind: 'accounts-parked' },
    })
  })
})

describe('status', () => {
  it('is written with the counters, at once when it takes a person to end it', async () => {
    const { written, settle, pool } = await createTestPool([usable('a')])
    await settle(failed('throttled', 30))
    expect(written).toEqual([])
    await pool.flush()
    expect(written).toMatchObject([
      [{ standing: { to: { status: { kind: 'cooling', until: inSeconds(30) } } } }],
    ])
    pool.note('a', failed('suspended'))
    await soon()
    expect(written.at(-1)).toMatchObject([
      { standing: { from: { status: { kind: 'cooling' } }, to: { status: { kind: 'parked' } } } },
    ])
  })

  it('set by the operator overrules what was about to be written', async () => {
    const { written, settle, pool } = await createTestPool([usable('a')])
    await settle({ kind: 'success' })
    await settle(failed('throttled', 30))
    pool.put(usable('a', { status: byHand }))
    await pool.flush()
    // It is stored already.
    expect(written).toEqual([[{ id: 'a', successes: 1, strikes: 0, strikesReset: false }]])
    await expect(pool.lease()).rejects.toMatchObject({ failure: { kind: 'no-account' } })
  })

  it('set by the operator while another one is being written is written once more', async () => {
    const { written, pool } = await createTestPool([usable('a')])
    pool.note('a', failed('throttled', 30))
    pool.note('a', failed('upstream-unavailable'))
    const flushed = pool.flush()
    await Promise.resolve()
    pool.put(usable('a', { status: byHand, strikes: 0 }))
    await flushed
    await pool.flush()
    const resting30 = { status: resting(30), backoff: { throttles: 1, denials: 0 } }
    expect(written[1]).toEqual([
      {
        id: 'a',
        successes: 0,
        strikes: 0,
        strikesReset: true,
        standing: { from: resting30, to: { status: byHand, backoff: noBackoff } },
      },
    ])
  })

  it('stays when other settings change', async () => {
    const { settle, pool } = await createTestPool([usable('a')])
    await settle(failed('throttled', 30))
    pool.update(usable('a', { label: 'new' }))
    await expect(pool.lease()).rejects.toMatchObject({ failure: { kind: 'accounts-cooling' } })
  })

  it('never becomes disabled for more than half, rounded up, of the accounts within ten minutes', async () => {
    const kinds: FailureKind[] = [
      'upstream-unavailable',
      'interrupted',
      'access-denied',
      'throttled',
      'quota',
    ]
    const step = fc.record({ id: fc.nat(6), kind: fc.constantFrom(...kinds), waitMs: fc.nat(60_000) })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.array(step, { maxLength: 150 }),
        async (count, steps) => {
          const ids = Array.from({ length: count }, (_, index) => `${index}`)
          const { pool, clock } = await createTestPool(ids.map((id) => usable(id)))
          const disablings: number[] = []
          for (const { id, kind, waitMs } of steps) {
            clock.advance(waitMs)
            const lately = disablings.filter((at) => at > clock.now() - 600_000).length
            const before = await countEnabled(pool, ids)
            pool.note(`${id % count}`, failed(kind))
            const gone = before - (await countEnabled(pool, ids))
            if (gone > 0) disablings.push(clock.now())
            expect(lately + gone).toBeLessThanOrEqual(Math.ceil((before + lately) / 2))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is disabled by enough strikes in a row, and a success in between starts anew', async () => {
    const { pool } = await createTestPool([usable('a'), usable('b')])
    const strike = () => pool.note('a', failed('upstream-unavailable'))
    strike()
    strike()
    pool.note('a', { kind: 'success' })
    strike()
    strike()
    expect(pool.usableCount()).toBe(2)
    strike()
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
    await settle(failed(failure))
    await pool.flush()
    expect(written.flat().map((change) => change.strikes)).toEqual(
      strikes === 0 && policyOf(failure).effect === 'none' ? [] : [strikes],
    )
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
    await settle(failed('upstream-unavailable'))
    await settle({ kind: 'success' })
    await settle(failed('interrupted'))
    await pool.close()
    expect(written).toEqual([[{ id: 'a', successes: 1, strikes: 0.5, strikesReset: true }]])
  })

  it('keeps what could not be written, adds what came since, reports it and tries again', async () => {
    const { pool, clock, written, reports, disk, settle } = await createTestPool([usable('a')])
    disk.broken = true
    await settle(failed('upstream-unavailable'))
    await pool.flush()
    expect(reports).toEqual([new Error('disk full')])
    disk.broken = false
    await settle(failed('upstream-unavailable'))
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

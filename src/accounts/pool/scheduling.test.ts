/** The whole pool: who is lent which account, in what shares, and who waits. */
import { describe, expect, it } from 'vitest'
import type { FailureKind } from '../../conversation/failures.ts'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { createRandom } from '../../../test/full/hostile/random.ts'
import type { Account, AccountSettings } from '../account.ts'
import type { Outcome } from '../standing/after-outcome.ts'
import { createPool, type Lease, type LeaseWishes, type PoolLimits, type PoolParts } from './pool.ts'
import type { Quota } from '../quota.ts'
import { sampleAccount, sampleLimits } from '../sample-account.ts'
import { createSessions } from './sessions.ts'
import { createStrategy, type StrategyName } from './strategies/strategies.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const soon = () => new Promise((resolve) => setImmediate(resolve))
const failed = (kind: FailureKind, retryAfterSeconds?: number): Outcome => ({
  kind: 'failed',
  failure: { kind, message: 'scripted', ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
})
const account = (
  id: string,
  settings: Partial<AccountSettings> = {},
  changes: Partial<Account> = {},
): Account => {
  const plain = sampleAccount(id, { fingerprints: { clientSecret: '0', refreshToken: '1' } })
  return { ...plain, settings: { ...plain.settings, ...settings }, ...changes }
}
const session = (name: string, isOpening = false) => ({ key: name.padEnd(32, '0'), isOpening })
const quota = (left: number, endsAt?: Date): Quota => ({
  readAt: new Date(NOW),
  sources: [{ kind: 'plan', used: 1000 - left, limit: 1000, ...(endsAt && { endsAt }) }],
})

interface Setup extends Partial<Pick<PoolParts, 'models' | 'slots' | 'lazyPool'>> {
  strategy?: StrategyName
  limits?: Partial<PoolLimits>
}

async function start(accounts: Account[], { strategy = 'random', limits = {}, ...parts }: Setup = {}) {
  const clock = createFakeClock(NOW)
  const chance = createRandom(42)
  const sessions = createSessions({ clock, maxSessions: 1000, maxIdleMs: 3_600_000 })
  const pool = await createPool({
    store: { list: async () => accounts, addCounters: async () => {} },
    sessions,
    strategy: createStrategy({ name: strategy, withinPriority: 'random', soonestExpiringFirst: false }),
    random: () => chance.below(1_000_000) / 1_000_000,
    clock,
    limits: { ...sampleLimits, ...limits },
    report: () => {},
    ...parts,
  })
  async function lend(wishes: LeaseWishes = {}): Promise<Lease> {
    const lease = await pool.lease(wishes)
    if (lease === undefined) throw new Error('Nothing was lent.')
    return lease
  }
  /** Lends and gives back at once. */
  async function serve(wishes: LeaseWishes = {}, outcome: Outcome = { kind: 'success' }): Promise<string> {
    const lease = await lend(wishes)
    lease.settle(outcome)
    return lease.account.id
  }
  return { clock, pool, sessions, chance, lend, serve }
}

const five = (settings: (index: number) => Partial<AccountSettings> = () => ({})) =>
  Array.from('abcde', (id, index) => account(id, settings(index)))

const hundreds = (settings: (index: number) => Partial<AccountSettings>) =>
  Array.from({ length: 400 }, (_, index) => account(`${index}`, settings(index)))
const isKnown = (id: string) => Number(id) % 4 !== 0

function shares(ids: readonly string[]): number[] {
  return Array.from('abcde', (id) => ids.filter((each) => each === id).length)
}

describe('the shares of accounts over 10,000 requests', () => {
  it.each<[StrategyName, (index: number) => Partial<AccountSettings>, number[]]>([
    ['random', () => ({}), [2000, 2000, 2000, 2000, 2000]],
    ['round-robin', () => ({}), [2000, 2000, 2000, 2000, 2000]],
    ['least-in-flight', () => ({}), [2000, 2000, 2000, 2000, 2000]],
    ['weighted', (index) => ({ weight: index }), [0, 1000, 2000, 3000, 4000]],
    ['weighted', () => ({ weight: 0.5 }), [2000, 2000, 2000, 2000, 2000]],
    ['priority', (index) => ({ priority: index < 2 ? 1 : 0 }), [5000, 5000, 0, 0, 0]],
  ])('are those of the strategy %s within 5 %%', async (strategy, settings, wanted) => {
    const { lend, chance } = await start(five(settings), { strategy })
    const ids: string[] = []
    const open: Lease[] = []
    for (let request = 0; request < 10_000; request += 1) {
      const lease = await lend()
      ids.push(lease.account.id)
      open.push(lease)
      // Some requests last longer than others.
      if (open.length > 20) open.splice(chance.below(open.length), 1)[0]?.settle({ kind: 'success' })
    }
    for (const [index, share] of shares(ids).entries()) {
      const fair = wanted[index] ?? 0
      expect(Math.abs(share - fair)).toBeLessThanOrEqual(fair * 0.05)
    }
  })

  it('follow what is left of their credits', async () => {
    const { pool, serve } = await start(five(), { strategy: 'most-quota-left' })
    for (const [index, { id }] of five().entries()) pool.setQuota(id, quota(100 * (index + 1)))
    const ids: string[] = []
    // Each costs a credit: the richest goes first until it is as poor as the next.
    for (let request = 0; request < 1000; request += 1) {
      const id = await serve()
      ids.push(id)
      pool.spend(id, 1)
    }
    const [, , , ...rich] = shares(ids)
    expect(rich.every((share) => share > 250)).toBe(true)
    for (const [index, share] of shares(ids).entries()) expect(share - 100 * index).toBeLessThanOrEqual(1)
  })

  describe('among hundreds', () => {
    it('follow weights within 5 %, also where accounts are full in between', async () => {
      const { lend } = await start(
        hundreds((index) => ({ weight: index % 4, concurrencyLimit: index % 2 === 0 ? 1 : 3 })),
        { strategy: 'weighted' },
      )
      const byWeight = [0, 0, 0, 0]
      const open: Lease[] = []
      for (let request = 0; request < 12_000; request += 1) {
        const lease = await lend()
        const weight = Number(lease.account.id) % 4
        byWeight[weight] = (byWeight[weight] ?? 0) + 1
        open.push(lease)
        if (open.length > 20) open.shift()?.settle({ kind: 'success' })
      }
      for (const [weight, count] of byWeight.entries()) {
        expect(Math.abs(count - 2000 * weight)).toBeLessThanOrEqual(100 * weight)
      }
    })

    it.each<StrategyName>(['round-robin', 'least-in-flight'])('are equal by %s', async (strategy) => {
      const { lend } = await start(
        hundreds(() => ({})),
        { strategy },
      )
      const open: Lease[] = []
      for (let request = 0; request < 800; request += 1) open.push(await lend())
      const counts = Map.groupBy(open, (lease) => lease.account.id)
      expect([...counts.values()].map((each) => each.length)).toEqual(Array.from({ length: 400 }, () => 2))
    })

    it('are those of the highest priority as long as one of them is ready', async () => {
      const { clock, pool, serve } = await start(
        hundreds((index) => ({ priority: index < 2 ? 1 : 0 })),
        { strategy: 'priority' },
      )
      const served = async () => {
        const ids = new Set<string>()
        for (let request = 0; request < 40; request += 1) ids.add(await serve())
        return [...ids].toSorted()
      }
      expect(await served()).toEqual(['0', '1'])
      pool.note('0', failed('throttled', 30))
      expect(await served()).toEqual(['1'])
      pool.note('1', failed('throttled', 60))
      expect((await served()).length).toBeGreaterThan(2)
      clock.advance(30_000)
      expect(await served()).toEqual(['0'])
    })

    it('follow the credits that are left, and chance where nothing is known', async () => {
      const accounts = hundreds(() => ({}))
      const { pool, serve } = await start(accounts, { strategy: 'most-quota-left' })
      for (const { id } of accounts) if (isKnown(id)) pool.setQuota(id, quota(Number(id)))
      const ids: string[] = []
      for (let request = 0; request < 2000; request += 1) ids.push(await serve())
      const known = ids.filter(isKnown)
      expect(new Set(known)).toEqual(new Set(['399']))
      expect(Math.abs(known.length - 1500)).toBeLessThan(75)
      pool.spend('399', 100)
      const next = new Set<string>()
      for (let request = 0; request < 100; request += 1) next.add(await serve())
      expect([...next].filter(isKnown)).toEqual(['398'])
    })
  })

  it('are so many for every one of thousands', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => account(`${index}`))
    const { serve } = await start(many, { strategy: 'round-robin' })
    const seen = new Set<string>()
    for (const _ of many) seen.add(await serve({ model: 'm' }))
    expect(seen.size).toBe(1000)
  })
})

describe('a conversation', () => {
  it('is served by its own account in at least 95 of 100 requests, unless that one cools', async () => {
    const { clock, pool, lend, chance } = await start(five())
    const homes = new Map<string, { id: string; requests: number }>()
    const coolsUntil = new Map<string, number>()
    let own = 0
    let able = 0
    for (let request = 0; request < 5000; request += 1) {
      const name = `${chance.below(100)}`
      const home = homes.get(name)
      const lease = await lend({ session: session(name) })
      const { id } = lease.account
      if (home !== undefined && (coolsUntil.get(home.id) ?? 0) <= clock.now()) {
        able += 1
        if (id === home.id) own += 1
      }
      if (home?.id === id) home.requests += 1
      // One that had only begun there has nothing to come back to.
      else if (home === undefined || home.requests < 2) homes.set(name, { id, requests: 1 })
      lease.noteAnswered()
      const isThrottled = chance.below(200) === 0
      if (isThrottled) coolsUntil.set(id, clock.now() + 30_000)
      lease.settle(isThrottled ? failed('throttled', 30) : { kind: 'success' })
      clock.advance(chance.below(500))
    }
    expect(able).toBeGreaterThan(3000)
    expect(own / able).toBeGreaterThanOrEqual(0.95)
    await pool.close()
  })

  it('never goes to an account that cannot serve it, and comes back', async () => {
    const { clock, serve, lend, sessions } = await start([
      account('a', { concurrencyLimit: 1 }),
      account('b'),
    ])
    const own = await serve({ session: session('x') })
    const wishes = { session: session('x') }
    expect(await serve(wishes)).toBe(own)
    await serve({ ...wishes, accountId: own }, failed('throttled', 30))
    const other = await lend(wishes)
    expect([other.account.id === own, other.placement]).toEqual([false, 'anywhere'])
    other.settle({ kind: 'success' })
    expect((await lend(wishes)).placement).toBe('stand-in')
    expect(sessions.view()).toMatchObject([{ accountId: own, standInId: other.account.id, requests: 2 }])
    clock.advance(30_000)
    expect(await lend(wishes)).toMatchObject({ account: { id: own }, placement: 'own' })
  })

  it('is told by what the strategy chose, and how the account then stood, where the strategy did', async () => {
    const { lend } = await start([account('a', { priority: 2, weight: 3 })])
    const wishes = { session: session('x') }
    const first = await lend(wishes)
    expect(first).toMatchObject({ placement: 'anywhere', choice: { underWay: 0, priority: 2, weight: 3 } })
    expect(await lend(wishes)).toMatchObject({ placement: 'own' })
    expect((await lend(wishes)).choice).toBeUndefined()
    expect((await lend()).choice).toMatchObject({ underWay: 3 })
  })

  it('spreads when it asks for more at once than an account without a limit should bear for it', async () => {
    const { lend } = await start(five(), { limits: { sessionsPerAccount: 3 } })
    const ids: string[] = []
    for (let request = 0; request < 10; request += 1) {
      ids.push((await lend({ session: session('x') })).account.id)
    }
    expect(Math.max(...shares(ids))).toBeLessThan(10)
    expect(ids.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => ids[0]))
  })

  it('is forgotten with its account', async () => {
    const { pool, serve, sessions } = await start([account('a')])
    await serve({ session: session('x') })
    pool.remove('a')
    expect(sessions.view()).toEqual([])
  })
})

describe('after a pause', () => {
  it('one request tries the account before others follow', async () => {
    const { clock, lend, serve } = await start([account('a'), account('b')])
    await serve({ exclude: new Set(['b']) }, failed('throttled', 10))
    clock.advance(10_000)
    const probe = await lend({ exclude: new Set(['b']) })
    for (let request = 0; request < 20; request += 1) expect(await serve()).toBe('b')
    probe.noteAnswered()
    expect(await serve({ exclude: new Set(['b']) })).toBe('a')
    probe.settle({ kind: 'success' })
  })

  it.each<[string, Outcome]>([
    ['the client left', { kind: 'abandoned' }],
    ['it was the client who was wrong', failed('invalid-request')],
    ['something failed that anything may', failed('interrupted')],
  ])('another one tries it when of the first one nothing was heard: %s', async (_case, outcome) => {
    const { clock, serve } = await start([account('a')])
    await serve({}, failed('throttled', 10))
    clock.advance(10_000)
    await serve({}, outcome)
    expect(await serve()).toBe('a')
  })

  it('others wait for what the first one hears', async () => {
    const { clock, pool, lend, serve } = await start([account('a')])
    await serve({}, failed('throttled', 10))
    clock.advance(10_000)
    const probe = await lend()
    const waiting = serve()
    await soon()
    expect(pool.explain({})).toEqual([
      {
        accountId: 'a',
        verdict: 'resting',
        until: clock.now() + 20_000,
        words: 'Being tried again after its pause.',
      },
    ])
    probe.noteAnswered()
    expect(await waiting).toBe('a')
  })

  it('the account is tried once for each pause while it comes and goes, and clients notice nothing', async () => {
    const { clock, lend } = await start([account('a'), account('b'), account('c')])
    const isBad = () => Math.floor(clock.elapsed() / 10_000) % 2 === 1
    let failures = 0
    let served = 0
    // One hour, five requests a second; each may go to one other account.
    for (let request = 0; request < 18_000; request += 1) {
      clock.advance(200)
      const first = await lend()
      const fails = first.account.id === 'a' && isBad()
      if (!fails) first.noteAnswered()
      first.settle(fails ? failed('throttled') : { kind: 'success' })
      if (!fails) {
        served += 1
        continue
      }
      failures += 1
      const second = await lend({ exclude: new Set(['a']) })
      second.settle({ kind: 'success' })
      served += 1
    }
    expect(served).toBe(18_000)
    // Pauses grow from one second on, with chance: some tries in each of the 180 bad spells.
    expect(failures / 180).toBeLessThan(12)
  })
})

describe('a limit of requests at once', () => {
  it('holds for accounts that have none of their own', async () => {
    const { lend, pool } = await start([account('a'), account('b', { concurrencyLimit: 3 })], {
      limits: { accountConcurrency: 2, waitMs: 0 },
    })
    const ids: string[] = []
    for (let request = 0; request < 5; request += 1) ids.push((await lend()).account.id)
    expect(ids.toSorted()).toEqual(['a', 'a', 'b', 'b', 'b'])
    await expect(pool.lease()).rejects.toMatchObject({ failure: { kind: 'overloaded-here' } })
  })

  it('of a key lets others pass, and tells the key when its time is over', async () => {
    const { clock, lend, serve } = await start([account('a')], { limits: { keyConcurrency: 1 } })
    await lend({ key: 'busy' })
    const waiting = lend({ key: 'busy' })
    await soon()
    expect(await serve({ key: 'other' })).toBe('a')
    clock.advance(5000)
    await expect(waiting).rejects.toMatchObject({ failure: { kind: 'rate-limited', retryAfterSeconds: 1 } })
    expect(clock.pending()).toBe(0)
  })

  it('S51: of a key may be its own, whatever that of all keys is, and counts as it is now', async () => {
    const { clock, lend } = await start([account('a')], { limits: { keyConcurrency: 2 } })
    const refused = async (wishes: LeaseWishes) => {
      const waiting = lend(wishes)
      await soon()
      clock.advance(5000)
      const message = expect.stringContaining(`(${wishes.keyConcurrency ?? 2})`)
      await expect(waiting).rejects.toMatchObject({ failure: { kind: 'rate-limited', message } })
    }
    const wide = { key: 'wide', keyConcurrency: 3 }
    for (let request = 0; request < 3; request += 1) await lend(wide)
    await refused(wide)
    await lend({ key: 'narrow', keyConcurrency: 1 })
    await refused({ key: 'narrow', keyConcurrency: 1 })
    // Its limit was taken away.
    await lend({ key: 'narrow' })
    await refused({ key: 'narrow' })
  })

  it('of a key does not stop what has begun', async () => {
    const { lend } = await start([account('a'), account('b')], { limits: { keyConcurrency: 1 } })
    const first = await lend({ key: 'k' })
    const waiting = lend({ key: 'k' })
    await soon()
    first.settle(failed('upstream-unavailable'))
    const second = await lend({ key: 'k', exclude: new Set([first.account.id]) })
    expect(second.account.id).not.toBe(first.account.id)
    await expect(waiting).resolves.toBeDefined()
  })

  it('is waited for in turns of keys, however much one of them asks', async () => {
    const { lend } = await start([account('a', { concurrencyLimit: 1 })])
    const order: string[] = []
    let held: Lease | undefined = await lend({ key: 'greedy' })
    const ask = async (key: string) => {
      held = await lend({ key })
      order.push(key)
    }
    for (let request = 0; request < 4; request += 1) void ask('greedy')
    void ask('modest')
    for (let request = 0; request < 5; request += 1) {
      await soon()
      held?.settle({ kind: 'success' })
    }
    await soon()
    expect(order).toEqual(['greedy', 'modest', 'greedy', 'greedy', 'greedy'])
  })

  it('does not keep those waiting who wait for the end of a pause', async () => {
    const { clock, lend, serve } = await start([account('a')])
    await serve({}, failed('throttled', 4))
    const waiting = lend()
    const client = new AbortController()
    const leaving = lend({ signal: client.signal })
    await soon()
    clock.advance(3999)
    // The clock is set, and somebody else looks: it is noticed that the pause is over, but who waits is not told yet.
    clock.stepWall(1)
    client.abort()
    await expect(leaving).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    clock.advance(1)
    expect((await waiting).account.id).toBe('a')
    expect(clock.pending()).toBe(0)
  })

  it('is not waited for by more than fit in the queue', async () => {
    const { lend, pool } = await start([account('a', { concurrencyLimit: 1 })], { limits: { maxWaiting: 1 } })
    await lend()
    void pool.lease().catch(() => {})
    await soon()
    await expect(pool.lease()).rejects.toMatchObject({ failure: { kind: 'overloaded-here' } })
  })
})

/** As the primary process keeps them. */
function createSlots() {
  const taken = new Map<string, number>()
  const refused = new Set<string>()
  const listeners: (() => void)[] = []
  return {
    taken,
    freeElsewhere: (id: string) => {
      taken.set(id, (taken.get(id) ?? 0) - 1)
      refused.delete(id)
      listeners.forEach((listener) => listener())
    },
    slots: {
      async take(id: string, limit: number) {
        const count = taken.get(id) ?? 0
        if (count >= limit) refused.add(id)
        else taken.set(id, count + 1)
        return count < limit
      },
      release: (id: string) => void taken.set(id, (taken.get(id) ?? 0) - 1),
      wasRefused: (id: string) => refused.has(id),
      onRelease: (listener: () => void) => void listeners.push(listener),
    },
  }
}

describe('slots that several processes share', () => {
  it.each<[string, string, Partial<AccountSettings>, Partial<PoolLimits>, LeaseWishes?]>([
    ['accounts', 'a', { concurrencyLimit: 1 }, {}],
    ['keys', 'key k', {}, { keyConcurrency: 1 }],
    ['keys with a limit of their own', 'key k', {}, {}, { keyConcurrency: 1 }],
  ])('hold for %s', async (_what, slot, settings, limits, wishes = {}) => {
    const { slots, taken, freeElsewhere } = createSlots()
    taken.set(slot, 1)
    const { lend } = await start([account('a', settings)], { slots, limits })
    const waiting = lend({ key: 'k', ...wishes })
    await soon()
    freeElsewhere(slot)
    const lease = await waiting
    expect([...taken]).toEqual([[slot, 1]])
    lease.settle({ kind: 'success' })
    expect([...taken]).toEqual([[slot, 0]])
  })
})

describe('an account that another process has all of', () => {
  it('is there again when its turn has come, though who was refused it had left before', async () => {
    const { slots, taken, freeElsewhere } = createSlots()
    taken.set('a', 2)
    const answers: (() => void)[] = []
    const slow = {
      ...slots,
      async take(id: string, limit: number) {
        await new Promise<void>((resolve) => void answers.push(resolve))
        return slots.take(id, limit)
      },
    }
    const { lend } = await start([account('a', { concurrencyLimit: 2 })], { slots: slow })
    const client = new AbortController()
    const leaving = lend({ signal: client.signal })
    await soon()
    client.abort()
    await expect(leaving).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    answers.forEach((answer) => answer())
    await soon()
    const waiting = lend()
    await soon()
    freeElsewhere('a')
    await soon()
    answers.forEach((answer) => answer())
    expect((await waiting).account.id).toBe('a')
  })
})

describe('credits', () => {
  it('that are used up are waited for until they are renewed', async () => {
    const { clock, pool, serve } = await start([account('a'), account('b')])
    pool.setQuota('a', quota(0, new Date(NOW + 60_000)))
    for (let request = 0; request < 20; request += 1) expect(await serve()).toBe('b')
    clock.advance(60_000)
    expect(await serve({ exclude: new Set(['b']) })).toBe('a')
  })

  it('run out with what replies cost, and are there again when more is read', async () => {
    const { pool, serve } = await start([account('a')])
    pool.setQuota('a', quota(1, new Date(NOW + 3_600_000)))
    expect(await serve()).toBe('a')
    pool.spend('a', 1.5)
    await expect(pool.lease()).rejects.toMatchObject({
      failure: { kind: 'quota', retryAfterSeconds: 3600 },
    })
    pool.setQuota('a', undefined)
    expect(await serve()).toBe('a')
  })

  it('that are read anew serve those who wait', async () => {
    const until = new Date(NOW + 86_400_000)
    const { pool, lend } = await start([
      account('a', { concurrencyLimit: 1 }),
      account('b', {}, { status: { kind: 'exhausted', until } }),
    ])
    expect((await lend()).account.id).toBe('a')
    const waiting = lend()
    await soon()
    pool.note('b', { kind: 'quota-read' })
    expect((await waiting).account.id).toBe('b')
  })

  it('that are refused without a date are there again when the plan is renewed, as far as that was read', async () => {
    const { pool, serve } = await start([account('a')])
    const renewedAt = new Date(NOW + 3 * 86_400_000)
    pool.setQuota('a', quota(5, renewedAt))
    await serve({}, failed('quota'))
    expect(pool.enabled()[0]?.status).toEqual({ kind: 'exhausted', until: renewedAt })
  })

  it('without a date are renewed with the month', async () => {
    const { pool } = await start([account('a')])
    pool.setQuota('a', quota(0))
    expect(pool.explain({})).toEqual([
      { accountId: 'a', verdict: 'resting', until: Date.UTC(2026, 11, 1), words: 'Its credits are used up.' },
    ])
  })
})

const avoid = ({ id }: Account) => id === 'a'

describe('accounts that had better be avoided', () => {
  it('are passed over, and said to be, as long as another one is ready', async () => {
    const { pool, serve } = await start([account('a'), account('b')])
    const served = await Promise.all(Array.from({ length: 20 }, () => serve({ avoid })))
    expect(new Set(served)).toEqual(new Set(['b']))
    expect(pool.explain({ avoid })).toEqual([
      { accountId: 'a', verdict: 'not-chosen', words: 'The service that it goes to is down.' },
      { accountId: 'b', verdict: 'not-chosen' },
    ])
    expect(await serve({ avoid, exclude: new Set(['b']) })).toBe('a')
  })

  it('leave their conversations to others meanwhile, but only where there are others', async () => {
    const { lend, serve } = await start([account('a'), account('b', { models: ['m'] })])
    const wishes = { session: session('one'), model: 'n' }
    expect([await serve(wishes), await serve(wishes)]).toEqual(['a', 'a'])
    expect(await serve({ ...wishes, avoid })).toBe('a')
    expect(await serve({ ...wishes, model: 'm', avoid })).toBe('b')
    expect(await serve({ ...wishes, model: 'm' })).toBe('a')
    expect((await lend({ ...wishes, avoid })).placement).toBe('own')
  })
})

describe('the lazy pool', () => {
  const lazyPool = { size: 2, refreshOffset: 1, orderBy: 'id', isDescending: false } as const

  it('has the first few serve, and others as those fall out', async () => {
    const { pool, serve } = await start(five(), { lazyPool })
    const seen = new Set<string>()
    for (let request = 0; request < 50; request += 1) seen.add(await serve())
    expect([...seen].toSorted()).toEqual(['a', 'b'])
    expect(Array.from('abcde', (id) => pool.isRefreshed(id))).toEqual([true, true, true, false, false])
    expect(pool.explain({}).map(({ verdict }) => verdict)).toEqual([
      'not-chosen',
      'not-chosen',
      ...Array.from('cde', () => 'not-serving'),
    ])
    pool.note('a', failed('suspended'))
    pool.setQuota('b', quota(0))
    for (let request = 0; request < 50; request += 1) seen.add(await serve())
    expect([...seen].toSorted()).toEqual(['a', 'b', 'c', 'd'])
    expect(pool.isRefreshed('e')).toBe(true)
  })

  it('has others step in for those that rest, which serve again as soon as they can', async () => {
    const { clock, pool, serve } = await start(five(), { lazyPool })
    const servedBy = async () => {
      const served = new Set<string>()
      for (let request = 0; request < 40; request += 1) served.add(await serve())
      return [...served].toSorted().join('')
    }
    for (const id of ['a', 'b']) pool.note(id, failed('throttled', 30))
    expect(await servedBy()).toBe('cd')
    clock.advance(29_999)
    expect(await servedBy()).toBe('cd')
    clock.advance(1)
    expect(await servedBy()).toBe('ab')
  })

  it.each<[FailureKind, string]>([
    ['throttled', 'accounts-cooling'],
    ['quota', 'accounts-cooling'],
    ['suspended', 'accounts-parked'],
  ])('is told apart from a missing model when every account is %s', async (failure, kind) => {
    const { clock, pool, serve } = await start(five(), { lazyPool })
    for (const { id } of five()) pool.note(id, failed(failure, 30))
    const isOver = failure === 'suspended' ? {} : { retryAfterSeconds: 30 }
    await expect(pool.lease({ model: 'm' })).rejects.toMatchObject({ failure: { kind, ...isOver } })
    if (failure === 'suspended') return
    expect(pool.retryAfterSeconds({ model: 'm' })).toBe(30)
    clock.advance(30_000)
    expect('ab').toContain(await serve({ model: 'm' }))
  })

  it('serves those who wait as soon as a pause is over', async () => {
    const { clock, pool, lend } = await start(five(), { lazyPool })
    for (const { id } of five()) pool.note(id, failed('throttled', id === 'e' ? 4 : 60))
    const waiting = lend()
    await soon()
    clock.advance(4000)
    expect((await waiting).account.id).toBe('e')
    expect(clock.pending()).toBe(0)
  })

  it('serves those who wait with whoever steps in', async () => {
    const accounts = five(() => ({ concurrencyLimit: 1 }))
    const { pool, lend } = await start(accounts, { lazyPool: { ...lazyPool, size: 1 } })
    await lend()
    const waiting = lend()
    await soon()
    pool.note('a', failed('suspended'))
    expect((await waiting).account.id).toBe('b')
    expect(pool.isRefreshed('a')).toBe(false)
  })

  it('has new accounts serve, and closes the gap that one leaves', async () => {
    const { pool, serve } = await start(five().slice(1), { lazyPool: { ...lazyPool, size: 1 } })
    expect(await serve()).toBe('b')
    pool.put(account('a'))
    expect(await serve()).toBe('a')
    pool.remove('a')
    expect(await serve()).toBe('b')
  })

  it('ordered by successes follows them after a while', async () => {
    const { clock, serve } = await start(five(), {
      lazyPool: { ...lazyPool, size: 1, orderBy: 'success_count' },
    })
    for (let request = 0; request < 3; request += 1) expect(await serve()).toBe('a')
    clock.advance(10_000)
    expect(await serve()).toBe('b')
  })

  it('may be left out', async () => {
    const { pool } = await start(five())
    expect(pool.isRefreshed('e')).toBe(true)
  })
})

describe('why a request went where it did', () => {
  it('is told of each account', async () => {
    const models = {
      offers: (id: string) => id !== 'poor',
      noteAccount: () => {},
      forgetAccount: () => {},
      noteModelRefused: () => {},
    }
    const { pool, lend, serve } = await start(
      [
        account('full', { concurrencyLimit: 1 }),
        account('parked', {}, { status: { kind: 'parked', why: 'Suspended.' } }),
        account('off', {}, { status: { kind: 'disabled', by: 'operator' } }),
        account('poor'),
        account('tired'),
        account('good'),
      ],
      { models },
    )
    await lend({ accountId: 'full' })
    await serve({ accountId: 'tired' }, failed('throttled', 60))
    const lease = await lend({ model: 'm', exclude: new Set(['other']) })
    const others = [
      { accountId: 'full', verdict: 'busy' },
      { accountId: 'parked', verdict: 'waits-for-operator', words: expect.stringContaining('Suspended.') },
      { accountId: 'poor', verdict: 'lacks-model' },
      {
        accountId: 'tired',
        verdict: 'resting',
        until: NOW + 60_000,
        words: expect.stringContaining('Resting'),
      },
    ]
    expect(lease.explain()).toEqual([{ accountId: 'good', verdict: 'chosen' }, ...others])
    expect(pool.explain({ model: 'm', exclude: new Set(['good']) })).toEqual([
      ...others,
      { accountId: 'good', verdict: 'excluded' },
    ])
  })

  it('is told of fifty at most', async () => {
    const { lend } = await start(Array.from({ length: 80 }, (_, index) => account(`${index}`)))
    expect((await lend()).explain()).toHaveLength(50)
  })
})

describe('a request that nobody can serve', () => {
  const many = Array.from({ length: 200 }, (_, index) => account(`${index}`))

  it('has every account looked at once, however many there are', async () => {
    let asked = 0
    const models = {
      offers: () => {
        asked += 1
        return true
      },
      noteAccount: () => {},
      forgetAccount: () => {},
      noteModelRefused: () => {},
    }
    const { pool } = await start(many, { models })
    for (const { id } of many) pool.note(id, failed('throttled', 60))
    asked = 0
    await expect(pool.lease({ model: 'm' })).rejects.toMatchObject({ failure: { kind: 'accounts-cooling' } })
    expect(asked).toBeLessThanOrEqual(many.length)
  })
})

describe('a list of models that has changed without a word', () => {
  it('is looked at again before a request that has begun is given up', async () => {
    let served = ['a']
    const models = {
      offers: (id: string) => served.includes(id),
      noteAccount: () => {},
      forgetAccount: () => {},
      noteModelRefused: () => {},
    }
    const { lend, serve } = await start([account('a'), account('b')], { models })
    expect(await serve({ model: 'm' })).toBe('a')
    served = ['a', 'b']
    expect((await lend({ model: 'm', exclude: new Set(['a']) })).account.id).toBe('b')
  })
})

describe('a fault', () => {
  it('of one account keeps requests off it until its pause is over', async () => {
    const { clock, serve } = await start(five())
    await serve({ exclude: new Set(['b', 'c', 'd', 'e']) }, failed('throttled', 30))
    for (let request = 0; request < 1000; request += 1) {
      clock.advance(29)
      expect(await serve()).not.toBe('a')
    }
  })

  it('of one model or one client leaves the account to all others', async () => {
    const { serve } = await start([account('a')])
    await serve({ model: 'gone', key: 'k' }, failed('model-not-found'))
    await serve({ model: 'full', key: 'k' }, failed('capacity'))
    for (let request = 0; request < 10_000; request += 1) {
      await serve({ model: 'fine', key: 'k' }, failed('invalid-request'))
    }
    for (let request = 0; request < 100; request += 1)
      expect(await serve({ model: 'fine', key: 'l' })).toBe('a')
  })
})

describe('a request that only accounts with certain tags may serve', () => {
  const tagged = [account('a', { tags: ['red'] }), account('b', { tags: ['blue', 'green'] }), account('c')]

  it.each<[tags: string[], ids: string[]]>([
    [['red'], ['a']],
    [['green'], ['b']],
    [
      ['red', 'blue'],
      ['a', 'b'],
    ],
  ])('of %j is served by %j, with and without a model', async (tags, ids) => {
    const { serve } = await start(tagged)
    const served = new Set<string>()
    for (let request = 0; request < 40; request += 1) {
      served.add(await serve({ tags, ...(request % 2 === 0 && { model: 'm' }) }))
    }
    expect([...served].toSorted()).toEqual(ids)
  })

  it('of hundreds is chosen by the strategy among those of the tag', async () => {
    const accounts = hundreds((index) => ({ tags: index % 2 === 0 ? ['even'] : ['odd'], priority: index }))
    const { serve } = await start(accounts, { strategy: 'priority' })
    expect(await serve({ tags: ['even'] })).toBe('398')
    expect(await serve({ tags: ['odd'] })).toBe('399')
  })

  it('does not go back to an account of its conversation that has lost the tag', async () => {
    const { pool, serve } = await start(tagged)
    const wishes = { tags: ['red', 'blue'], session: session('s') }
    const home = await serve(wishes)
    expect([await serve(wishes), await serve(wishes)]).toEqual([home, home])
    pool.update(account(home))
    expect(await serve(wishes)).toBe(home === 'a' ? 'b' : 'a')
  })

  it('waits for one of them alone', async () => {
    const { clock, pool, lend } = await start([account('a', { tags: ['red'] }), account('b')])
    pool.note('a', failed('throttled', 3))
    let servedBy = ''
    const waiting = lend({ tags: ['red'] }).then(({ account: { id } }) => (servedBy = id))
    await soon()
    pool.update(account('b', { weight: 2 }))
    await soon()
    expect(servedBy).toBe('')
    clock.advance(3000)
    await waiting
    expect(servedBy).toBe('a')
  })

  it('is told when the first of them is ready, and of the model that they lack', async () => {
    const { pool } = await start([account('a', { tags: ['red'], models: ['m'] }), account('b')])
    pool.note('a', failed('throttled', 30))
    const wishes = { tags: ['red'], model: 'm' }
    await expect(pool.lease(wishes)).rejects.toMatchObject({
      failure: { kind: 'accounts-cooling', retryAfterSeconds: 30 },
    })
    expect([pool.retryAfterSeconds(wishes), pool.retryAfterSeconds({ model: 'm' })]).toEqual([30, undefined])
    await expect(pool.lease({ tags: ['red'], model: 'other' })).rejects.toMatchObject({
      failure: { kind: 'model-not-found', message: expect.stringContaining('that serves this API key') },
    })
  })

  it('is refused with the reason where no account has the tag; the tags are told to the operator alone', async () => {
    const { pool } = await start(tagged)
    for (const tags of [['violet'], []]) {
      await expect(pool.lease({ tags })).rejects.toMatchObject({
        failure: {
          kind: 'no-account',
          message: expect.not.stringContaining('violet'),
          forOperator: expect.stringContaining(tags.join(', ')),
        },
      })
    }
    expect(pool.explain({ tags: ['red'] })).toEqual([
      { accountId: 'a', verdict: 'not-chosen' },
      { accountId: 'b', verdict: 'lacks-tag' },
      { accountId: 'c', verdict: 'lacks-tag' },
    ])
  })

  it('does not try an account without the tag again that failed too often', async () => {
    const stricken = account('b', {}, { status: { kind: 'ready' } })
    const { clock, pool, serve } = await start([account('a', { tags: ['red'] }), stricken])
    for (let strike = 0; strike < 3; strike += 1) {
      pool.note('b', failed('upstream-unavailable'))
      clock.advance(600_000)
    }
    expect(pool.enabled().map(({ id }) => id)).toEqual(['a'])
    clock.advance(90_000_000)
    for (let request = 0; request < 5; request += 1) {
      expect(await serve({ tags: ['red'] })).toBe('a')
      clock.advance(1000)
    }
    expect(await serve()).toBe('b')
  })
})

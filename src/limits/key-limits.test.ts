import { describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../../test/fake-clock.ts'
import type { Slots } from '../accounts/slots/slots.ts'
import type { KeyLimits } from '../access/key-grant.ts'
import type { Usage } from '../conversation/reply.ts'
import { createClientUsage } from '../quotas/client-usage.ts'
import type { ClientUsageStore, UsageRow } from '../quotas/client-usage-store.ts'
import { createLimitKeeper, isLimited } from './key-limits.ts'

const soon = () => new Promise((resolve) => setImmediate(resolve))
const usage = (tokens: number, credits = 0): Usage => ({
  inputTokens: tokens,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  credits,
  source: 'upstream',
})

/** What several processes share. */
function createStore() {
  const rows: UsageRow[] = []
  const faults = { isFull: false, isGone: false, isSlow: false }
  let reads = 0
  const store: ClientUsageStore = {
    async add(added) {
      if (faults.isFull) throw new Error('disk full')
      rows.push(...added)
    },
    async listSince(client, day) {
      reads += 1
      if (faults.isSlow) await new Promise(() => {})
      if (faults.isGone) throw new Error('gone')
      return rows.filter((row) => row.client === client && row.day >= day)
    },
    async prune() {},
  }
  return { ...store, faults, reads: () => reads }
}

interface Surroundings {
  clock: FakeClock
  store: ClientUsageStore
  slots?: Slots
}

function startProcess(limits: KeyLimits, { clock, store, slots }: Surroundings) {
  const reports: unknown[] = []
  const clientUsage = createClientUsage({ store, clock, report: () => {} })
  const keeper = createLimitKeeper({ clientUsage, slots, clock, report: (error) => void reports.push(error) })
  const key = { print: 'k', limits }
  return {
    reports,
    close: () => keeper.close(),
    admit: (kind: 'answer' | 'helper' = 'answer') => keeper.admit(key, kind),
    headers: () => keeper.headersFor(key),
    /** One answer, from its request to its end. */
    answer: async (used: Usage, thrownAway: readonly Usage[] = []) => {
      await keeper.admit(key, 'answer')
      keeper.note(key, clientUsage.note({ client: 'k', model: 'm', usage: used, thrownAway }))
    },
  }
}

function start(limits: KeyLimits, at = '2026-11-22T10:00:00Z') {
  const clock = createFakeClock(Date.parse(at))
  const store = createStore()
  return { clock, store, ...startProcess(limits, { clock, store }) }
}

const refusal = (kind: string, retryAfterSeconds: number, words: string) => ({
  failure: { kind, retryAfterSeconds, message: expect.stringContaining(words) },
})

describe('requests a minute', () => {
  it('S51: are refused beyond the limit, with the true time to wait; refused ones count for nothing', async () => {
    const { clock, admit } = start({ requestsPerMinute: 2 })
    await admit()
    clock.advance(20_000)
    await admit('helper')
    for (const kind of ['answer', 'helper', 'answer'] as const) {
      await expect(admit(kind)).rejects.toMatchObject(refusal('rate-limited', 41, '2 requests a minute'))
    }
    clock.advance(40_500)
    await admit()
    await expect(admit()).rejects.toMatchObject(refusal('rate-limited', 20, 'again in 20 s'))
  })

  it('are told in headers, as are none where there is no limit', async () => {
    const { clock, admit, headers } = start({ requestsPerMinute: 3 })
    await admit()
    await admit()
    clock.advance(500)
    expect(headers()).toEqual({
      'x-ratelimit-limit-requests': '3',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '1m0s',
    })
    expect(start({ creditsPerDay: 3 }).headers()).toEqual({})
  })
})

/** What the primary process counts for its workers. */
function createSlots(): Slots {
  const taken = new Map<string, number>()
  const of = (slot: string) => taken.get(slot) ?? 0
  return {
    take: async (slot, limit) => of(slot) < limit && Boolean(taken.set(slot, of(slot) + 1)),
    release: (slot) => void taken.set(slot, of(slot) - 1),
    wasRefused: () => false,
    onRelease: () => {},
  }
}

describe('requests a minute of several processes', () => {
  it('S51: are as many as of one, within 10 %', async () => {
    const clock = createFakeClock()
    const shared = { clock, store: createStore(), slots: createSlots() }
    const workers = Array.from({ length: 2 }, () => startProcess({ requestsPerMinute: 60 }, shared))
    let passed = 0
    for (let step = 0; step < 3000; step += 1) {
      // The one is asked far more than the other.
      const worker = workers[step % 5 === 0 ? 1 : 0]
      await worker?.admit().then(
        () => (passed += 1),
        () => {},
      )
      clock.advance(100)
    }
    expect(passed).toBeLessThanOrEqual(5 * 60)
    expect(passed).toBeGreaterThanOrEqual(5 * 60 * 0.9)
    workers.forEach(({ close }) => close())
    expect(clock.pending()).toBe(0)
  })

  it('are refused here for what others have made, and do not count here then', async () => {
    const clock = createFakeClock()
    const shared = { clock, store: createStore(), slots: createSlots() }
    const [one, other] = [0, 1].map(() => startProcess({ requestsPerMinute: 2 }, shared))
    await one?.admit()
    clock.advance(10_000)
    await other?.admit()
    await expect(other?.admit()).rejects.toMatchObject(refusal('rate-limited', 61, '2 requests a minute'))
    expect(other?.headers()['x-ratelimit-remaining-requests']).toBe('1')
    clock.advance(50_000)
    await other?.admit()
  })
})

describe('what a key may spend', () => {
  it.each<[string, KeyLimits, string, number, string]>([
    ['tokens a day', { tokensPerDay: 100 }, '2026-11-22T23:59:30.500Z', 30, '2026-11-23T00:00:00Z'],
    ['credits a day', { creditsPerDay: 1 }, '2026-11-22T00:00:00Z', 86_400, '2026-11-23T00:00:00Z'],
    ['tokens a month', { tokensPerMonth: 100 }, '2026-12-30T00:00:00Z', 172_800, '2027-01-01T00:00:00Z'],
    ['credits a month', { creditsPerMonth: 1 }, '2026-02-28T23:00:00Z', 3600, '2026-03-01T00:00:00Z'],
  ])(
    'S51: %s end with the answer that reaches the limit, until then',
    async (what, limits, at, wait, end) => {
      const { clock, answer } = start(limits, at)
      await answer(usage(60, 0.6))
      await answer(usage(60, 0.6))
      const refused = refusal('allowance-spent', wait, `a ${what.split(' a ')[1] ?? ''} (UTC)`)
      await expect(answer(usage(1))).rejects.toMatchObject(refused)
      await expect(answer(usage(1))).rejects.toThrow(end)
      clock.advance(wait * 1000 - 1000)
      await expect(answer(usage(1))).rejects.toMatchObject({ failure: { retryAfterSeconds: 1 } })
      clock.advance(1000)
      await answer(usage(1))
    },
  )

  it('counts all tokens, of caches too, and what was paid for and thrown away', async () => {
    const { answer, headers } = start({ tokensPerDay: 100 })
    const used: Usage = { ...usage(1), outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 }
    await answer(used, [usage(20)])
    expect(headers()['x-ratelimit-remaining-tokens']).toBe('70')
  })

  it('S51: counts cut answers, which never told their price, by what others of the model have cost', async () => {
    const { clock, store, answer } = start({ creditsPerDay: 1 })
    const { credits: _, ...cut } = usage(100)
    await answer(usage(100, 0.2))
    for (let count = 0; count < 4; count += 1) {
      await answer(cut)
      clock.advance(3000)
      await soon()
    }
    await expect(answer(cut)).rejects.toThrow('1 credits a day')
    // By other processes too, and after a restart.
    const other = startProcess({ creditsPerDay: 1 }, { clock, store })
    await expect(other.admit()).rejects.toThrow('1 credits a day')
  })

  it('does not count requests that ask no model, nor keep them from asking', async () => {
    const { admit, answer } = start({ tokensPerDay: 1, requestsPerMinute: 100 })
    await answer(usage(5))
    await expect(admit()).rejects.toMatchObject({ failure: { kind: 'allowance-spent' } })
    await expect(admit('helper')).resolves.toBeUndefined()
  })

  it('tells the limit that ends last, as before nothing helps', async () => {
    const { answer } = start({ tokensPerDay: 1, creditsPerMonth: 1 })
    await answer(usage(5, 1))
    await expect(answer(usage(1))).rejects.toThrow('1 credits a month')
  })

  it('tells in headers of tokens how much is left of the limit that is nearest', async () => {
    const { answer, headers } = start({ tokensPerDay: 1000, tokensPerMonth: 1200 })
    await answer(usage(100))
    expect(headers()).toEqual({
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '900',
      'x-ratelimit-reset-tokens': '14h0m0s',
    })
  })

  it('goes on from what is stored when the process starts', async () => {
    const first = start({ tokensPerDay: 100 })
    await first.answer(usage(100))
    first.clock.advance(3000)
    await soon()
    const restarted = startProcess({ tokensPerDay: 100 }, first)
    await expect(restarted.admit()).rejects.toMatchObject({ failure: { kind: 'allowance-spent' } })
  })

  it('begins anew with the day, but not what is limited by the month', async () => {
    const { clock, answer, headers } = start({ tokensPerDay: 100, tokensPerMonth: 150 })
    await answer(usage(100))
    clock.advance(86_400_000)
    await soon()
    await answer(usage(50))
    expect(headers()['x-ratelimit-limit-tokens']).toBe('150')
    await expect(answer(usage(1))).rejects.toThrow('150 tokens a month')
  })

  it('is read at most every few seconds, and waited for only when what is known is old', async () => {
    const { clock, store, admit } = start({ tokensPerDay: 100 })
    for (let request = 0; request < 100; request += 1) {
      await admit()
      clock.advance(100)
      await soon()
    }
    expect(store.reads()).toBe(4)
  })

  it('S51: over two processes stays within 10 % of the limit, and both know within 5 s', async () => {
    const clock = createFakeClock()
    const store = createStore()
    const limits = { tokensPerDay: 100_000 }
    const processes = [startProcess(limits, { clock, store }), startProcess(limits, { clock, store })]
    let spent = 0
    const refusedSince: number[] = []
    for (let step = 0; step < 900; step += 1) {
      for (const [index, { answer }] of processes.entries()) {
        await answer(usage(100)).then(
          () => (spent += 100),
          () => (refusedSince[index] ??= clock.elapsed()),
        )
      }
      clock.advance(100)
      await soon()
    }
    expect(spent).toBeGreaterThanOrEqual(100_000)
    expect(spent).toBeLessThanOrEqual(110_000)
    const [one = 0, other = 0] = refusedSince
    expect(Math.min(one, other)).toBeGreaterThan(0)
    expect(Math.abs(one - other)).toBeLessThanOrEqual(5000)
  })
})

describe('a database that fails', () => {
  it.each([
    ['stored', { isFull: true }, 0],
    ['read', { isGone: true }, 2],
  ])('so that nothing can be %s leaves what was counted here', async (_, fault, reported) => {
    const { clock, store, answer, reports } = start({ tokensPerDay: 100 })
    Object.assign(store.faults, fault)
    await answer(usage(50))
    clock.advance(6000)
    await answer(usage(50))
    clock.advance(6000)
    expect(reports).toHaveLength(reported)
    await expect(answer(usage(1))).rejects.toMatchObject({ failure: { kind: 'allowance-spent' } })
  })

  it('is not asked again by each request', async () => {
    const { clock, store, admit, reports } = start({ tokensPerDay: 100 })
    store.faults.isGone = true
    for (let request = 0; request < 5; request += 1) {
      await admit()
      await soon()
    }
    expect([store.reads(), reports.length]).toEqual([1, 1])
    clock.advance(2500)
    await admit()
    await soon()
    expect([store.reads(), reports.length]).toEqual([2, 2])
  })

  it('holds up no request for long', async () => {
    const { clock, store, admit } = start({ tokensPerDay: 100 })
    store.faults.isSlow = true
    const admitted = admit()
    await soon()
    clock.advance(1000)
    await expect(admitted).resolves.toBeUndefined()
  })
})

describe('a key', () => {
  it('without limits of this kind is not looked at', () => {
    expect(isLimited({})).toBe(false)
    expect(isLimited({ concurrentRequests: 3 })).toBe(false)
    expect(isLimited({ requestsPerMinute: 0 })).toBe(true)
    expect(isLimited({ creditsPerMonth: 0 })).toBe(true)
  })
})

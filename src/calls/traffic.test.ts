import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { EndedCall } from './ended-call.ts'
import type { DetailedCall } from './kept-call.ts'
import { noCounts } from './request-counts.ts'
import { sampleEndedCall } from './sample-ended-call.ts'
import { createTraffic } from './traffic.ts'
import type { Resolution, TrafficAddition } from './traffic-store.ts'

/** Everything is done at once by what stands for the database. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function setUp({ keepsCalls = true } = {}) {
  const clock = createFakeClock()
  const added: TrafficAddition[] = []
  const inserted: DetailedCall[] = []
  const pruned: ReadonlyMap<Resolution, number>[] = []
  const warned: number[] = []
  const reported: unknown[] = []
  const reads = { count: 0 }
  const broken = { counts: false, calls: false }
  const sum = { ...noCounts(), ok: 2, firstTokens: new Map([[10, 2]]), durations: new Map([[20, 1]]) }
  const traffic = createTraffic({
    store: {
      async add(addition) {
        if (broken.counts) throw new Error('no database')
        added.push(addition)
      },
      async listSince(_, since) {
        reads.count += 1
        return [{ ...sum, at: since }]
      },
      async sumSince() {
        reads.count += 1
        return sum
      },
      async sumTops(_, kind) {
        reads.count += 1
        const counts = { requests: 1, failures: 0, inputTokens: 0, outputTokens: 0 }
        return Array.from({ length: 20 }, (__, place) => ({
          ...counts,
          name: `${kind} ${place}`,
          requests: 20 - place,
          failures: place === 19 ? 1 : 0,
        }))
      },
      listBeatsSince: async (since) => [
        { accountId: 'a', at: since, level: 1 },
        { accountId: 'a', at: since + 59 * 60_000, level: 3 },
        { accountId: 'b', at: since + 60_000, level: 2 },
      ],
      async listAccountSteps(at) {
        reads.count += 1
        const firstTokens = new Map([[10, 1]])
        const busy = { accountId: 'a', at, requests: 2, ok: 1, firstTokens }
        return at % (2 * 3_600_000) === 0
          ? [busy]
          : [busy, { ...busy, accountId: 'b', firstTokens: new Map() }]
      },
      prune: async (before) => void pruned.push(before),
    },
    calls: {
      async insert(calls) {
        if (broken.calls) throw new Error('no database')
        inserted.push(...calls)
      },
    },
    keepsCalls: () => keepsCalls,
    clock,
    warn: (count) => warned.push(count),
    report: (error) => reported.push(error),
  })
  const ended = (id: string, changes: Partial<EndedCall> = {}) =>
    sampleEndedCall(id, { endedAt: clock.now(), ...changes })
  async function pass(ms: number): Promise<void> {
    clock.advance(ms)
    for (let round = 0; round < 3; round += 1) await turn()
  }
  const totalOk = () =>
    added.flatMap(({ steps }) => steps.get(1) ?? []).reduce((total, { ok }) => total + ok, 0)
  return { clock, traffic, added, inserted, pruned, warned, reported, reads, broken, ended, pass, totalOk }
}

describe('requests that have ended', () => {
  it('are written together, a second later', async () => {
    const { clock, traffic, added, inserted, ended, pass } = setUp()
    traffic.note(ended('1'))
    clock.advance(500)
    traffic.note(ended('2', { outcome: 'shed', failure: 'rate-limited', call: undefined }))
    await turn()
    expect([added.length, inserted.length, clock.pending()]).toEqual([0, 0, 1])
    await pass(500)
    expect(inserted.map(({ id }) => id)).toEqual(['1', '2'])
    expect(added).toHaveLength(1)
    const counted = { ok: 1, shed: 1, inputTokens: 1110, outputTokens: 5, firstTokens: new Map([[7, 1]]) }
    for (const resolution of [1, 60, 3600] as const)
      expect(added[0]?.steps.get(resolution)).toMatchObject([counted])
    expect(added[0]?.beats).toEqual([{ accountId: 'a', at: Date.parse('2026-11-22T10:00:00Z'), level: 1 }])
    expect(added[0]?.accounts).toEqual([
      {
        accountId: 'a',
        at: Date.parse('2026-11-22T10:00:00Z'),
        requests: 1,
        ok: 1,
        firstTokens: new Map([[7, 1]]),
      },
    ])
    expect(clock.pending()).toBe(0)
  })

  it('count at the accounts that were tried, the worst of each minute', async () => {
    const { traffic, added, ended, pass } = setUp()
    const failed = ended('1')
    failed.call?.attempts.push(
      { accountId: 'b', startedAt: 0, outcome: 'throttled' },
      { accountId: 'c', startedAt: 0, outcome: 'upstream-unavailable', heldBack: true },
      { accountId: 'd', startedAt: 0, outcome: 'client-gone' },
      { accountId: 'e', startedAt: 0, outcome: 'context-too-long' },
      { accountId: 'f', startedAt: 0 },
      { accountId: 'b', startedAt: 0, outcome: 'answered' },
      { accountId: 'a', startedAt: 0, outcome: 'interrupted' },
    )
    traffic.note(failed)
    await pass(1000)
    expect(added[0]?.beats.map(({ accountId, level }) => [accountId, level])).toEqual([
      ['a', 3],
      ['b', 2],
      ['e', 1],
    ])
    expect(added[0]?.accounts.map(({ accountId, requests, ok }) => [accountId, requests, ok])).toEqual([
      ['a', 2, 1],
      ['b', 2, 1],
      ['e', 1, 1],
    ])
  })

  it('are kept while the database is away, and the log says so once a minute', async () => {
    const { traffic, added, inserted, reported, broken, ended, pass, totalOk } = setUp()
    broken.counts = true
    broken.calls = true
    for (let second = 0; second < 30; second += 1) {
      traffic.note(ended(`${second}`))
      await pass(1000)
    }
    expect(reported).toHaveLength(1)
    broken.counts = false
    broken.calls = false
    await pass(1000)
    expect(totalOk()).toBe(30)
    expect(added.flatMap(({ accounts }) => accounts).reduce((sum, { requests }) => sum + requests, 0)).toBe(
      30,
    )
    expect(new Set(inserted.map(({ id }) => id)).size).toBe(30)
    expect(inserted).toHaveLength(30)
  })

  it('are all counted when there are too many at once, though not all are kept, and the log says so once a minute', async () => {
    const { traffic, inserted, warned, ended, pass, totalOk } = setUp()
    for (let second = 0; second < 3; second += 1) {
      for (let index = 0; index < 6000; index += 1) traffic.note(ended(`${second} ${index}`))
      await pass(1000)
      for (let step = 0; step < 60; step += 1) await pass(1)
    }
    expect(totalOk()).toBe(18_000)
    expect(inserted).toHaveLength(15_000)
    expect(warned).toEqual([1000])
    await pass(60_000)
    traffic.note(ended('later'))
    await pass(1000)
    expect(warned).toEqual([1000, 2000])
  })

  it('without a known key crowd out nobody', async () => {
    const { traffic, inserted, warned, ended, pass, added } = setUp()
    for (let index = 0; index < 500; index += 1) {
      traffic.note(
        ended(`${index}`, { failure: 'unauthenticated', outcome: 'client-error', call: undefined }),
      )
    }
    traffic.note(ended('known'))
    await pass(1000)
    expect(inserted).toHaveLength(21)
    expect(added[0]?.steps.get(1)).toMatchObject([{ clientErrors: 500, ok: 1 }])
    expect(warned).toEqual([480])
  })

  it('are written when the gateway stops', async () => {
    const { clock, traffic, inserted, ended, totalOk } = setUp()
    for (let index = 0; index < 250; index += 1) traffic.note(ended(`${index}`))
    await traffic.close()
    expect([totalOk(), inserted.length, clock.pending()]).toEqual([250, 250, 0])
  })

  it('are only counted where none is to be kept', async () => {
    const { traffic, inserted, warned, ended, pass, totalOk } = setUp({ keepsCalls: false })
    for (let index = 0; index < 6000; index += 1) traffic.note(ended(`${index}`))
    await pass(1000)
    expect([totalOk(), inserted.length, warned.length]).toEqual([6000, 0, 0])
  })

  it('are forgotten in time', async () => {
    const { clock, traffic, pruned, ended, pass } = setUp()
    for (let second = 0; second < 90; second += 1) {
      traffic.note(ended(`${second}`))
      await pass(1000)
    }
    expect(pruned).toHaveLength(2)
    const keptMinutes = Array.from(pruned[1] ?? [], ([step, before]) => [
      step,
      (clock.now() - before - 29_000) / 60_000,
    ])
    expect(keptMinutes).toEqual([
      [1, 16],
      [60, 25 * 60],
      [3600, 61 * 24 * 60],
    ])
  })
})

describe('numbers', () => {
  it.each([
    ['15m', 1, 899_000],
    ['1h', 60, 59 * 60_000],
    ['24h', 60, (24 * 60 - 1) * 60_000],
    ['7d', 3600, (7 * 24 - 1) * 3_600_000],
    ['30d', 3600, (30 * 24 - 1) * 3_600_000],
  ] as const)('of %s come by steps of %s seconds', async (range, stepSeconds, span) => {
    const { clock, traffic } = setUp()
    const reading = await traffic.read(range)
    expect(reading).toMatchObject({ stepSeconds, from: clock.now() - span, to: clock.now() })
    expect(reading.points).toMatchObject([
      { at: reading.from, ok: 2, firstTokenP50Ms: 180, firstTokenP99Ms: 201 },
    ])
    expect(reading).toMatchObject({ sum: { ok: 2, totalP50Ms: 1810 }, previous: { ok: 2 } })
  })

  it('have a letter for each minute of each account', async () => {
    const { traffic } = setUp()
    expect((await traffic.read('1h')).beats).toEqual([
      { accountId: 'a', minutes: `o${'-'.repeat(58)}x` },
      { accountId: 'b', minutes: `-t${'-'.repeat(58)}` },
    ])
  })

  it('of each account are those of a day, hour by hour', async () => {
    const { clock, traffic, reads, pass } = setUp()
    const reading = traffic.readAccounts()
    for (let hour = 0; hour <= 24; hour += 1) await pass(1)
    const { from, to, accounts } = await reading
    expect(from).toBe(Date.parse('2026-11-21T11:00:00Z'))
    expect(to - from).toBe(23 * 3_600_000)
    expect(reads.count).toBe(24)
    expect(accounts).toEqual([
      { accountId: 'a', requests: 48, ok: 24, firstTokenP95Ms: expect.closeTo(200, -1) },
      { accountId: 'b', requests: 24, ok: 12, firstTokenP95Ms: null },
    ])
    expect(await traffic.readAccounts()).toBe(await reading)
    expect(clock.pending()).toBe(0)
  })

  it('of one account come hour by hour', async () => {
    const { traffic } = setUp()
    const { from, hours } = await traffic.readAccount('a')
    expect(hours).toHaveLength(24)
    expect(hours[0]).toMatchObject({ at: from, requests: 2, ok: 1, firstTokenP95Ms: expect.any(Number) })
  })

  it('are read once for all who ask in the same second', async () => {
    const { clock, traffic, reads } = setUp()
    const [first, second] = await Promise.all([traffic.summarize(), traffic.summarize()])
    expect(second).toBe(first)
    expect(first).toMatchObject({ lastMinute: { ok: 2 }, lastHour: { ok: 2 } })
    expect(first.seconds).toMatchObject([{ at: clock.now() - 9000, ok: 2 }])
    expect(reads.count).toBe(3)
    clock.advance(1000)
    await traffic.summarize()
    expect(reads.count).toBe(6)
  })

  it('tell which models and keys led by any measure, for all who ask', async () => {
    const { traffic, reads } = setUp()
    const [first, second] = await Promise.all([traffic.readTop('24h'), traffic.readTop('24h')])
    expect(second).toBe(first)
    expect(reads.count).toBe(2)
    expect(first.models.map(({ name }) => name)).toEqual([
      'model 0',
      'model 1',
      'model 2',
      'model 3',
      'model 4',
      'model 19',
    ])
    expect(first.keys[0]?.name).toBe('key 0')
  })
})

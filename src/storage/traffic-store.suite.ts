/** What every database must do for the numbers and the log of requests. Each database's test calls this. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountStep } from '../calls/account-steps.ts'
import { toKeptCall, type DetailedCall } from '../calls/kept-call.ts'
import { noCounts } from '../calls/request-counts.ts'
import { TRIALS } from '../calls/trials.ts'
import { sampleEndedCall } from '../calls/sample-ended-call.ts'
import type { CountedStep } from '../calls/traffic-batch.ts'
import type { TopStep } from '../calls/top-steps.ts'
import type {
  CallFilter,
  CallPosition,
  CallStore,
  TrafficAddition,
  TrafficStore,
} from '../calls/traffic-store.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createCallStore } from './calls.ts'
import { createTrafficStore } from './traffic.ts'

const START = Date.parse('2026-11-22T10:00:00Z')
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const step = (at: number, counts: Partial<CountedStep> = {}): CountedStep => ({
  ...noCounts(),
  at,
  firstTokens: new Map(),
  durations: new Map(),
  ...counts,
})

type Addition = [
  steps: TrafficAddition['steps'],
  beats: TrafficAddition['beats'],
  accounts: TrafficAddition['accounts'],
  tops?: readonly TopStep[],
]
const addTo = (store: TrafficStore, ...[steps, beats, accounts, tops = []]: Addition) =>
  store.add({ steps, beats, accounts, tops: new Map([[60, tops]]) })

const accountStep = (accountId: string, changes: Partial<AccountStep> = {}): AccountStep => ({
  accountId,
  at: START,
  requests: 1,
  ok: 1,
  firstTokens: new Map([[3, 1]]),
  ...changes,
})

const callAt = (id: string, second: number, changes: Partial<DetailedCall> = {}): DetailedCall => ({
  ...toKeptCall(sampleEndedCall(id, { endedAt: START + second * 1000 })),
  ...changes,
})

export function trafficStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`traffic store on ${name}`, () => {
    let opened: TestDatabase
    let store: TrafficStore
    beforeEach(async () => {
      opened = await openTestDatabase()
      store = createTrafficStore(opened.database)
    })
    afterEach(() => opened.close())

    it('adds to what it and others have stored', async () => {
      const other = createTrafficStore(opened.database)
      const counts = { ok: 1, shed: 2, inputTokens: 3e9, firstTokens: new Map([[3, 1]]) }
      await addTo(store, new Map([[1, [step(START, counts)]]]), [], [])
      await addTo(
        other,
        new Map([
          [1, [step(START + 1000, { cancelled: 1 }), step(START, { ...counts, outputTokens: 7 })]],
          [60, [step(START, { throttled: 1, firstTokens: new Map([[3, 2]]) })]],
        ]),
        [],
        [],
      )
      expect(await store.listSince(1, START)).toEqual([
        step(START, { ok: 2, shed: 4, inputTokens: 6e9, outputTokens: 7, firstTokens: new Map([[3, 2]]) }),
        step(START + 1000, { cancelled: 1 }),
      ])
      expect(await store.listSince(1, START + 1)).toEqual([step(START + 1000, { cancelled: 1 })])
      expect(await store.listSince(3600, 0)).toEqual([])
    })

    it('adds up steps', async () => {
      const first = step(START, { ok: 1, clientErrors: 2, firstTokens: new Map([[1, 1]]) })
      const second = step(START + 1000, {
        ok: 4,
        upstreamErrors: 1,
        firstTokens: new Map([
          [1, 2],
          [9, 1],
        ]),
      })
      await addTo(store, new Map([[1, [first, second]]]), [], [])
      const { at: _, ...nothing } = step(0)
      expect(await store.sumSince(1, START)).toEqual({
        ...nothing,
        ok: 5,
        clientErrors: 2,
        upstreamErrors: 1,
        firstTokens: new Map([
          [1, 3],
          [9, 1],
        ]),
      })
      expect(await store.sumSince(1, START + 5000)).toEqual(nothing)
      const { firstTokens: _bins, durations: _longer, ...moment } = first
      expect(await store.listCounts(1, { since: START, until: START + 1000 })).toEqual([moment])
    })

    it('keeps the worst of each minute of an account', async () => {
      const beat = (accountId: string, level: number, at = START) => ({ accountId, at, level })
      await addTo(store, new Map(), [beat('a', 2), beat('b', 1)], [])
      await addTo(store, new Map(), [beat('b', 3), beat('a', 1), beat('a', 1, START + MINUTE_MS)], [])
      const all = [beat('a', 1, START + MINUTE_MS), beat('b', 3), beat('a', 2)]
      expect(await store.listBeatsSince(START, 10)).toEqual(all)
      expect(await store.listBeatsSince(START, 2)).toEqual(all.slice(0, 2))
      expect(await store.listBeatsSince(START + 1, 10)).toEqual(all.slice(0, 1))
    })

    it('adds up what went through each account in an hour', async () => {
      const slow = { firstTokens: new Map([[9, 1]]), ok: 0 }
      await addTo(store, new Map(), [], [accountStep('b'), accountStep('a'), accountStep('a', { at: 0 })])
      await addTo(
        store,
        new Map(),
        [],
        [accountStep('a', slow), accountStep('c', { firstTokens: new Map() })],
      )
      const found = await store.listAccountSteps(START)
      expect(found.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))).toEqual([
        accountStep('a', {
          requests: 2,
          firstTokens: new Map([
            [3, 1],
            [9, 1],
          ]),
        }),
        accountStep('b'),
        accountStep('c', { firstTokens: new Map() }),
      ])
      expect(await store.listAccountSteps(START, 'b')).toEqual([accountStep('b')])
      expect(await store.listAccountSteps(START, 'd')).toEqual([])
    })

    it('keeps how long whole answers took beside how long they took to begin', async () => {
      const both = { ok: 1, firstTokens: new Map([[3, 1]]), durations: new Map([[20, 1]]) }
      for (let time = 0; time < 2; time += 1) await addTo(store, new Map([[1, [step(START, both)]]]), [], [])
      const twice = { ok: 2, firstTokens: new Map([[3, 2]]), durations: new Map([[20, 2]]) }
      expect(await store.listSince(1, START)).toEqual([step(START, twice)])
      expect(await store.sumSince(1, START)).toMatchObject(twice)
    })

    it('adds up steps before a moment', async () => {
      const steps = [step(START, { ok: 1 }), step(START + 1000, { ok: 10 }), step(START + 2000, { ok: 100 })]
      await addTo(store, new Map([[1, steps]]), [], [])
      expect(await store.sumSince(1, START, START + 2000)).toMatchObject({ ok: 11 })
      expect(await store.sumSince(1, START, START)).toMatchObject({ ok: 0 })
    })

    it('adds up what was for each model and key', async () => {
      const counts = { requests: 2, failures: 1, inputTokens: 3e9, outputTokens: 5 }
      const top = (model: string, changes: Partial<TopStep> = {}): TopStep => ({
        kind: 'model',
        name: model,
        at: START,
        ...counts,
        ...changes,
      })
      await addTo(store, new Map(), [], [], [top('b'), top('a'), top('a', { at: START + MINUTE_MS })])
      await addTo(store, new Map(), [], [], [top('a'), top('a', { kind: 'key' }), top('c', { at: 0 })])
      const found = await store.sumTops(60, 'model', START)
      expect(found.toSorted((one, other) => (one.name < other.name ? -1 : 1))).toEqual([
        { name: 'a', requests: 6, failures: 3, inputTokens: 9e9, outputTokens: 15 },
        { name: 'b', ...counts },
      ])
      expect(await store.sumTops(60, 'key', START)).toEqual([{ name: 'a', ...counts }])
      expect(await store.sumTops(3600, 'model', 0)).toEqual([])
      await store.prune(new Map([[60, START + MINUTE_MS]]), { beats: 0, accounts: 0 })
      expect(await store.sumTops(60, 'model', 0)).toEqual([{ name: 'a', ...counts }])
    })

    it('takes more at once than a statement has room for', async () => {
      const steps = Array.from({ length: 1201 }, (_, index) =>
        step(START + index * 1000, { ok: 1, firstTokens: new Map([[1, 1]]) }),
      )
      const beats = steps.map(({ at }, index) => ({ accountId: `${index}`, at, level: 1 }))
      const accounts = beats.map(({ accountId }) => accountStep(accountId))
      await addTo(store, new Map([[1, steps]]), beats, accounts)
      expect(await store.listAccountSteps(START)).toHaveLength(1201)
      expect(await store.sumSince(1, START)).toMatchObject({ ok: 1201, firstTokens: new Map([[1, 1201]]) })
      expect(await store.listBeatsSince(START, 5000)).toHaveLength(1201)
    })

    it('forgets what is too old', async () => {
      const steps = [step(START, { firstTokens: new Map([[1, 1]]) }), step(START + 1000)]
      await addTo(
        store,
        new Map([
          [1, steps],
          [60, steps],
        ]),
        [{ accountId: 'a', at: START, level: 1 }],
        [accountStep('a'), accountStep('a', { at: START + HOUR_MS })],
      )
      await store.prune(new Map([[1, START + 1]]), { beats: START + 1, accounts: START + 1 })
      expect(await store.listAccountSteps(START)).toEqual([])
      expect(await store.listAccountSteps(START + HOUR_MS)).toHaveLength(1)
      expect((await store.listSince(1, 0)).map(({ at }) => at)).toEqual([START + 1000])
      expect((await store.sumSince(1, 0)).firstTokens.size).toBe(0)
      expect(await store.listSince(60, 0)).toHaveLength(2)
      expect(await store.listBeatsSince(0, 10)).toEqual([])
    })
  })

  callStoreSuite(name, openTestDatabase)
}

function callStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`call store on ${name}`, () => {
    let opened: TestDatabase
    let store: CallStore
    beforeEach(async () => {
      opened = await openTestDatabase()
      store = createCallStore(opened.database)
    })
    afterEach(() => opened.close())

    /** Ids of all pages, and how many pages it were. */
    async function findAll(filter: CallFilter, limit = 3): Promise<{ ids: string[]; pages: number }> {
      const ids: string[] = []
      let before: CallPosition | undefined
      for (let pages = 1; ; pages += 1) {
        const found = await store.find(filter, { limit, ...(before && { before }) })
        ids.push(...found.calls.map(({ id }) => id))
        if (found.next === undefined) return { ids, pages }
        before = found.next
      }
    }

    it('gives back what was put in, and keeps what is there', async () => {
      const call = callAt('a', 0, { repairs: ['refresh'], client: null, credits: null })
      await store.insert([call])
      await store.insert([{ ...call, status: 500 }, callAt('b', 1)])
      expect(await store.get('a')).toEqual(call)
      const { course: _, ...listed } = call
      expect((await store.find({ id: 'a' }, { limit: 1 })).calls).toEqual([listed])
      expect(await store.get('c')).toBeUndefined()
      expect(await store.count()).toBe(2)
      expect((await store.get('b'))?.hasImages).toBe(false)
    })

    it('pages newest first, whatever is asked for', async () => {
      const calls = Array.from({ length: 12 }, (_, index) =>
        // Two to a moment.
        callAt(`c${String(index).padStart(2, '0')}`, Math.floor(index / 2), {
          outcome: index % 3 === 0 ? 'throttled' : 'ok',
          model: index % 2 === 0 ? 'even' : 'odd',
          keyId: index < 4 ? 'k' : index === 7 ? TRIALS : null,
          ...(index % 3 === 0 && { status: 429, failure: 'throttled' }),
          ...(index === 11 && { dialect: 'openai-responses' }),
          ...(index === 10 && { client: null }),
          totalMs: index * 1000,
          stream: index !== 9,
          hasImages: index === 2 ? null : false,
          accountIds: index % 4 === 0 ? ['a', 'b'] : ['b'],
        }),
      )
      await store.insert(calls)
      const idsOf = (isWanted: (index: number) => boolean) =>
        calls.flatMap(({ id }, index) => (isWanted(index) ? [id] : [])).toReversed()
      const wishes: [CallFilter, (index: number) => boolean][] = [
        [{}, () => true],
        [{ outcome: 'throttled' }, (index) => index % 3 === 0],
        [{ model: 'odd' }, (index) => index % 2 === 1],
        [{ key: 'k' }, (index) => index < 4],
        [{ account: 'a' }, (index) => index % 4 === 0],
        [{ account: 'nobody' }, () => false],
        [{ account: 'b', model: 'odd', outcome: 'throttled' }, (index) => index % 6 === 3],
        [{ key: 'k', outcome: 'ok' }, (index) => index < 4 && index % 3 !== 0],
        [{ since: START + 2000, until: START + 4000 }, (index) => index >= 4 && index < 8],
        [{ account: 'a', since: START + 2000 }, (index) => index % 4 === 0 && index >= 4],
        [{ id: 'c05' }, (index) => index === 5],
        [{ idPrefix: 'c0' }, (index) => index < 10],
        [{ idPrefix: 'c%' }, () => false],
        [{ statusClass: '2xx' }, (index) => index % 3 !== 0],
        [{ statusClass: '4xx' }, (index) => index % 3 === 0],
        [{ statusClass: '5xx' }, () => false],
        [{ failures: ['throttled'] }, (index) => index % 3 === 0],
        [{ failures: ['throttled', 'quota'], model: 'even' }, (index) => index % 6 === 0],
        [{ failures: [] }, () => false],
        [{ dialect: 'openai-responses' }, (index) => index === 11],
        [{ client: 'curl' }, (index) => index !== 10],
        [{ client: 'curl 8.5.0' }, (index) => index !== 10],
        [{ client: 'cur' }, () => false],
        [{ minimumMs: 4000 }, (index) => index >= 4],
        [{ stream: false, hasTools: true }, (index) => index === 9],
        [{ hasImages: false }, (index) => index !== 2],
        [{ withoutTrials: true }, (index) => index !== 7],
        [{ account: 'a', minimumMs: 4000, withoutTrials: true }, (index) => index % 4 === 0 && index >= 4],
      ]
      for (const [filter, isWanted] of wishes) {
        expect((await findAll(filter)).ids).toEqual(idsOf(isWanted))
        const { tallies, next } = await store.tally(filter, { characters: 10 })
        expect(tallies.reduce((sum, { count }) => sum + count, 0)).toBe(idsOf(isWanted).length)
        expect(next).toBeUndefined()
        expect((await findAll(filter, 1)).ids).toEqual(idsOf(isWanted))
      }
    })

    it.each<[CallFilter, (number | null)[]]>([
      [{ model: 'm' }, [3, 2, 1]],
      [{ dialect: 'd' }, [4, 3]],
      [{ account: 'a' }, [2, 1]],
      [{ model: 'm', withoutTrials: true }, [3, 1]],
      [{ model: 'm', since: START + 1500, until: START + 2500 }, [2]],
      [{ account: 'nobody' }, []],
    ])('tells how long those of %j took, newest first', async (filter, expected) => {
      await store.insert([
        callAt('1', 1, { model: 'm', accountIds: ['a', 'b'], firstTokenMs: 1 }),
        callAt('2', 2, { model: 'm', accountIds: ['a'], firstTokenMs: 2, keyId: TRIALS }),
        callAt('3', 3, { model: 'm', dialect: 'd', accountIds: ['b'], firstTokenMs: 3 }),
        callAt('4', 4, { model: 'n', dialect: 'd', accountIds: [], firstTokenMs: 4 }),
      ])
      const { calls: found, next } = await store.measure(filter, undefined)
      expect(found.map(({ firstTokenMs }) => firstTokenMs)).toEqual(expected)
      expect(next).toBeUndefined()
    })

    it('tells how long whole answers took of those that went well', async () => {
      await store.insert([
        callAt('1', 1, { model: 'm', firstTokenMs: null, totalMs: 70 }),
        callAt('2', 2, { model: 'm', firstTokenMs: 5, totalMs: 80, outcome: 'cancelled' }),
      ])
      expect((await store.measure({ model: 'm' }, undefined)).calls).toEqual([
        { at: START + 2000, firstTokenMs: 5, totalMs: null },
        { at: START + 1000, firstTokenMs: null, totalMs: 70 },
      ])
    })

    it('measures so many at once, and tells where to go on', async () => {
      const many = Array.from({ length: 2001 }, (_, index) =>
        callAt(`${10_000 + index}`, index, { model: 'm' }),
      )
      await store.insert(many)
      const first = await store.measure({ model: 'm' }, undefined)
      expect([first.calls.length, first.next]).toEqual([2000, [START + 1000, '10001']])
      const second = await store.measure({ model: 'm' }, first.next)
      expect([second.calls.map(({ at }) => at), second.next]).toEqual([[START], undefined])
    })

    it('looks at so many at once, and tells where to go on', async () => {
      const calls = Array.from({ length: 1200 }, (_, index) =>
        callAt(`c${index}`, index, { model: index === 3 ? 'rare' : 'usual', accountIds: [] }),
      )
      await store.insert(calls)
      expect(await findAll({ model: 'rare' })).toEqual({ ids: ['c3'], pages: 1 })
      expect(await findAll({ model: 'usual', key: 'nobody' })).toEqual({ ids: [], pages: 1 })
      expect(await findAll({ key: 'k', model: 'rare' })).toEqual({ ids: ['c3'], pages: 2 })
    })

    it('counts how they ended, as many at once as there is time for', async () => {
      const calls = Array.from({ length: 7000 }, (_, index) =>
        callAt(`c${index}`, index, { outcome: index % 10 === 0 ? 'shed' : 'ok', accountIds: [] }),
      )
      await store.insert(calls)
      expect(await store.oldest()).toBe(START)
      const counted = new Map<string, number>()
      let before: CallPosition | undefined
      let looks = 0
      do {
        const found = await store.tally({ key: 'k' }, { characters: 13, ...(before && { before }) })
        for (const { start, outcome, count } of found.tallies) {
          counted.set(`${start} ${outcome}`, (counted.get(`${start} ${outcome}`) ?? 0) + count)
        }
        before = found.next
        looks += 1
      } while (before !== undefined)
      expect(looks).toBe(2)
      expect(Object.fromEntries(counted)).toEqual({
        '2026-11-22T10 ok': 3240,
        '2026-11-22T10 shed': 360,
        '2026-11-22T11 ok': 3060,
        '2026-11-22T11 shed': 340,
      })
      const some = await store.tally({ outcome: 'shed', since: START + 9500 }, { characters: 16 })
      expect(some.tallies.find(({ start }) => start === '2026-11-22T10:00')?.count).toBe(5)
      expect(some.next).toBeUndefined()
    }, 30_000)

    it('forgets the oldest, with what leads to them', async () => {
      const calls = Array.from({ length: 10 }, (_, index) => callAt(`c${index}`, index))
      await store.insert(calls)
      expect(await store.prune({ before: START + 3000 }, 2)).toBe(2)
      expect(await store.prune({ before: START + 3000 }, 2)).toBe(1)
      expect(await store.prune({ before: START + 3000 }, 2)).toBe(0)
      expect(await store.prune({}, 4)).toBe(4)
      const left = ['c9', 'c8', 'c7']
      expect((await findAll({})).ids).toEqual(left)
      expect((await findAll({ account: 'a' })).ids).toEqual(left)
      expect(await store.prune({}, 100)).toBe(3)
      const rows = await opened.database.selectFrom('call_accounts').selectAll().execute()
      expect(rows).toEqual([])
    })
  })
}

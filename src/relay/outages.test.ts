/** What clients notice of a service that fails, and what becomes of the accounts: figures, on a clock of its own. */
import { describe, expect, it } from 'vitest'
import { createRandom, openOutageLab, type Fate, type Played } from '../../test/outage-lab.ts'

/** Tens of thousands of requests take a busy machine some seconds. */
const MANY = { timeout: 60_000 }

const SECOND = 1000
const MINUTE = 60 * SECOND
const FIVE = ['a', 'b', 'c', 'd', 'e']
const ANSWER_MS = 200

const throttled = (retryAfterSeconds?: number): Fate => ({
  kind: 'throttled',
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
})
const unavailable: Fate = { kind: 'upstream-unavailable' }

const everySecond = (request: number) => (request % 2 === 0 ? 'other' : 'm')
const halfGreedy = (request: number) => (request % 2 === 0 ? 'greedy' : `${request}`)
const mostlyPoison = (request: number) => (request % 11 === 0 ? 'm' : 'poison')

const took = ({ startedAt, endedAt }: Played) => endedAt - startedAt
const failed = (played: readonly Played[]) => played.filter(({ failure }) => failure !== undefined)
/** Such that so many of a hundred are below. */
function percentile(values: readonly number[], percent: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1] ?? 0
}

describe('R1: one account of five that is throttled', () => {
  it('costs no request, at most 150 ms, and is not asked while it rests', async () => {
    const lab = await openOutageLab({
      accountIds: FIVE,
      fateOf: ({ accountId, at }) => (accountId === 'a' && at < 20 * SECOND ? throttled(30) : 'answer'),
    })
    const played = await lab.load({ perSecond: 50, seconds: 60 })
    expect(failed(played)).toEqual([])
    expect(percentile(played.map(took), 100) - ANSWER_MS).toBeLessThanOrEqual(150)
    const times = lab.asked.filter(({ accountId }) => accountId === 'a').map(({ at }) => at)
    const restsFrom = (times[0] ?? 0) + 50
    expect(times.filter((at) => at > restsFrom && at < restsFrom + 30 * SECOND)).toEqual([])
    expect(times.filter((at) => at >= restsFrom + 30 * SECOND).length).toBeGreaterThan(0)
  })
})

describe('R2: all accounts throttled', () => {
  it('is told at once with the true wait; the first success comes within a second of its end', async () => {
    const lab = await openOutageLab({
      accountIds: FIVE,
      fateOf: ({ at }) => (at < 5 * SECOND ? throttled(40) : 'answer'),
    })
    const played = await lab.load({ perSecond: 10, seconds: 60 })
    const refused = failed(played).filter(({ startedAt }) => startedAt > SECOND)
    expect(refused.length).toBeGreaterThan(300)
    expect(new Set(refused.map(({ failure }) => failure?.kind))).toEqual(new Set(['accounts-cooling']))
    expect(
      Math.max(
        ...failed(played)
          .filter(({ startedAt }) => startedAt < 35 * SECOND)
          .map(took),
      ),
    ).toBeLessThanOrEqual(300)
    const soonestEnd = 40 * SECOND + 50
    for (const { startedAt, failure } of refused) {
      expect(
        Math.abs((failure?.retryAfterSeconds ?? 0) - (soonestEnd - startedAt) / SECOND),
      ).toBeLessThanOrEqual(1)
    }
    const firstSuccess = played.find(({ failure }) => failure === undefined)
    expect((firstSuccess?.endedAt ?? 0) - ANSWER_MS - soonestEnd).toBeLessThanOrEqual(SECOND)
    expect(lab.asked.filter(({ at }) => at > SECOND && at < soonestEnd)).toEqual([])
  })
})

describe('R5: the wait that a client is told', () => {
  it.each([1, 59, 61, 500, 599])('is never more than a minute where it is %d s', async (seconds) => {
    const lab = await openOutageLab({ accountIds: FIVE, fateOf: () => throttled(seconds) })
    const played = await lab.load({ perSecond: 10, seconds: 2 })
    expect(failed(played)).toHaveLength(20)
    for (const { failure } of played) {
      expect(failure?.retryAfterSeconds).toBeGreaterThanOrEqual(1)
      expect(failure?.retryAfterSeconds).toBeLessThanOrEqual(60)
    }
  })
})

describe('R3: a failure that is about one model or one client', () => {
  it.each<[string, Fate]>([
    ['no room for a model', { kind: 'capacity' }],
    ['a model that accounts do not have', { kind: 'model-not-found' }],
    ['requests that are refused', { kind: 'invalid-request' }],
  ])('%s: others on the same accounts notice nothing', async (_, fate) => {
    const lab = await openOutageLab({
      accountIds: ['a', 'b'],
      fateOf: ({ model }) => (model === 'other' ? fate : 'answer'),
    })
    const played = await lab.load({ perSecond: 20, seconds: 30, modelOf: everySecond })
    const others = played.filter(({ call }) => call.model === 'm')
    expect(others).toHaveLength(300)
    expect(failed(others)).toEqual([])
    expect(percentile(others.map(took), 50)).toBeLessThanOrEqual(1.05 * ANSWER_MS)
    expect(percentile(others.map(took), 100)).toBeLessThanOrEqual(1.05 * ANSWER_MS)
    expect(lab.pool.enabled().map(({ strikes, status }) => [strikes, status.kind])).toEqual([
      [0, 'ready'],
      [0, 'ready'],
    ])
  })
})

describe('R3: a client that may have no more requests at once', () => {
  it('is refused by itself: others on the same accounts notice nothing', async () => {
    const lab = await openOutageLab({ accountIds: ['a', 'b'], fateOf: () => 'answer', keyConcurrency: 1 })
    const played = await lab.load({ perSecond: 20, seconds: 30, keyOf: halfGreedy })
    const others = played.filter(({ key }) => key !== 'greedy')
    expect(failed(played).length).toBeGreaterThan(100)
    expect(failed(others)).toEqual([])
    expect(percentile(others.map(took), 100)).toBeLessThanOrEqual(1.05 * ANSWER_MS)
  })
})

describe('R4: a throttled account, when the service does not say for how long', () => {
  it('rests at most two seconds the first time', async () => {
    let isFirst = true
    const lab = await openOutageLab({
      accountIds: ['a'],
      fateOf: () => {
        const fate = isFirst ? throttled() : 'answer'
        isFirst = false
        return fate
      },
    })
    const first = lab.play()
    await lab.pass(100)
    expect((await first).failure?.kind).toBe('throttled')
    const second = lab.play()
    await lab.pass(2 * SECOND + ANSWER_MS)
    expect(await second).toMatchObject({ failure: undefined })
    expect(took(await second) - ANSWER_MS).toBeLessThanOrEqual(2 * SECOND)
  })
})

describe('R8: a service that fails at random, 50 requests a second for ten minutes', MANY, () => {
  const DOWN_TO = 600 * SECOND

  it.each([
    [0.1, 0.995],
    [0.2, 0.9],
    [0.3, 0.78],
  ])(
    'at %d faults: enough requests succeed, it is asked at most 1.2 times, no account is lost',
    async (faults, least) => {
      const random = createRandom(7)
      const lab = await openOutageLab({
        accountIds: FIVE,
        fateOf: ({ at }) => (at < DOWN_TO && random() < faults ? unavailable : 'answer'),
      })
      const played = await lab.load({ perSecond: 50, seconds: 630 })
      const during = played.filter(({ startedAt }) => startedAt < DOWN_TO)
      expect(1 - failed(during).length / during.length).toBeGreaterThanOrEqual(least)
      expect(lab.asked.filter(({ at }) => at < DOWN_TO).length / during.length).toBeLessThanOrEqual(1.2)
      expect(percentile(failed(during).map(took), 95)).toBeLessThanOrEqual(2 * SECOND)
      const after = played.filter(({ startedAt }) => startedAt >= DOWN_TO + 5 * SECOND)
      expect(failed(after).length / after.length).toBeLessThan(0.01)
      expect(lab.pool.enabled()).toHaveLength(5)
    },
  )

  it('at nothing but faults: it is asked less than it would be, errors come at once, and end within 5 s', async () => {
    const lab = await openOutageLab({
      accountIds: FIVE,
      fateOf: ({ at }) => (at < DOWN_TO ? unavailable : 'answer'),
    })
    const played = await lab.load({ perSecond: 50, seconds: 630 })
    const during = played.filter(({ startedAt }) => startedAt < DOWN_TO)
    expect(lab.asked.filter(({ at }) => at < DOWN_TO).length / during.length).toBeLessThanOrEqual(1.2)
    expect(percentile(failed(during).map(took), 95)).toBeLessThanOrEqual(2 * SECOND)
    const after = played.filter(({ startedAt }) => startedAt >= DOWN_TO + 5 * SECOND)
    expect(failed(after).length / after.length).toBeLessThan(0.01)
    expect(lab.pool.enabled()).toHaveLength(5)
  })
})

describe('R40: 15 minutes in which the service fails for every account', MANY, () => {
  it.each<[string, Fate, number]>([
    ['answers 5xx', unavailable, 50],
    ['is silent', { kind: 'upstream-timeout' }, 20 * SECOND],
    ['cannot be reached', { kind: 'unreachable' }, 5 * SECOND],
  ])(
    'asked once a second, no account is disabled, all are in use 10 s after: it %s',
    async (_, fate, failMs) => {
      const DOWN_FROM = 10 * SECOND
      const DOWN_TO = DOWN_FROM + 15 * MINUTE
      const isDown = (at: number) => at >= DOWN_FROM && at < DOWN_TO
      const lab = await openOutageLab({
        accountIds: FIVE,
        fateOf: ({ at }) => (isDown(at) ? fate : 'answer'),
        failMs,
        maxStrikes: 5,
      })
      const played = await lab.load({ perSecond: 20, seconds: DOWN_TO / SECOND + 30 })
      expect(lab.pool.enabled()).toHaveLength(5)
      expect(Math.max(...lab.pool.enabled().map(({ strikes }) => strikes))).toBeLessThan(5)
      // A second's failures prove that it is down; before the first of them nobody can know.
      const probes = lab.asked.filter(({ at }) => at > DOWN_FROM + failMs + 2 * SECOND && at < DOWN_TO)
      expect(probes.length).toBeGreaterThan(850 - failMs / SECOND)
      probes.slice(1).forEach(({ at }, index) => {
        expect(at - (probes[index]?.at ?? 0)).toBeGreaterThanOrEqual(SECOND)
      })
      const inUse = lab.asked.filter(({ at }) => at >= DOWN_TO && at < DOWN_TO + 10 * SECOND)
      expect(new Set(inUse.map(({ accountId }) => accountId)).size).toBe(5)
      // R10 wants that of what cannot be reached.
      const after = played.filter(({ startedAt }) => startedAt >= DOWN_TO + 2 * SECOND)
      expect(failed(after)).toEqual([])
    },
  )

  it.each([
    ['one account', ['a'], 20],
    ['two accounts', ['a', 'b'], 20],
    ['one account that is hardly used', ['a'], 0.1],
    ['five accounts that are hardly used', FIVE, 0.1],
  ])('no account is disabled when there is only %s', async (_, accountIds, perSecond) => {
    const DOWN_TO = 15 * MINUTE
    const lab = await openOutageLab({
      accountIds,
      fateOf: ({ at }) => (at < DOWN_TO ? unavailable : 'answer'),
      maxStrikes: 5,
    })
    const played = await lab.load({ perSecond, seconds: DOWN_TO / SECOND + 60 })
    expect(lab.pool.enabled()).toHaveLength(accountIds.length)
    expect(failed(played).filter(({ failure }) => failure?.kind === 'no-account')).toEqual([])
    const probes = lab.asked.filter(({ at }) => at >= MINUTE && at < DOWN_TO)
    expect(probes.length).toBeGreaterThan(50)
    probes.slice(1).forEach(({ at }, index) => {
      expect(at - (probes[index]?.at ?? 0)).toBeGreaterThanOrEqual(SECOND)
    })
    const after = played.filter(({ startedAt }) => startedAt >= DOWN_TO + 10 * SECOND)
    expect(after.length).toBeGreaterThan(3)
    expect(failed(after)).toEqual([])
  })

  it('tells who asks meanwhile at once when to come back', async () => {
    const lab = await openOutageLab({ accountIds: FIVE, fateOf: () => unavailable })
    const played = await lab.load({ perSecond: 20, seconds: 10 })
    const held = played.filter(({ call }) => call.attempts.some(({ heldBack }) => heldBack === true))
    expect(held.length).toBeGreaterThan(100)
    expect(held.at(-1)).toMatchObject({ failure: { kind: 'unreachable', retryAfterSeconds: 1 } })
    expect(Math.max(...held.map(took))).toBeLessThanOrEqual(100)
  })
})

describe('R41: a client that sends nothing but invalid requests', () => {
  it('costs no account anything in 10,000 of them, and no other client', async () => {
    const lab = await openOutageLab({
      accountIds: FIVE,
      fateOf: ({ model }) => (model === 'poison' ? { kind: 'invalid-request' } : 'answer'),
      maxStrikes: 1,
    })
    const played = await lab.load({ perSecond: 100, seconds: 110, modelOf: mostlyPoison })
    expect(failed(played).length).toBeGreaterThanOrEqual(9999)
    expect(failed(played).filter(({ call }) => call.model !== 'poison')).toEqual([])
    expect(lab.asked).toHaveLength(played.length)
    for (const { strikes, status } of lab.pool.enabled()) expect([strikes, status.kind]).toEqual([0, 'ready'])
    expect(lab.pool.enabled()).toHaveLength(5)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterSpending,
  creditsLeft,
  forecastRunOut,
  isExhausted,
  overageLeft,
  resetsAt,
  soonestExpiry,
  type CreditSample,
  type CreditSource,
  type Overage,
  type Quota,
} from './quota.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const DAY = 86_400_000
const inDays = (days: number) => new Date(NOW + days * DAY)
const quota = (sources: readonly CreditSource[], overage?: Overage): Quota => ({
  readAt: new Date(NOW),
  sources,
  ...(overage !== undefined && { overage }),
})
const plan = (used: number, limit: number, endsIn?: number): CreditSource => ({
  kind: 'plan',
  used,
  limit,
  ...(endsIn !== undefined && { endsAt: inDays(endsIn) }),
})
const bonus = (used: number, limit: number, endsIn?: number): CreditSource => ({
  ...plan(used, limit, endsIn),
  kind: 'bonus',
})
const trial = (used: number, limit: number, endsIn?: number): CreditSource => ({
  ...plan(used, limit, endsIn),
  kind: 'free-trial',
})

describe('what is left', () => {
  it.each<[string, Quota, number | undefined, boolean]>([
    ['nothing told', quota([]), undefined, false],
    ['nothing told but overage', quota([], { isAllowed: false, used: 9 }), undefined, false],
    ['a plan without credits', quota([plan(0, 0)]), undefined, false],
    ['a plan without credits and a trial', quota([plan(0, 0), trial(1, 5, 3)]), 4, false],
    ['a trial that is used up, and no word of the plan', quota([trial(5, 5, 3)]), undefined, false],
    ['a plan', quota([plan(10.5, 50, 8)]), 39.5, false],
    ['a plan that is used up', quota([plan(50, 50, 8)]), 0, true],
    ['a plan that is overdrawn', quota([plan(60, 50, 8)]), 0, true],
    ['a used-up plan, renewed since', quota([plan(50, 50, -1)]), 50, false],
    ['a used-up plan and a bonus', quota([plan(50, 50, 8), bonus(1, 10, 2)]), 9, false],
    ['a used-up plan and a bonus without end', quota([plan(50, 50, 8), bonus(1, 10)]), 9, false],
    ['a used-up plan and a lapsed bonus', quota([plan(50, 50, 8), bonus(1, 10, 0)]), 0, true],
    ['all kinds', quota([plan(40, 50, 8), bonus(1, 10, 2), trial(0, 500, 20)]), 519, false],
    ['overage', quota([plan(50, 50, 8)], { isAllowed: true, used: 3, cap: 10 }), 0, false],
    ['overage without a cap', quota([plan(50, 50, 8)], { isAllowed: true, used: 3 }), 0, false],
    ['overage up to its cap', quota([plan(50, 50, 8)], { isAllowed: true, used: 10, cap: 10 }), 0, true],
    ['overage switched off', quota([plan(50, 50, 8)], { isAllowed: false, used: 0, cap: 10 }), 0, true],
  ])('of %s', (_, given, left, exhausted) => {
    expect(creditsLeft(given, NOW)).toBe(left)
    expect(isExhausted(given, NOW)).toBe(exhausted)
  })

  it.each<[Overage | undefined, number]>([
    [undefined, 0],
    [{ isAllowed: false, used: 0, cap: 5 }, 0],
    [{ isAllowed: true, used: 2, cap: 5 }, 3],
    [{ isAllowed: true, used: 7, cap: 5 }, 0],
    [{ isAllowed: true, used: 7 }, Number.POSITIVE_INFINITY],
  ])('of overage %o is %d', (overage, left) => {
    expect(overageLeft(quota([plan(0, 50)], overage))).toBe(left)
  })
})

describe('the soonest expiry', () => {
  it.each<[string, Quota, Date | undefined]>([
    ['is the plan’s renewal', quota([plan(0, 50, 8)]), inDays(8)],
    ['is that of what lapses first', quota([plan(0, 50, 8), bonus(0, 5, 2), trial(0, 5, 3)]), inDays(2)],
    ['leaves out what is used up', quota([plan(0, 50, 8), bonus(5, 5, 2)]), inDays(8)],
    ['leaves out what has lapsed', quota([plan(0, 50, 8), bonus(0, 5, -2)]), inDays(8)],
    ['is unknown after a renewal that was not read', quota([plan(0, 50, -1)]), undefined],
    ['is unknown where nobody told', quota([plan(0, 50)]), undefined],
  ])('%s', (_, given, expected) => {
    expect(soonestExpiry(given, NOW)).toEqual(expected)
  })

  it('is not the renewal, which is the plan’s alone', () => {
    expect(resetsAt(quota([bonus(0, 5, 2), plan(0, 50, 8)]))).toEqual(inDays(8))
    expect(resetsAt(quota([bonus(0, 5, 2)]))).toBeUndefined()
  })
})

describe('spending', () => {
  it('takes what lapses first', () => {
    const spent = afterSpending(quota([plan(0, 50, 8), bonus(3, 5, 2), trial(0, 5, 3)]), 6, NOW)
    expect(spent.sources).toEqual([plan(0, 50, 8), bonus(5, 5, 2), trial(4, 5, 3)])
  })

  it('goes on with overage where that is allowed', () => {
    const before = quota([plan(49, 50, 8)], { isAllowed: true, used: 1, cap: 10 })
    expect(afterSpending(before, 3, NOW)).toMatchObject({ sources: [{ used: 50 }], overage: { used: 3 } })
    const refused = quota([plan(49, 50, 8)], { isAllowed: false, used: 1 })
    expect(afterSpending(refused, 3, NOW)).toMatchObject({ sources: [{ used: 50 }], overage: { used: 1 } })
  })

  it('begins anew with a plan that was renewed since it was read', () => {
    expect(afterSpending(quota([plan(50, 50, -1)]), 3, NOW).sources).toEqual([plan(3, 50)])
  })

  it('leaves unknown what is unknown', () => {
    const unknown = quota([], { isAllowed: true, used: 0 })
    expect(afterSpending(unknown, 3, NOW)).toEqual(unknown)
  })

  it('lessens what is left by what was spent, down to nothing', () => {
    const someSource = fc
      .record({ used: fc.nat(100), limit: fc.nat(100), days: fc.integer({ min: -3, max: 9 }) })
      .map(({ used, limit, days }) => ({ used, limit, endsAt: inDays(days) }))
    fc.assert(
      fc.property(fc.array(someSource), fc.nat(300), (others, credits) => {
        const before = quota([plan(1, 50, 5), ...others.map((each) => ({ ...each, kind: 'bonus' as const }))])
        const left = creditsLeft(before, NOW) ?? 0
        expect(creditsLeft(afterSpending(before, credits, NOW), NOW)).toBe(Math.max(0, left - credits))
      }),
    )
  })
})

function runsOutAt(perDay: number): number {
  const samples = [-3, 0].map((day) => ({ at: inDays(day), used: (day + 3) * perDay }))
  const forecast = forecastRunOut(samples, quota([plan(0, 100, 9), bonus(0, 30, 2)]), NOW)
  return forecast?.kind === 'runs-out' ? forecast.at.getTime() : Number.POSITIVE_INFINITY
}

describe('the forecast', () => {
  /** Ten credits a day. */
  const steady: CreditSample[] = [-4, -3, -2, -1, 0].map((day) => ({ at: inDays(day), used: 100 + day * 10 }))

  it.each<[string, readonly CreditSample[], Quota, ReturnType<typeof forecastRunOut>]>([
    ['runs out', steady, quota([plan(100, 150, 8)]), { kind: 'runs-out', at: inDays(5), creditsPerDay: 10 }],
    ['is renewed first', steady, quota([plan(100, 190, 8)]), { kind: 'lasts', creditsPerDay: 10 }],
    [
      'counts overage',
      steady,
      quota([plan(100, 150, 8)], { isAllowed: true, used: 0, cap: 20 }),
      { kind: 'runs-out', at: inDays(7), creditsPerDay: 10 },
    ],
    [
      'lasts with overage without a cap',
      steady,
      quota([plan(100, 150)], { isAllowed: true, used: 0 }),
      { kind: 'lasts', creditsPerDay: 10 },
    ],
    [
      'does not count what lapses before it is spent',
      steady,
      quota([plan(100, 130, 9), bonus(0, 500, 2)]),
      { kind: 'runs-out', at: inDays(5), creditsPerDay: 10 },
    ],
    [
      'counts on after a renewal',
      [
        { at: inDays(-2), used: 490 },
        { at: inDays(-1), used: 500 },
        { at: inDays(0), used: 10 },
      ],
      quota([plan(10, 30, 29)]),
      { kind: 'runs-out', at: inDays(2), creditsPerDay: 10 },
    ],
    [
      'looks at seven days alone',
      [{ at: inDays(-8), used: 0 }, ...steady],
      quota([plan(100, 150, 8)]),
      { kind: 'runs-out', at: inDays(5), creditsPerDay: 10 },
    ],
    [
      'runs out now when nothing is left',
      steady,
      quota([plan(150, 150, 8)]),
      { kind: 'runs-out', at: inDays(0), creditsPerDay: 10 },
    ],
    ['knows nothing from one reading', steady.slice(0, 1), quota([plan(100, 150, 8)]), undefined],
    ['knows nothing without a reading', [], quota([plan(100, 150, 8)]), undefined],
    [
      'knows nothing from less than a day',
      [
        { at: inDays(-0.9), used: 0 },
        { at: inDays(0), used: 9 },
      ],
      quota([plan(100, 150, 8)]),
      undefined,
    ],
    [
      'knows nothing when nothing was spent',
      steady.map(({ at }) => ({ at, used: 5 })),
      quota([plan(100, 150, 8)]),
      undefined,
    ],
    ['knows nothing of an unknown quota', steady, quota([]), undefined],
  ])('%s', (_, samples, given, expected) => {
    expect(forecastRunOut(samples, given, NOW)).toEqual(expected)
    expect(forecastRunOut(samples.toReversed(), given, NOW)).toEqual(expected)
  })

  it('is never later the faster credits are spent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), (perDay, more) => {
        expect(runsOutAt(perDay + more)).toBeLessThanOrEqual(runsOutAt(perDay))
      }),
    )
  })
})

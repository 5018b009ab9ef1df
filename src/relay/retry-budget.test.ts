import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { failurePolicies, type FailureKind } from '../conversation/failures.ts'
import { createRetryBudget, needsBudget } from './retry-budget.ts'

const figures = { perRequest: 0.1, perSecond: 3 }
const MOST_ATTEMPTS = 3

function start() {
  const clock = createFakeClock()
  const budget = createRetryBudget({ clock, ...figures })
  const takeAll = () => {
    let taken = 0
    while (budget.take()) taken += 1
    return taken
  }
  return { clock, budget, takeAll }
}

/** A generator of the Lehmer family: the same numbers each time. */
function createRandom(): () => number {
  let state = 42
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Requests at an even pace, of which each attempt fails by chance. */
function load({ perSecond, seconds, faults }: { perSecond: number; seconds: number; faults: number }) {
  const { clock, budget } = start()
  const random = createRandom()
  const requests = perSecond * seconds
  let attempts = 0
  let successes = 0
  for (let request = 0; request < requests; request += 1) {
    budget.noteRequest()
    for (let attempt = 1; ; attempt += 1) {
      attempts += 1
      if (random() >= faults) {
        successes += 1
        break
      }
      if (attempt === MOST_ATTEMPTS || !budget.take()) break
    }
    clock.advance(1000 / perSecond)
  }
  return { success: successes / requests, amplification: attempts / requests }
}

describe('the retry budget', () => {
  it('begins with a few retries, and saves up no more than those', () => {
    const { clock, takeAll } = start()
    expect(takeAll()).toBe(9)
    expect(takeAll()).toBe(0)
    clock.advance(1000)
    expect(takeAll()).toBe(3)
    clock.advance(3_600_000)
    expect(takeAll()).toBe(9)
  })

  it('earns one retry by ten requests', () => {
    const { budget, takeAll } = start()
    takeAll()
    for (let request = 0; request < 9; request += 1) budget.noteRequest()
    expect(budget.take()).toBe(false)
    for (let request = 0; request < 2; request += 1) budget.noteRequest()
    expect(takeAll()).toBe(1)
  })

  it.each([
    [0, 1],
    [0.1, 0.995],
    [0.2, 0.9],
    [0.3, 0.78],
    [0.6, 0.4],
    [1, 0],
  ])(
    'at %d faults lets enough requests succeed, and the service is asked at most 1.2 times',
    (faults, least) => {
      const { success, amplification } = load({ perSecond: 50, seconds: 600, faults })
      expect(success).toBeGreaterThanOrEqual(least)
      expect(amplification).toBeLessThanOrEqual(1.2)
    },
  )

  it('never gives more than it has earned, in whatever order things happen', () => {
    const someStep = fc.oneof(
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 10_000 }) }),
      fc.record({ kind: fc.constantFrom('request' as const, 'take' as const), ms: fc.constant(0) }),
    )
    fc.assert(
      fc.property(fc.array(someStep, { maxLength: 300 }), (steps) => {
        const { clock, budget } = start()
        let requests = 0
        let retries = 0
        for (const { kind, ms } of steps) {
          if (kind === 'wait') clock.advance(ms)
          if (kind === 'request') requests += 1
          if (kind === 'request') budget.noteRequest()
          if (kind === 'take' && budget.take()) retries += 1
          const earned = 9 + requests * figures.perRequest + (clock.elapsed() / 1000) * figures.perSecond
          expect(retries).toBeLessThanOrEqual(earned + 1e-6)
        }
      }),
    )
  })
})

it('stands before what the service itself fails at, and nothing that one account is to blame for', () => {
  const kinds = Object.keys(failurePolicies).filter((kind): kind is FailureKind => kind in failurePolicies)
  expect(kinds.filter(needsBudget)).toEqual([
    'upstream-unavailable',
    'upstream-timeout',
    'unreachable',
    'interrupted',
  ])
})

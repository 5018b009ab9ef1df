import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultSettings, type AccountSettings } from '../../account.ts'
import { createStrategy, type StrategyChoice, type StrategyName } from './strategies.ts'
import type { Candidate, Strategy } from './strategy.ts'

interface Wanted extends Partial<Omit<Candidate, 'account' | 'position'>> {
  settings?: Partial<AccountSettings>
}

function candidate(id: string, { settings, ...rest }: Wanted = {}): Candidate {
  return { account: { id, settings: { ...defaultSettings, ...settings } }, leases: 0, position: 0, ...rest }
}

const DAY = 86_400_000
const names = ['random', 'round-robin', 'least-in-flight', 'most-quota-left', 'weighted', 'priority'] as const
const create = (name: StrategyName, changes: Partial<StrategyChoice> = {}) =>
  createStrategy({ name, withinPriority: 'random', soonestExpiringFirst: false, ...changes })

/** A generator of the Lehmer family: the same numbers each time. */
function createRandom(seed = 42): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function countTurns(
  strategy: Strategy,
  candidates: readonly Candidate[],
  turns: number,
): Map<string, number> {
  const random = createRandom()
  const counts = new Map<string, number>()
  for (let turn = 0; turn < turns; turn += 1) {
    const id = strategy(candidates, random)?.account.id ?? 'nobody'
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

const idsOf = (strategy: Strategy, candidates: readonly Candidate[], turns: number) =>
  Array.from({ length: turns }, () => strategy(candidates, () => 0)?.account.id).join('')

const someCandidates = fc
  .array(
    fc.record(
      {
        leases: fc.nat({ max: 3 }),
        weight: fc.constantFrom(0, 0.5, 1, 2),
        priority: fc.nat({ max: 2 }),
        quotaLeft: fc.constantFrom(0, 1, 50, 1000),
        quotaEndsAt: fc.nat({ max: 3 * DAY }),
      },
      { requiredKeys: ['leases', 'weight', 'priority'] },
    ),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ weight, priority, ...rest }, index) =>
      candidate(String(index), { settings: { weight, priority }, ...rest }),
    ),
  )

describe.each(names)('the strategy %s', (name) => {
  it('answers one of the candidates, or undefined when there is none', () => {
    fc.assert(
      fc.property(
        fc.array(someCandidates, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (rounds, soonestExpiringFirst, chance) => {
          const strategy = create(name, { soonestExpiringFirst })
          for (const candidates of rounds) {
            const chosen = strategy(candidates, () => chance)
            expect(candidates.length === 0 ? [undefined] : candidates).toContain(chosen)
          }
        },
      ),
    )
  })

  it('gives equal accounts equal shares', () => {
    const candidates = Array.from('abcde', (id) => candidate(id))
    // Chance alone strays further than a rule that counts.
    const allowed = name === 'round-robin' || name === 'weighted' ? 0 : 100
    for (const [, count] of countTurns(create(name), candidates, 10_000)) {
      expect(Math.abs(count - 2000)).toBeLessThanOrEqual(allowed)
    }
  })
})

describe('round-robin', () => {
  it('serves in order, and goes on where it was', () => {
    expect(
      idsOf(
        create('round-robin'),
        Array.from('abc', (id) => candidate(id)),
        7,
      ),
    ).toBe('abcabca')
  })

  it('gives one that was away one turn, and no more to make up for it', () => {
    const strategy = create('round-robin')
    const [a, b, c] = [candidate('a'), candidate('b'), candidate('c')]
    expect(idsOf(strategy, [a, b], 6)).toBe('ababab')
    expect(idsOf(strategy, [a, b, c], 7)).toMatch(/^c(abc|bac)\1$/)
  })

  it('starves nobody when requests want different accounts in turn', () => {
    const strategy = create('round-robin')
    const all = Array.from('abcdefgh', (id) => candidate(id))
    const served = Array.from({ length: 60 }, (_, turn) =>
      strategy(turn % 2 === 0 ? all.slice(0, 2) : all, () => 0),
    )
    for (const one of all) expect(served.filter((each) => each === one).length).toBeGreaterThanOrEqual(4)
  })

  it('serves nobody twice before each that could serve all along was served', () => {
    fc.assert(
      fc.property(fc.array(fc.subarray(Array.from('abcdef')), { maxLength: 60 }), (rounds) => {
        const strategy = create('round-robin')
        const always = candidate('always')
        const others = new Map(Array.from('abcdef', (id) => [id, candidate(id)]))
        const since = new Set<unknown>()
        for (const round of rounds) {
          const chosen = strategy([always, ...round.flatMap((id) => others.get(id) ?? [])], () => 0)
          expect(since).not.toContain(chosen)
          if (chosen === always) since.clear()
          else since.add(chosen)
        }
      }),
    )
  })
})

const weigh = (...weights: number[]) =>
  weights.map((weight, index) => candidate(String(index), { settings: { weight } }))

describe('weighted', () => {
  it('spreads turns smoothly', () => {
    expect(idsOf(create('weighted'), weigh(2, 1), 6)).toMatch(/^(?!.*000)(?!.*11).{6}$/)
  })

  it('gives shares in proportion to the weights', () => {
    const someWeights = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(someWeights, (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const counts = countTurns(create('weighted'), weigh(...weights), 2000)
        for (const [index, weight] of weights.entries()) {
          const expected = (2000 * weight) / total
          const error = Math.abs((counts.get(String(index)) ?? 0) - expected)
          expect(error).toBeLessThanOrEqual(weights.length + 1)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('uses one that weighs 0 only when there is nobody else', () => {
    const strategy = create('weighted')
    expect(idsOf(strategy, weigh(0, 1), 5)).toBe('11111')
    expect(idsOf(strategy, weigh(0, 0), 4)).toBe('0101')
  })
})

describe('least-in-flight', () => {
  it('chooses among those that answer fewest requests', () => {
    const candidates = [2, 1, 3, 1].map((leases, index) => candidate(String(index), { leases }))
    const counts = countTurns(create('least-in-flight'), candidates, 1000)
    expect([...counts.keys()].toSorted()).toEqual(['1', '3'])
  })
})

function chooseMostQuotaLeft(...wanted: Wanted[]): Map<string, number> {
  const candidates = wanted.map((each, index) => candidate(String(index), each))
  return countTurns(create('most-quota-left'), candidates, 1000)
}

describe('most-quota-left', () => {
  it('chooses the one with the most credits', () => {
    expect([...chooseMostQuotaLeft({ quotaLeft: 10 }, { quotaLeft: 900 }, { quotaLeft: 899 })]).toEqual([
      ['1', 1000],
    ])
  })

  it('counts what the account answers already', () => {
    expect([...chooseMostQuotaLeft({ quotaLeft: 600 }, { quotaLeft: 900, leases: 1 })]).toEqual([['0', 1000]])
  })

  it('gives accounts of which nothing is known their share by chance', () => {
    const counts = chooseMostQuotaLeft({ quotaLeft: 10 }, {}, { quotaLeft: 900 }, {})
    expect(counts.get('0')).toBeUndefined()
    for (const [id, expected] of [
      ['1', 250],
      ['2', 500],
      ['3', 250],
    ] as const) {
      expect(Math.abs((counts.get(id) ?? 0) - expected)).toBeLessThan(50)
    }
  })
})

describe('priority', () => {
  const candidates = [1, 5, 5, 3].map((priority, index) =>
    candidate(String(index), { settings: { priority }, leases: index }),
  )

  it('chooses by chance among the highest', () => {
    expect([...countTurns(create('priority'), candidates, 1000).keys()].toSorted()).toEqual(['1', '2'])
  })

  it('lets another strategy choose among the highest', () => {
    expect(idsOf(create('priority', { withinPriority: 'least-in-flight' }), candidates, 3)).toBe('111')
    expect(idsOf(create('priority', { withinPriority: 'round-robin' }), candidates, 4)).toBe('1212')
  })
})

const ending = (days: number, quotaLeft = 1): Wanted => ({ quotaEndsAt: days * DAY, quotaLeft })

function chooseSoonest(name: StrategyName, ...wanted: Wanted[]): string {
  const candidates = wanted.map((each, index) => candidate(String(index), each))
  const strategy = create(name, { soonestExpiringFirst: true, withinPriority: 'round-robin' })
  return idsOf(strategy, candidates, 6)
}

describe('with the soonest expiring credits first', () => {
  it('chooses among those whose credits lapse within a day of the first', () => {
    expect(chooseSoonest('round-robin', ending(9), ending(3), ending(3.5), {})).toBe('121212')
  })

  it('leaves out those that have nothing left to lapse', () => {
    expect(chooseSoonest('round-robin', ending(1, 0), ending(3))).toBe('111111')
  })

  it('chooses among all when nothing is known of any', () => {
    expect(chooseSoonest('round-robin', {}, {})).toBe('010101')
  })

  it('still heeds priorities first', () => {
    expect(chooseSoonest('priority', ending(1), { ...ending(9), settings: { priority: 1 } })).toBe('111111')
  })
})

describe('what a strategy goes by', () => {
  it.each([
    [create('random'), ['random']],
    [create('weighted', { soonestExpiringFirst: true }), ['soonest-expiring', 'weighted']],
    [
      create('priority', { withinPriority: 'least-in-flight', soonestExpiringFirst: true }),
      ['priority', 'soonest-expiring', 'least-in-flight'],
    ],
  ])('is told, what comes first at the front', ({ rules }, wanted) => {
    expect(rules).toEqual(wanted)
  })
})

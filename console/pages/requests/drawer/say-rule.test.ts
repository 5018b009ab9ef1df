import { describe, expect, it } from 'vitest'
import { createStrategy } from '../../../../src/accounts/pool/strategies/strategies.ts'
import { sayRule } from './say-rule.ts'

const picked = { underWay: 2, priority: 7, weight: 1.5, quotaLeft: 1234.5 }
const names = ['random', 'round-robin', 'least-in-flight', 'most-quota-left', 'weighted'] as const

describe('why the strategy chose an account', () => {
  it('has words for all that strategies go by', () => {
    const rules = names.flatMap(
      (withinPriority) =>
        createStrategy({ name: 'priority', withinPriority, soonestExpiringFirst: true }).rules ?? [],
    )
    expect(new Set(rules).size).toBe(names.length + 2)
    expect(rules.filter((rule) => sayRule(rule, picked) === rule)).toEqual([])
  })

  it.each([
    ['priority', 'Highest priority first: it had 7.'],
    ['least-in-flight', 'Fewest requests under way: it had 2 others.'],
    ['most-quota-left', 'Most credits left for each request: it had 1,234.5 left.'],
    ['weighted', 'Turns by weight: it has 1.5.'],
    ['of-a-newer-gateway', 'of-a-newer-gateway'],
  ])('says %s as: %s', (rule, said) => {
    expect(sayRule(rule, picked)).toBe(said)
  })

  it('does not make a figure of what is unknown', () => {
    expect(sayRule('most-quota-left', { underWay: 0, priority: 0, weight: 1 })).toContain('nothing was known')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Allowance,
  changeAllowance,
  createAllowance,
  findExhausted,
  renewAllowance,
  spend,
} from './allowance.ts'

const NOW = Date.UTC(2026, 10, 22)
const SOON = '2026-11-23T00:00:00.000Z'
const LATER = '2026-11-30T00:00:00.000Z'
const PAST = '2026-11-01T00:00:00.000Z'

function allowance(changes: Parameters<typeof changeAllowance>[1]): Allowance {
  return changeAllowance(createAllowance('FREE', NOW), { limit: 1, ...changes })
}

const grant = { limit: 1, used: 0 }

describe('spending', () => {
  it('takes what ends first, then the plan', () => {
    const freeTrial = { ...grant, expiresAt: LATER }
    const bonuses = [
      { ...grant, code: 'past', expiresAt: PAST },
      { ...grant, code: 'soon', expiresAt: SOON },
    ]
    const after = spend(allowance({ freeTrial, bonuses }), 2.25, NOW)
    expect(after).toMatchObject({
      freeTrial: { used: 1 },
      bonuses: [{ used: 0 }, { used: 1 }],
      used: 0.25,
      overage: { used: 0 },
    })
  })

  it.each([
    { enabled: false, used: 1.5, ofOverage: 0 },
    { enabled: true, used: 1, ofOverage: 0.5 },
  ])('goes beyond the plan, with overage $enabled', ({ enabled, used, ofOverage }) => {
    const after = spend(allowance({ overage: { enabled } }), 1.5, NOW)
    expect(after).toMatchObject({ used, overage: { used: ofOverage } })
  })

  it('loses and invents no credit', () => {
    const amount = fc.integer({ min: 0, max: 300 }).map((cents) => cents / 100)
    const grants = fc.record({ limit: amount, used: amount, expiresAt: fc.constantFrom(PAST, SOON, LATER) })
    const bonuses = fc.array(grants.map((each) => ({ ...each, code: 'x' })))
    const freeTrial = fc.option(grants)
    fc.assert(
      fc.property(fc.record({ freeTrial, bonuses }), fc.boolean(), amount, (given, enabled, credits) => {
        const before = allowance({ ...given, overage: { enabled } })
        expect(totalUsed(spend(before, credits, NOW))).toBeCloseTo(totalUsed(before) + credits, 5)
      }),
    )
  })
})

function totalUsed({ used, overage, freeTrial, bonuses }: Allowance): number {
  const grants = [freeTrial, ...bonuses].map((each) => each?.used ?? 0)
  return grants.reduce((sum, each) => sum + each, used + overage.used)
}

describe('an allowance', () => {
  it.each([
    { what: 'with credits left', changes: { used: 0.99 }, exhausted: undefined },
    { what: 'used up', changes: { used: 1 }, exhausted: 'plan' },
    {
      what: 'used up but for a trial',
      changes: { used: 1, freeTrial: { ...grant, expiresAt: SOON } },
      exhausted: undefined,
    },
    {
      what: 'used up, with a trial that has ended',
      changes: { used: 1, freeTrial: { ...grant, expiresAt: PAST } },
      exhausted: 'plan',
    },
    { what: 'in overage', changes: { used: 1, overage: { enabled: true, cap: 1 } }, exhausted: undefined },
    {
      what: 'with overage used up',
      changes: { used: 1, overage: { enabled: true, cap: 1, used: 1 } },
      exhausted: 'overage',
    },
  ])('$what: $exhausted', ({ changes, exhausted }) => {
    expect(findExhausted(allowance(changes), NOW)).toBe(exhausted)
  })

  it('begins anew on the first of a month, in UTC', () => {
    const spent = allowance({ used: 1, overage: { used: 2 } })
    expect(spent.resetsAt).toBe('2026-12-01T00:00:00.000Z')
    expect(renewAllowance(spent, Date.UTC(2026, 11, 1) - 1)).toBe(spent)
    expect(renewAllowance(spent, Date.UTC(2026, 11, 1))).toMatchObject({
      used: 0,
      overage: { used: 0 },
      resetsAt: '2027-01-01T00:00:00.000Z',
    })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, readUsageLimits } from './usage-limits.ts'

function facts(answer: unknown) {
  const limits = readUsageLimits(JSON.stringify(answer))
  return limits && factsOf(limits)
}

describe('the facts in usage limits', () => {
  it.each<[what: string, answer: unknown, facts: object | undefined]>([
    [
      'all that there is',
      {
        userInfo: { userId: 'd-1.u-1', email: 'a@example.com' },
        subscriptionInfo: { type: 'Q_DEVELOPER_STANDALONE_FREE', subscriptionTitle: 'KIRO FREE' },
        usageBreakdownList: [{ currentUsage: 1 }],
      },
      { userId: 'd-1.u-1', email: 'a@example.com', plan: 'KIRO FREE' },
    ],
    [
      'the type where the plan has no title',
      { subscriptionInfo: { type: 'Q_DEVELOPER_STANDALONE_PRO' } },
      { plan: 'Q_DEVELOPER_STANDALONE_PRO' },
    ],
    ['nothing of an empty answer', {}, {}],
    ['nothing of nulls', { userInfo: null, subscriptionInfo: { subscriptionTitle: null } }, {}],
    ['nothing of odd values', { userInfo: { userId: 7, email: 'two\nlines' }, subscriptionInfo: 'x' }, {}],
    ['what is good beside what is odd', { userInfo: { userId: 'u', email: '' } }, { userId: 'u' }],
    ['no limits in a list', [], undefined],
  ])('are %s', (_what, answer, expected) => {
    expect(facts(answer)).toEqual(expected)
  })

  it('are none in a text that is no JSON', () => {
    expect(readUsageLimits('<html>')).toBeUndefined()
  })

  it('are read from any object at all', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.json()), (answer) => facts(answer) !== undefined))
    const member = fc.oneof(fc.jsonValue(), fc.record({ userId: fc.jsonValue(), email: fc.jsonValue() }))
    fc.assert(
      fc.property(member, (userInfo) => {
        expect(facts({ userInfo, subscriptionInfo: userInfo })).toBeDefined()
      }),
    )
  })
})

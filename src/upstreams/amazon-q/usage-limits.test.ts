import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isExhausted } from '../../accounts/quota.ts'
import { factsOf, quotaOf, readUsageLimits } from './usage-limits.ts'

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

const READ_AT = new Date('2026-11-22T10:00:00Z')
const RESET = new Date('2026-12-01T00:00:00Z')

function quota(answer: unknown) {
  const limits = readUsageLimits(JSON.stringify(answer))
  return limits && quotaOf(limits, READ_AT)
}
const credit = { resourceType: 'CREDIT', currentUsage: 3, usageLimit: 50 }

describe('the date of a reset', () => {
  it.each<[spelling: string, Date | undefined]>([
    ['1796083200', RESET],
    ['1796083200.0', RESET],
    ['1.7960832E9', RESET],
    ['"1.7960832E9"', RESET],
    ['1796083200000', RESET],
    ['"2026-12-01T00:00:00Z"', RESET],
    ['"2026-12-01T01:00:00+01:00"', RESET],
    ['0', undefined],
    ['-5', undefined],
    ['1e300', undefined],
    ['""', undefined],
    ['"soon"', undefined],
    ['null', undefined],
    ['{}', undefined],
  ])('is read of %s', (spelling, expected) => {
    const body = `{"nextDateReset": ${spelling}, "usageBreakdownList": [${JSON.stringify(credit)}]}`
    const limits = readUsageLimits(body)
    expect(limits && quotaOf(limits, READ_AT).sources[0]?.endsAt).toEqual(expected)
  })
})

describe('the quota in usage limits', () => {
  const plan = { kind: 'plan', used: 3, limit: 50 }
  it.each<[what: string, answer: unknown, quota: object]>([
    ['nothing of an empty answer', {}, { sources: [] }],
    ['nothing of an empty list', { usageBreakdownList: [] }, { sources: [] }],
    [
      'the precise figures',
      { usageBreakdownList: [{ ...credit, currentUsageWithPrecision: 3.7 }] },
      { sources: [{ ...plan, used: 3.7 }] },
    ],
    ['the deprecated single entry', { usageBreakdown: credit }, { sources: [plan] }],
    [
      'an entry without a type',
      { usageBreakdownList: [{ currentUsage: 3, usageLimit: 50 }] },
      { sources: [plan] },
    ],
    [
      'the entry for chats among others',
      { usageBreakdownList: [{ resourceType: 'TRANSFORM', currentUsage: 9, usageLimit: 9 }, credit] },
      { sources: [plan] },
    ],
    [
      'nothing of other entries',
      { usageBreakdownList: [{ ...credit, resourceType: 'CODE_COMPLETIONS' }] },
      { sources: [] },
    ],
    [
      'the oldest form',
      { limits: [{ type: 'AGENTIC_REQUEST', currentUsage: 3, totalUsageLimit: 50, percentUsed: 6 }] },
      { sources: [plan] },
    ],
    ['nothing where the limit is missing', { usageBreakdownList: [{ currentUsage: 50 }] }, { sources: [] }],
    ['nothing of negative figures', { usageBreakdownList: [{ ...credit, usageLimit: -1 }] }, { sources: [] }],
    [
      'its own reset before that of the answer',
      {
        nextDateReset: '2027-01-01T00:00:00Z',
        usageBreakdownList: [{ ...credit, nextDateReset: '2026-12-01T00:00:00Z' }],
      },
      { sources: [{ ...plan, endsAt: RESET }] },
    ],
    [
      'a free trial and bonuses that have not ended',
      {
        usageBreakdownList: [
          {
            ...credit,
            freeTrialInfo: {
              freeTrialStatus: 'ACTIVE',
              freeTrialExpiry: 1796083200,
              currentUsage: 1,
              usageLimit: 2,
            },
            bonuses: [
              { status: 'ACTIVE', bonusCode: 'A', currentUsage: 1, usageLimit: 9 },
              { status: 'EXPIRED', bonusCode: 'B', currentUsage: 1, usageLimit: 9 },
              { status: 'EXHAUSTED', displayName: 'Hello', bonusCode: 'C', currentUsage: 9, usageLimit: 9 },
              'odd',
            ],
          },
        ],
      },
      {
        sources: [
          plan,
          { kind: 'free-trial', used: 1, limit: 2, endsAt: RESET },
          { kind: 'bonus', name: 'A', used: 1, limit: 9 },
          { kind: 'bonus', name: 'Hello', used: 9, limit: 9 },
        ],
      },
    ],
    [
      'no trial that has ended',
      {
        usageBreakdownList: [
          { ...credit, freeTrialInfo: { freeTrialStatus: 'EXPIRED', currentUsage: 1, usageLimit: 2 } },
        ],
      },
      { sources: [plan] },
    ],
    [
      'overage, without a cap where it says zero',
      { overageConfiguration: { overageStatus: 'ENABLED', overageLimit: 0 }, usageBreakdownList: [credit] },
      { sources: [plan], overage: { isAllowed: true, used: 0 } },
    ],
    [
      'overage that is off',
      {
        overageConfiguration: { overageStatus: 'DISABLED', overageLimit: 9 },
        usageBreakdownList: [{ ...credit, currentOverages: 4 }],
      },
      { sources: [plan], overage: { isAllowed: false, used: 4, cap: 9 } },
    ],
  ])('is %s', (_what, answer, expected) => {
    expect(quota(answer)).toEqual({ readAt: READ_AT, ...expected })
  })

  it('is never used up where nothing says so, whatever the answer', () => {
    const figure = fc.oneof(fc.double(), fc.constant(null), fc.string())
    const entry = fc.record({ currentUsage: figure, bonuses: fc.jsonValue(), freeTrialInfo: fc.jsonValue() })
    const answer = fc.record({
      usageBreakdownList: fc.oneof(fc.array(entry), fc.jsonValue()),
      usageBreakdown: fc.oneof(entry, fc.jsonValue()),
      overageConfiguration: fc.jsonValue(),
      nextDateReset: fc.jsonValue(),
    })
    fc.assert(
      fc.property(answer, (each) => {
        const read = quota(each)
        expect(read && isExhausted(read, READ_AT.getTime())).toBe(false)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { lookAhead, type AccountOutlook } from './pool-outlook.ts'

const NOW = Date.parse('2026-11-22T00:00:00Z')
const DAY_MS = 86_400_000
const inDays = (days: number) => NOW + days * DAY_MS

const account = (changes: Partial<AccountOutlook> = {}): AccountOutlook => ({
  left: 100,
  limit: 1000,
  renewsAt: inDays(9),
  creditsPerDay: 20,
  ...changes,
})

describe('the credits of all accounts', () => {
  it('run out when they are spent before any is renewed', () => {
    expect(lookAhead([account(), account()], 3, NOW)).toEqual({
      accounts: 3,
      known: 2,
      left: 200,
      limit: 2000,
      creditsPerDay: 40,
      runsOutAt: inDays(5),
      renewsAt: inDays(9),
    })
  })

  it('last when all are renewed first', () => {
    const { runsOutAt, renewsAt } = lookAhead([account({ left: 500 })], 1, NOW)
    expect(runsOutAt).toBeUndefined()
    expect(renewsAt).toBe(inDays(9))
  })

  it('last longer by what a renewal brings', () => {
    const soon = account({ left: 0, limit: 100, renewsAt: inDays(2), creditsPerDay: 0 })
    const late = account({ left: 100, renewsAt: inDays(30), creditsPerDay: 20 })
    expect(lookAhead([late, soon], 2, NOW)).toMatchObject({ runsOutAt: inDays(10), renewsAt: inDays(2) })
  })

  it.each<[string, AccountOutlook[]]>([
    ['nothing was spent', [account({ creditsPerDay: undefined })]],
    ['nothing is known', []],
  ])('have no forecast where %s', (_, all) => {
    expect(lookAhead(all, 1, NOW)).toMatchObject({ creditsPerDay: undefined, runsOutAt: undefined })
  })

  it('that are never renewed run out at the end of what is left', () => {
    expect(lookAhead([account({ renewsAt: undefined })], 1, NOW).runsOutAt).toBe(inDays(5))
    expect(lookAhead([account({ renewsAt: NOW - 1 })], 1, NOW).runsOutAt).toBe(inDays(5))
  })

  it('that are used up have run out', () => {
    expect(lookAhead([account({ left: 0 })], 1, NOW).runsOutAt).toBe(NOW)
  })
})

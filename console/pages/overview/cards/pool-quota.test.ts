import { describe, expect, it } from 'vitest'
import type { PoolQuota } from '../../../api/types.ts'
import { sampleAccount } from '../../accounts/sample-account.ts'
import { outlookOf, ringsOf, type Outlook } from './pool-quota.ts'

const pool: PoolQuota = {
  accounts: 2,
  known: 2,
  left: 100,
  limit: 1000,
  creditsPerDay: 50,
  runsOutAt: null,
  renewsAt: '2026-12-01T00:00:00.000Z',
}

const accountOf = (id: string, left: number | null, kind = 'ready') =>
  sampleAccount({
    id,
    quota: { left, limit: 100, resetsAt: null, plan: null, readAt: '' },
    status: { kind, until: null, by: null, why: { code: 'ready' }, message: null },
  })

describe('the quota of all accounts', () => {
  it.each<[string, Partial<PoolQuota>, Outlook]>([
    ['a pace that nobody knows', { creditsPerDay: null }, { kind: 'unknown' }],
    ['enough until the renewal', {}, { kind: 'lasts' }],
    [
      'too little',
      { runsOutAt: '2026-11-28T00:00:00.000Z' },
      { kind: 'runs-out-before-renewal', at: '2026-11-28T00:00:00.000Z', days: 3 },
    ],
    [
      'an end on the day of the renewal',
      { runsOutAt: '2026-11-30T12:00:00.000Z' },
      { kind: 'runs-out', at: '2026-11-30T12:00:00.000Z' },
    ],
    [
      'an end after the first of several renewals',
      { runsOutAt: '2026-12-05T00:00:00.000Z' },
      { kind: 'runs-out', at: '2026-12-05T00:00:00.000Z' },
    ],
    [
      'no renewal',
      { runsOutAt: '2026-11-28T00:00:00.000Z', renewsAt: null },
      { kind: 'runs-out', at: '2026-11-28T00:00:00.000Z' },
    ],
  ])('with %s', (_, changes, outlook) => {
    expect(outlookOf({ ...pool, ...changes })).toEqual(outlook)
  })

  it('shows those with the least left', () => {
    const all = [
      accountOf('a', 50),
      accountOf('b', 10),
      accountOf('c', null),
      accountOf('d', 0, 'disabled'),
      accountOf('e', 90),
    ]
    expect(ringsOf(all, 2).map(({ account: { id }, share }) => [id, share])).toEqual([
      ['b', 0.1],
      ['a', 0.5],
    ])
  })
})

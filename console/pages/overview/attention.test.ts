import { describe, expect, it } from 'vitest'
import type { Account } from '../../api/types.ts'
import { nameOf, shareLeft, sortByAttention } from './attention.ts'
import { isLow } from '../../parts/meter.tsx'
import { sampleAccount as sampleOf } from '../accounts/sample-account.ts'

const status = (kind: string, by: string | null = null): Partial<Account> => ({
  status: { kind, until: null, by, why: { code: 'ready' }, message: null },
})
const quota = (left: number | null, limit: number | null): Partial<Account> => ({
  quota: { left, limit, resetsAt: null, plan: null, readAt: '2026-11-23T10:00:00Z' },
})

const sampleAccount = (id: string, changes: Partial<Account> = {}) =>
  sampleOf({ id, label: id, identity: null, quota: null, ...changes })

describe('accounts by what they need', () => {
  it('come with the worst first and those that nobody wants last', () => {
    const accounts = [
      sampleAccount('off', status('disabled', 'operator')),
      sampleAccount('well'),
      sampleAccount('nearly used up', quota(5, 100)),
      sampleAccount('cooling', status('cooling')),
      sampleAccount('new kind', status('asleep')),
      sampleAccount('struck out', status('disabled', 'threshold')),
      sampleAccount('signed out', status('needs-sign-in')),
      sampleAccount('unsteady', { unsteadySince: '2026-11-23T10:00:00Z' }),
    ]
    expect(sortByAttention(accounts).map(({ id }) => id)).toEqual([
      'signed out',
      'struck out',
      'cooling',
      'new kind',
      'unsteady',
      'nearly used up',
      'well',
      'off',
    ])
  })

  it('that stand alike come with the least credits first, then by name', () => {
    const accounts = [
      sampleAccount('b'),
      sampleAccount('a'),
      sampleAccount('much', quota(90, 100)),
      sampleAccount('less', quota(20, 100)),
    ]
    expect(sortByAttention(accounts).map(({ id }) => id)).toEqual(['less', 'much', 'a', 'b'])
  })

  it.each<[number | null, number | null, number | undefined]>([
    [50, 100, 0.5],
    [0, 100, 0],
    [-5, 100, 0],
    [500, 100, 1],
    [null, 100, undefined],
    [5, null, undefined],
    [0, 0, 0],
  ])('with %s of %s credits have the share %s left', (left, limit, share) => {
    expect(shareLeft(sampleAccount('a', quota(left, limit)))).toBe(share)
  })

  it('are low below a tenth', () => {
    expect([0.099, 0.1].map(isLow)).toEqual([true, false])
  })

  it('go by label, address or id', () => {
    const identity = { userId: 'u', email: 'a…@b.c', plan: null }
    expect(nameOf(sampleAccount('0123456789', { label: 'x', identity }))).toBe('x')
    expect(nameOf(sampleAccount('0123456789', { label: null, identity }))).toBe('a…@b.c')
    expect(nameOf(sampleAccount('0123456789', { label: null }))).toBe('01234567')
  })
})

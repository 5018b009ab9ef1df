import { describe, expect, it } from 'vitest'
import type { Quota } from './quota.ts'
import { viewQuota, viewUsage } from './view-quota.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const quota: Quota = {
  readAt: new Date('2026-11-22T09:59:59.999Z'),
  planName: 'KIRO PRO',
  sources: [
    { kind: 'plan', used: 0.1 + 0.2, limit: 1000, endsAt: new Date('2026-12-01T00:00:00Z') },
    { kind: 'free-trial', used: 1, limit: 500, endsAt: new Date('2026-11-22T09:00:00Z') },
    { kind: 'bonus', name: 'WELCOME', used: 5, limit: 20 },
  ],
  overage: { isAllowed: true, used: 2 },
}

describe('the view of a quota', () => {
  it('tells in short what is left, and until when', () => {
    expect(viewQuota(quota, NOW)).toEqual({
      left: 1014.7,
      limit: 1020,
      resetsAt: '2026-12-01T00:00:00Z',
      plan: 'KIRO PRO',
      readAt: '2026-11-22T09:59:59Z',
    })
  })

  it('is null as long as nothing was read, and has nulls where nothing was told', () => {
    expect(viewQuota(undefined, NOW)).toBeNull()
    expect(viewQuota({ readAt: new Date(NOW), sources: [] }, NOW)).toEqual({
      left: null,
      limit: null,
      resetsAt: null,
      plan: null,
      readAt: '2026-11-22T10:00:00Z',
    })
  })

  it('tells in full what there is, what the forecast is, and what went wrong', () => {
    const view = viewUsage(
      {
        quota,
        triedAt: new Date(NOW),
        error: 'Out of order.',
        forecast: { kind: 'runs-out', at: new Date('2026-11-28T00:00:00Z'), creditsPerDay: 1 / 3 },
      },
      NOW,
    )
    expect(view).toMatchObject({
      plan: 'KIRO PRO',
      left: 1014.7,
      exhausted: false,
      sources: [
        { kind: 'plan', name: null, used: 0.3, left: 999.7, endsAt: '2026-12-01T00:00:00Z' },
        { kind: 'free-trial', left: 0 },
        { kind: 'bonus', name: 'WELCOME', left: 15, endsAt: null },
      ],
      overage: { allowed: true, used: 2, cap: null, left: null },
      forecast: { kind: 'runs-out', at: '2026-11-28T00:00:00Z', creditsPerDay: 0.333333 },
      triedAt: '2026-11-22T10:00:00Z',
      error: 'Out of order.',
    })
  })

  it('says of an account that was never read that nothing is known', () => {
    expect(viewUsage({}, NOW)).toMatchObject({ exhausted: null, left: null, sources: [], overage: null })
  })
})

import { describe, expect, it } from 'vitest'
import type { FeedSnapshot } from '../../api/types.ts'
import { noCounts as none } from './sample-counts.ts'
import { errorShareOf, judge, requestsOf } from './verdict.ts'

function snapshotOf(byStatus: Record<string, number>, lastHour: Partial<FeedSnapshot['lastHour']> = {}) {
  const total = Object.values(byStatus).reduce((sum, count) => sum + count, 0)
  return {
    at: '2026-11-23T10:00:00Z',
    accounts: { total, ready: byStatus['ready'] ?? 0, byStatus },
    inFlight: 0,
    waiting: 0,
    lastMinute: none,
    lastHour: { ...none, ...lastHour },
    seconds: [],
    flow: { count: 0, limit: null, waiting: 0, oldestSeconds: null, accounts: [] },
    warnings: [],
  } satisfies FeedSnapshot
}

describe('the verdict', () => {
  it.each<[string, Record<string, number>, Partial<FeedSnapshot['lastHour']>]>([
    ['no-accounts', {}, {}],
    ['good', { ready: 2 }, {}],
    ['good', { ready: 1, disabled: 3 }, { ok: 99, throttled: 1, clientErrors: 500, cancelled: 50 }],
    ['degraded', { ready: 4, cooling: 1 }, {}],
    ['degraded', { ready: 4 }, { ok: 90, upstreamErrors: 10 }],
    ['down', { disabled: 2 }, {}],
    ['down', { cooling: 1, 'needs-sign-in': 1 }, { ok: 100 }],
  ])('is %s with %o', (kind, byStatus, lastHour) => {
    expect(judge(snapshotOf(byStatus, lastHour)).kind).toBe(kind)
  })

  it('names what is wrong, the worst first', () => {
    expect(judge(snapshotOf({ cooling: 2, ready: 1, 'needs-sign-in': 1, strange: 4 })).troubles).toEqual([
      { kind: 'needs-sign-in', count: 1 },
      { kind: 'cooling', count: 2 },
    ])
  })

  it('knows nothing of errors where nothing was asked', () => {
    expect(errorShareOf(none)).toBeUndefined()
    expect(errorShareOf(snapshotOf({}, { clientErrors: 5 }).lastHour)).toBeUndefined()
    expect(errorShareOf({ ...none, ok: 3, shed: 1 })).toBe(0.25)
    expect(judge(snapshotOf({ ready: 1 }))).toMatchObject({
      errorShare: undefined,
      firstTokenP95Ms: undefined,
    })
  })

  it('counts all that was asked', () => {
    expect(
      requestsOf({ ...none, ok: 1, clientErrors: 2, throttled: 3, upstreamErrors: 4, shed: 5, cancelled: 6 }),
    ).toBe(21)
  })
})

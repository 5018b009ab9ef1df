import { describe, expect, it } from 'vitest'
import { createEntry } from './entry.ts'
import type { Quota } from '../quota.ts'
import { sampleAccount } from '../sample-account.ts'
import { ready, type AccountStatus } from '../status.ts'
import { leasesOf, tallyEntries } from './tally.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const tokens = { fingerprints: { clientSecret: '0', refreshToken: '1' } }
const cooling = (seconds: number): AccountStatus => ({
  kind: 'cooling',
  until: new Date(NOW + seconds * 1000),
  why: 'throttled',
})
const entryOf = (status: AccountStatus, changes = {}) =>
  createEntry(sampleAccount('a', { ...tokens, status, ...changes }))

describe('how all accounts stand', () => {
  it('is nothing where there is none', () => {
    expect(tallyEntries([], NOW)).toEqual({ total: 0, byStatus: {}, inFlight: 0 })
  })

  it('counts each by what stands in its way now', () => {
    const entries = [
      entryOf(ready),
      entryOf(cooling(1)),
      // Its pause is over.
      entryOf(cooling(0)),
      entryOf({ kind: 'disabled', by: 'operator' }),
      entryOf({ kind: 'needs-sign-in', why: 'refused' }),
      // Ready, as far as its status goes.
      entryOf(ready, { fingerprints: {} }),
    ]
    expect(tallyEntries(entries, NOW)).toEqual({
      total: 6,
      byStatus: { ready: 2, cooling: 1, disabled: 1, 'needs-sign-in': 2 },
      inFlight: 0,
    })
  })

  it('counts one whose credits are used up as exhausted, until they are renewed', () => {
    const plan = { kind: 'plan', limit: 10, used: 10, endsAt: new Date(NOW + 1000) } as const
    const quota: Quota = { readAt: new Date(NOW), sources: [plan] }
    expect(tallyEntries([{ ...entryOf(ready), quota }], NOW).byStatus).toEqual({ exhausted: 1 })
  })

  it('counts the requests under way', () => {
    const entries = [
      { ...entryOf(ready), leases: 2 },
      { ...entryOf(cooling(5)), leases: 1 },
    ]
    expect(tallyEntries(entries, NOW).inFlight).toBe(3)
  })
  it('tells through which accounts they go', () => {
    const busy = { ...entryOf(ready), leases: 2 }
    const idle = entryOf(cooling(5))
    expect([...leasesOf([busy, idle])]).toEqual([[busy.account.id, 2]])
  })
})

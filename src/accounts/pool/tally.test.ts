import { describe, expect, it } from 'vitest'
import { createEntry, type Entry } from './entry.ts'
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
const tally = (entries: Entry[], limit = 5) =>
  tallyEntries(entries, { now: NOW, limitOf: ({ settings }) => settings.concurrencyLimit ?? limit })
const entryOf = (status: AccountStatus, changes = {}) =>
  createEntry(sampleAccount('a', { ...tokens, status, ...changes }))

describe('how all accounts stand', () => {
  it('is nothing where there is none', () => {
    expect(tally([])).toEqual({ total: 0, byStatus: {}, inFlight: 0, limit: 0, busiest: [] })
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
    expect(tally(entries)).toMatchObject({
      total: 6,
      byStatus: { ready: 2, cooling: 1, disabled: 1, 'needs-sign-in': 2 },
      inFlight: 0,
    })
  })

  it('counts one whose credits are used up as exhausted, until they are renewed', () => {
    const plan = { kind: 'plan', limit: 10, used: 10, endsAt: new Date(NOW + 1000) } as const
    const quota: Quota = { readAt: new Date(NOW), sources: [plan] }
    expect(tally([{ ...entryOf(ready), quota }]).byStatus).toEqual({ exhausted: 1 })
  })

  it('counts the requests under way', () => {
    const entries = [
      { ...entryOf(ready), leases: 2 },
      { ...entryOf(cooling(5)), leases: 1 },
    ]
    expect(tally(entries).inFlight).toBe(3)
  })

  it('adds up what those may do at once that are ready', () => {
    const settings = { ...sampleAccount('a').settings, concurrencyLimit: 2 }
    const entries = [entryOf(ready), entryOf(ready, { settings }), entryOf(cooling(5))]
    expect(tally(entries).limit).toBe(7)
    expect(tally(entries, Number.POSITIVE_INFINITY).limit).toBe(Number.POSITIVE_INFINITY)
  })

  it('names the twenty that are busiest', () => {
    const entries = Array.from({ length: 30 }, (_, leases) => ({
      ...entryOf(ready, { id: `a${leases}` }),
      leases,
    }))
    const { busiest } = tally(entries)
    expect(busiest).toHaveLength(20)
    expect(busiest[0]?.count).toBe(29)
    expect(tally([{ ...entryOf(ready), leases: 0 }]).busiest).toEqual([])
  })

  it('tells through which accounts they go', () => {
    const busy = { ...entryOf(ready), leases: 2 }
    const idle = entryOf(cooling(5))
    expect([...leasesOf([busy, idle])]).toEqual([[busy.account.id, 2]])
  })
})

import { describe, expect, it } from 'vitest'
import { feedSnapshot } from '../console-contract.ts'
import { makeSnapshot, type SnapshotParts } from './make-snapshot.ts'
import { noRequests } from './no-requests.ts'

const lastMinute = { ...noRequests, ok: 3 }
const lastHour = { ...noRequests, ok: 100, firstTokenP50Ms: 900 }

const NOW = Date.parse('2026-11-22T10:00:00Z')
type Tally = ReturnType<SnapshotParts['tally']>

const tallyOf = (changes: Partial<Tally>): Tally => ({
  total: 1,
  byStatus: {},
  inFlight: 0,
  limit: Number.POSITIVE_INFINITY,
  busiest: [],
  waiting: 0,
  oldestLentAt: undefined,
  ...changes,
})

const calm: SnapshotParts = {
  tally: () => tallyOf({ total: 3, byStatus: { ready: 2, cooling: 1 }, inFlight: 4, waiting: 1 }),
  readCounts: async () => ({ lastMinute, lastHour, seconds: [{ ...noRequests, at: NOW - 2000, ok: 1 }] }),
  isApiOpen: () => false,
  isKeyBesideData: false,
  captureSecondsLeft: () => undefined,
  skewSeconds: () => undefined,
  now: () => NOW,
}

describe('a snapshot', () => {
  it('tells how the gateway stands', async () => {
    const snapshot = await makeSnapshot(calm)
    expect(snapshot).toEqual({
      at: '2026-11-22T10:00:00.000Z',
      accounts: { total: 3, ready: 2, byStatus: { ready: 2, cooling: 1 } },
      inFlight: 4,
      waiting: 1,
      lastMinute,
      lastHour,
      seconds: [{ ...noRequests, at: '2026-11-22T09:59:58.000Z', ok: 1 }],
      flow: { count: 4, limit: null, waiting: 1, oldestSeconds: null, accounts: [] },
      warnings: [],
    })
    expect(feedSnapshot.parse(snapshot)).toEqual(snapshot)
  })

  it('tells what is under way', async () => {
    const busiest = [{ accountId: 'a', count: 3 }]
    const tally = tallyOf({ inFlight: 3, limit: 10, busiest, waiting: 2, oldestLentAt: NOW - 61_400 })
    expect((await makeSnapshot({ ...calm, tally: () => tally })).flow).toEqual({
      count: 3,
      limit: 10,
      waiting: 2,
      oldestSeconds: 61,
      accounts: busiest,
    })
  })

  it('of a gateway without a ready account says 0', async () => {
    const { accounts } = await makeSnapshot({
      ...calm,
      tally: () => tallyOf({ byStatus: { parked: 1 } }),
    })
    expect(accounts).toMatchObject({ total: 1, ready: 0 })
  })

  it.each<[string, Partial<SnapshotParts>, unknown]>([
    ['an open API', { isApiOpen: () => true }, { code: 'open-api', count: null }],
    [
      'accounts that have to sign in',
      { tally: () => tallyOf({ total: 5, byStatus: { 'needs-sign-in': 2 } }) },
      { code: 'accounts-need-sign-in', count: 2 },
    ],
    ['bodies that are kept', { captureSecondsLeft: () => 61 }, { code: 'capture-on', count: 61 }],
    ['a clock that is behind', { skewSeconds: () => -94 }, { code: 'clock-skew', count: 94 }],
    ['a key beside the data', { isKeyBesideData: true }, { code: 'master-key-beside-data', count: null }],
  ])('warns of %s', async (_, parts, warning) => {
    expect((await makeSnapshot({ ...calm, ...parts })).warnings).toEqual([warning])
  })
})

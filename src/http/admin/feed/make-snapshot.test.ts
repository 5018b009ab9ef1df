import { describe, expect, it } from 'vitest'
import { feedSnapshot } from '../console-contract.ts'
import { makeSnapshot, type SnapshotParts } from './make-snapshot.ts'
import { noRequests } from './no-requests.ts'

const lastMinute = { ...noRequests, ok: 3 }
const lastHour = { ...noRequests, ok: 100, firstTokenP50Ms: 900 }

const calm: SnapshotParts = {
  tally: () => ({ total: 3, byStatus: { ready: 2, cooling: 1 }, inFlight: 4, waiting: 1 }),
  readCounts: async () => ({ lastMinute, lastHour }),
  isApiOpen: () => false,
  isKeyBesideData: false,
  captureSecondsLeft: () => undefined,
  skewSeconds: () => undefined,
  now: () => Date.parse('2026-11-22T10:00:00Z'),
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
      warnings: [],
    })
    expect(feedSnapshot.parse(snapshot)).toEqual(snapshot)
  })

  it('of a gateway without a ready account says 0', async () => {
    const { accounts } = await makeSnapshot({
      ...calm,
      tally: () => ({ total: 1, byStatus: { parked: 1 }, inFlight: 0, waiting: 0 }),
    })
    expect(accounts).toMatchObject({ total: 1, ready: 0 })
  })

  it.each<[string, Partial<SnapshotParts>, unknown]>([
    ['an open API', { isApiOpen: () => true }, { code: 'open-api', count: null }],
    [
      'accounts that have to sign in',
      { tally: () => ({ total: 5, byStatus: { 'needs-sign-in': 2 }, inFlight: 0, waiting: 0 }) },
      { code: 'accounts-need-sign-in', count: 2 },
    ],
    ['bodies that are kept', { captureSecondsLeft: () => 61 }, { code: 'capture-on', count: 61 }],
    ['a clock that is behind', { skewSeconds: () => -94 }, { code: 'clock-skew', count: 94 }],
    ['a key beside the data', { isKeyBesideData: true }, { code: 'master-key-beside-data', count: null }],
  ])('warns of %s', async (_, parts, warning) => {
    expect((await makeSnapshot({ ...calm, ...parts })).warnings).toEqual([warning])
  })
})

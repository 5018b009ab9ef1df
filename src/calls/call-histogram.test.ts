import { describe, expect, it } from 'vitest'
import { createCallHistogram } from './call-histogram.ts'
import { noCounts } from './request-counts.ts'
import type { CallFilter, CallPosition, CallTally, CountedMoment } from './traffic-store.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const HOUR_MS = 3_600_000
const hour = { since: NOW - HOUR_MS, until: NOW, cursor: undefined }

function start({ moments = [], looks = [] }: { moments?: CountedMoment[]; looks?: CallTally[][] }) {
  const asked: { filter: CallFilter; before: CallPosition | undefined }[] = []
  const read = createCallHistogram({
    calls: {
      async tally(filter, { before }) {
        asked.push({ filter, before })
        const tallies = looks[asked.length - 1] ?? []
        return asked.length < looks.length ? { tallies, next: [NOW - 1, 'r'] } : { tallies }
      },
      oldest: async () => NOW - 2 * HOUR_MS,
    },
    traffic: { listCounts: async () => moments },
    clock: { now: () => NOW },
    cursorKey: Buffer.alloc(32, 1),
  })
  return { read, asked }
}

const none = { ok: 0, clientErrors: 0, throttled: 0, upstreamErrors: 0, shed: 0, cancelled: 0 }
const momentAt = (minute: number, counts: Partial<CountedMoment>): CountedMoment => ({
  ...noCounts(),
  at: hour.since + minute * 60_000,
  ...counts,
})

describe('a histogram of calls', () => {
  it('is read from what is counted already, where that is enough', async () => {
    const moments = [momentAt(0, { ok: 2, inputTokens: 9 }), momentAt(3, { shed: 1 })]
    const { read, asked } = start({ moments })
    expect(await read({ ...hour, filter: { withoutTrials: true } })).toEqual({
      from: hour.since,
      to: NOW,
      stepSeconds: 60,
      steps: [
        { ...none, at: hour.since, ok: 2 },
        { ...none, at: hour.since + 180_000, shed: 1 },
      ],
      nextCursor: undefined,
      oldest: NOW - 2 * HOUR_MS,
    })
    const shed = await read({ ...hour, filter: { withoutTrials: true, outcome: 'shed' } })
    expect(shed.steps).toEqual([{ ...none, at: hour.since + 180_000, shed: 1 }])
    expect(asked).toEqual([])
  })

  it.each<Omit<CallFilter, 'since' | 'until'>>([{}, { withoutTrials: true, key: 'k' }])(
    'of %j is counted call by call, in as many looks as that takes',
    async (filter) => {
      const looks: CallTally[][] = [
        [{ start: '2026-11-22T09:59', outcome: 'ok', count: 3 }],
        [
          { start: '2026-11-22T09:59', outcome: 'throttled', count: 1 },
          { start: '2026-11-22T09:01', outcome: 'ok', count: 1 },
        ],
      ]
      const { read, asked } = start({ looks })
      const first = await read({ ...hour, filter })
      const at = Date.parse('2026-11-22T09:59:00Z')
      expect(first.steps).toEqual([{ ...none, at, ok: 3 }])
      const second = await read({ ...hour, filter, cursor: first.nextCursor })
      expect(second.steps).toEqual([
        { ...none, at: Date.parse('2026-11-22T09:01:00Z'), ok: 1 },
        { ...none, at, throttled: 1 },
      ])
      expect(second.nextCursor).toBeUndefined()
      expect(asked.map(({ before }) => before)).toEqual([undefined, [NOW - 1, 'r']])
      expect(asked[0]?.filter).toEqual({ ...filter, since: hour.since, until: NOW })
    },
  )

  it('begins with a whole step', async () => {
    const { read } = start({})
    const { from } = await read({ filter: {}, since: NOW - 90_500, until: NOW, cursor: undefined })
    expect(from).toBe(NOW - 91_000)
  })

  it('takes no cursor that it did not give out', async () => {
    await expect(start({}).read({ ...hour, filter: {}, cursor: 'AAAA' })).rejects.toMatchObject({
      failure: { kind: 'invalid-request', field: 'cursor' },
    })
  })
})

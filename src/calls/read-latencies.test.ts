import { describe, expect, it } from 'vitest'
import { createLatencyReader } from './read-latencies.ts'
import type { CallFilter, CallPosition, MeasuredCalls } from './traffic-store.ts'

const NOW = Date.parse('2026-11-22T10:00:30Z')
const MINUTE_MS = 60_000
const minute = (ago: number) => NOW - (NOW % MINUTE_MS) - ago * MINUTE_MS

const call = (ago: number, firstTokenMs: number | null, totalMs: number | null = null) => ({
  at: minute(ago) + 5000,
  firstTokenMs,
  totalMs,
})

function open(looks: MeasuredCalls[], log: { oldest: number | undefined } = { oldest: minute(1000) }) {
  const asked: { filter: CallFilter; before: CallPosition | undefined }[] = []
  let underWay = 0
  const most = { atOnce: 0 }
  const read = createLatencyReader({
    calls: {
      async measure(filter, before) {
        asked.push({ filter, before })
        underWay += 1
        most.atOnce = Math.max(most.atOnce, underWay)
        await Promise.resolve()
        underWay -= 1
        return looks[asked.length - 1] ?? { calls: [] }
      },
      oldest: async () => log.oldest,
    },
    clock: {
      now: () => NOW,
      after(_delayMs, action) {
        action()
        return () => {}
      },
    },
  })
  return { read, asked, most }
}

describe('how long requests took', () => {
  it('is told step by step, of what was asked for and no trials', async () => {
    const { read, asked } = open([{ calls: [call(0, 100, 400), call(0, 120), call(3, null, 30)] }])
    const { points, ...rest } = await read('1h', { model: 'm' })
    expect(rest).toEqual({ from: minute(59), to: NOW, stepSeconds: 60, since: minute(59), isCut: false })
    expect(asked).toEqual([
      { filter: { model: 'm', withoutTrials: true, since: minute(59) }, before: undefined },
    ])
    expect(points.map(({ at }) => at)).toEqual([minute(3), minute(0)])
    expect(points[0]).toMatchObject({ firstTokenP50Ms: null, totalP50Ms: expect.any(Number) })
    const { firstTokenP99Ms = 0, totalP95Ms = 0 } = points[1] ?? {}
    expect(firstTokenP99Ms).toBeGreaterThan(100)
    expect(firstTokenP99Ms).toBeLessThan(140)
    expect(totalP95Ms).toBeGreaterThan(350)
  })

  it('is read in ten looks at most, and of steps that were read in part nothing is told', async () => {
    const looks = Array.from({ length: 12 }, (_, ago): MeasuredCalls => {
      return { calls: [call(ago, 50)], next: [minute(ago) + 5000, `${ago}`] }
    })
    const { read, asked } = open(looks)
    const { points, since, isCut } = await read('1h', { account: 'a' })
    expect(asked.map(({ before }) => before?.[1])).toEqual([
      undefined,
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
    ])
    expect([points.length, points[0]?.at, points.at(-1)?.at]).toEqual([9, minute(8), minute(0)])
    expect([since, isCut]).toEqual([minute(8), true])
  })

  it.each(['24h', '7d', '30d'] as const)(
    'is told of the newest step where that alone is too much: %s',
    async (range) => {
      const looks = Array.from({ length: 10 }, (_, count): MeasuredCalls => {
        const at = NOW - 100 * (count + 1)
        return { calls: [{ at, firstTokenMs: 50, totalMs: null }], next: [at, `${count}`] }
      })
      const { read } = open(looks)
      const { points, since, isCut, to } = await read(range, { model: 'm' })
      expect(points).toMatchObject([{ firstTokenP50Ms: expect.any(Number) }])
      expect([since, isCut, to]).toEqual([NOW - 1000 + 1, true, NOW])
    },
  )

  it('never begins later than it ends, though clocks of others are ahead', async () => {
    const ahead = NOW + 5000
    const looks = Array.from({ length: 10 }, (): MeasuredCalls => ({ calls: [], next: [ahead, 'a'] }))
    const { read } = open(looks, { oldest: ahead })
    expect(await read('7d', { model: 'm' })).toMatchObject({ since: NOW, to: NOW })
  })

  it.each([
    ['begins later than the time that is asked for', minute(7) + 3000, minute(7) + 3000],
    ['is empty', undefined, NOW],
  ])('is said not to be known of before the log where that %s', async (_what, oldest, since) => {
    const { read } = open([{ calls: [] }], { oldest })
    expect(await read('1h', { dialect: 'openai-chat' })).toMatchObject({ since, isCut: false, points: [] })
  })

  it('is read once for all who ask the same meanwhile', async () => {
    const { read, asked } = open([])
    const both = await Promise.all([read('1h', { model: 'a' }), read('1h', { model: 'a' })])
    expect(both[0]).toBe(both[1])
    expect(asked).toHaveLength(1)
    await read('1h', { model: 'a' })
    expect(asked).toHaveLength(2)
  })

  it('is read for so many and no more, until these have their answers', async () => {
    const { read } = open([])
    const first = Array.from({ length: 20 }, (_, count) => read('1h', { model: `m${count}` }))
    await expect(read('1h', { account: 'a' })).rejects.toThrow('Too many questions')
    await Promise.all(first)
    expect(await read('1h', { account: 'a' })).toMatchObject({ points: [] })
  })

  it('is read for one after the other, also after one that failed', async () => {
    const { read, most } = open([])
    const failing = createLatencyReader({
      calls: { measure: () => Promise.reject(new Error('no')), oldest: async () => undefined },
      clock: { now: () => NOW, after: () => () => {} },
    })
    await Promise.all([read('1h', { model: 'a' }), read('7d', { model: 'b' }), read('15m', { model: 'c' })])
    expect(most.atOnce).toBe(1)
    await expect(failing('1h', { model: 'a' })).rejects.toThrow('no')
    await expect(failing('1h', { model: 'a' })).rejects.toThrow('no')
  })
})

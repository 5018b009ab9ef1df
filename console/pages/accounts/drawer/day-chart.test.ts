import { describe, expect, it } from 'vitest'
import { barsOf, drawBars } from './day-chart.ts'

const hour = (at: string, requests: number, ok: number) => ({ at, requests, ok, firstTokenP95Ms: null })

describe('the chart of a day', () => {
  const day = {
    from: '2026-11-22T11:00:00.000Z',
    to: '2026-11-22T13:20:00.000Z',
    hours: [hour('2026-11-22T11:00:00.000Z', 4, 3), hour('2026-11-22T13:00:00.000Z', 2, 2)],
  }

  it('has a bar for each hour, those without a request too', () => {
    expect(barsOf(day).map(({ requests, failed }) => [requests, failed])).toEqual([
      [4, 1],
      [0, 0],
      [2, 0],
    ])
  })

  it('puts what failed on top of what went well', () => {
    expect(drawBars(barsOf(day))).toEqual({ ok: 'M0 16h8v48h-8zM20 32h8v32h-8z', failed: 'M0 0h8v16h-8z' })
  })

  it('stays within its frame, and shows a single failure among many', () => {
    const { failed } = drawBars([{ at: 0, requests: 1000, failed: 1, firstTokenP95Ms: null }])
    expect(failed).toBe('M0 0h8v1.5h-8z')
  })

  it('is empty without requests', () => {
    expect(drawBars(barsOf({ ...day, hours: [] }))).toEqual({ ok: '', failed: '' })
  })
})

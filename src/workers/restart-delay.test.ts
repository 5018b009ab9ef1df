import { describe, expect, it } from 'vitest'
import { createRestartDelay } from './restart-delay.ts'

const tenEarlyDeaths = (isAlone: boolean) => {
  const delay = createRestartDelay()
  return { delay, delays: Array.from({ length: 10 }, () => delay.after({ livedMs: 1000, isAlone })) }
}

describe('the delay of a restart', () => {
  it('grows with each death soon after the start, up to half a minute, and is none after a long life', () => {
    const { delay, delays } = tenEarlyDeaths(false)
    expect(delays).toEqual([200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
    expect(delay.after({ livedMs: 60_000, isAlone: false })).toBe(0)
    expect(delay.after({ livedMs: 59_999, isAlone: false })).toBe(200)
  })

  it('is never long when no other worker serves', () => {
    expect(tenEarlyDeaths(true).delays).toEqual([200, 400, 800, ...Array.from({ length: 7 }, () => 1000)])
  })
})

import { expect, it } from 'vitest'
import { createRestartDelay } from './restart-delay.ts'

it('grows with each death soon after the start, up to half a minute, and is none after a long life', () => {
  const delay = createRestartDelay()
  const early = Array.from({ length: 10 }, () => delay.after(1000))
  expect(early).toEqual([200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
  expect(delay.after(60_000)).toBe(0)
  expect(delay.after(59_999)).toBe(200)
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createRateWindow } from './rate-window.ts'

describe('a window of a minute', () => {
  it('S51: lets as many pass in a minute as may, within 5 %, however fast they come', () => {
    for (const limit of [1, 10, 60, 1000]) {
      const clock = createFakeClock()
      const window = createRateWindow(clock)
      let passed = 0
      const minutes = 10
      for (let step = 0; step < minutes * 6000; step += 1) {
        if (window.roomInMs(limit) === 0) {
          window.add()
          passed += 1
        }
        clock.advance(10)
      }
      expect(passed).toBeLessThanOrEqual(limit * minutes)
      expect(passed).toBeGreaterThanOrEqual(limit * minutes * 0.95)
    }
  })

  it('S51: lets no more than may pass within any minute, and says truly when there is room again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 }),
        (limit, waits) => {
          const clock = createFakeClock()
          const window = createRateWindow(clock)
          const passed: number[] = []
          for (const wait of waits) {
            clock.advance(wait)
            const roomInMs = window.roomInMs(limit)
            clock.advance(Math.max(0, roomInMs - 1))
            expect(window.roomInMs(limit)).toBe(Math.min(1, roomInMs))
            clock.advance(1)
            expect(window.roomInMs(limit)).toBe(0)
            window.add()
            passed.push(clock.elapsed())
          }
          for (const [index, at] of passed.entries()) {
            expect(at - (passed[index - limit] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(60_000)
          }
        },
      ),
      { numRuns: 200, seed: 1 },
    )
  })

  it('is empty again when the last of them is a minute old', () => {
    const clock = createFakeClock()
    const window = createRateWindow(clock)
    expect(window.emptyInMs()).toBe(0)
    window.add()
    clock.advance(10_000)
    window.add()
    expect([window.count(), window.emptyInMs()]).toEqual([2, 60_500])
    clock.advance(50_500)
    expect([window.count(), window.emptyInMs()]).toEqual([1, 10_000])
    clock.advance(10_000)
    expect([window.count(), window.emptyInMs()]).toEqual([0, 0])
  })

  it('holds to a limit that was lowered, and never lets anything pass a limit of none', () => {
    const clock = createFakeClock()
    const window = createRateWindow(clock)
    for (let request = 0; request < 4; request += 1) {
      window.add()
      clock.advance(1000)
    }
    expect([window.roomInMs(5), window.roomInMs(4), window.roomInMs(2)]).toEqual([0, 56_500, 58_500])
    clock.advance(100_000)
    expect([window.roomInMs(1), window.roomInMs(0)]).toEqual([0, 60_000])
  })
})

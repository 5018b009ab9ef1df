import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSlidingWindow } from './sliding-window.ts'

const open = (to = 10_500) => createSlidingWindow({ steps: 4, stepMs: 1000, absent: [0, null], to })

describe('a sliding window', () => {
  it('ends with the step of the moment', () => {
    const { times, columns } = open()
    expect(times).toEqual([7000, 8000, 9000, 10_000])
    expect(columns).toEqual([
      [0, 0, 0, 0],
      [null, null, null, null],
    ])
  })

  it('moves on with its values', () => {
    const window = open()
    window.set(9000, [5, 50])
    window.set(10_000, [6, 60])
    window.advance(12_001)
    expect(window.times).toEqual([9000, 10_000, 11_000, 12_000])
    expect(window.columns).toEqual([
      [5, 6, 0, 0],
      [50, 60, null, null],
    ])
  })

  it('forgets all after a long pause', () => {
    const window = open()
    window.set(10_000, [6, 60])
    window.advance(1_000_000)
    expect(window.columns).toEqual([
      [0, 0, 0, 0],
      [null, null, null, null],
    ])
    expect(window.times.at(-1)).toBe(1_000_000)
  })

  it.each([6999, 11_000])('has no place for what was at %i', (at) => {
    const window = open()
    window.set(at, [5, 50])
    expect(window.columns[0]).toEqual([0, 0, 0, 0])
  })

  it('never goes back', () => {
    const window = open()
    window.advance(5000)
    expect(window.times.at(-1)).toBe(10_000)
  })

  it('never grows, and its steps follow each other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8000), fc.nat(9))), (moves) => {
        const window = open()
        const { times, columns } = window
        const [counts] = columns
        let now = 10_500
        for (const [passed, count] of moves) {
          now += passed
          window.advance(now)
          window.set(now, [count, count])
          expect(window.columns[0]?.at(-1)).toBe(count)
        }
        expect(window.times).toBe(times)
        expect(window.columns[0]).toBe(counts)
        expect(counts).toHaveLength(4)
        expect(times.map((at) => at - (times[0] ?? 0))).toEqual([0, 1000, 2000, 3000])
        expect(times.at(-1)).toBe(now - (now % 1000))
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addBins, binOf, percentileOf, type Bins } from './latency-bins.ts'

const latency = fc.double({ min: 25, max: 300_000, noNaN: true })

function binsOf(latencies: readonly number[]): Bins {
  const bins: Bins = new Map()
  for (const each of latencies) addBins(bins, new Map([[binOf(each), 1]]))
  return bins
}

describe('percentiles', () => {
  it('are null of nothing', () => expect(percentileOf(new Map(), 0.5)).toBeNull())

  it('are right to a bin, which is a quarter wide', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 50 }), (latencies) => {
        const sorted = latencies.toSorted((a, b) => a - b)
        for (const share of [0.5, 0.95]) {
          const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0
          const told = percentileOf(binsOf(latencies), share) ?? 0
          expect(told / exact).toBeGreaterThan(0.75)
          expect(told / exact).toBeLessThan(1.3)
        }
      }),
    )
  })

  it('never fall when the share rises', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1 }), (latencies) => {
        const bins = binsOf(latencies)
        expect(percentileOf(bins, 0.95)).toBeGreaterThanOrEqual(percentileOf(bins, 0.5) ?? 0)
      }),
    )
  })

  it('are bounded, whatever is counted', () => {
    expect([0, -1, 20].map(binOf)).toEqual([0, 0, 0])
    expect(binOf(Number.MAX_SAFE_INTEGER)).toBe(42)
  })
})

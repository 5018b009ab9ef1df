import { describe, expect, it } from 'vitest'
import { medianRange, percentile, summarise } from './statistics.ts'

describe('percentile', () => {
  it.each([
    [[7], 0.99, 7],
    [[3, 1, 2], 0.5, 2],
    [[1, 10], 0.5, 5.5],
    [[10, 9, 2], 1, 10],
    [[0, 100], 0.99, 99],
  ])('of %j at %d is %d', (values, share, expected) => {
    expect(percentile(values, share)).toBeCloseTo(expected, 10)
  })

  it('of nothing is an error', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError)
  })
})

describe('summarise', () => {
  it('gives the median and the spread', () => {
    expect(summarise([5, 1, 9])).toEqual({ median: 5, lowest: 1, highest: 9 })
  })
})

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('medianRange', () => {
  // The ranks are those of tables of the sign test, two-sided, 90 %.
  it.each([
    [5, { lowest: 1, highest: 5 }],
    [8, { lowest: 2, highest: 7 }],
    [25, { lowest: 8, highest: 18 }],
    [50, { lowest: 19, highest: 32 }],
  ])('of %d values goes from rank to rank', (count, range) => {
    expect(medianRange(upTo(count).toReversed())).toEqual(range)
  })

  it('is not told of too few', () => {
    expect(medianRange(upTo(4))).toBeUndefined()
    expect(medianRange([])).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { percentile, summarise } from './statistics.ts'

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

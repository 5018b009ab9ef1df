import { describe, expect, it } from 'vitest'
import { earlierHalf, laterHalf, medianOf, slopeOf } from './slope.ts'

describe('slopeOf', () => {
  it.each([
    ['a line', [1, 3, 5, 7, 9], 2],
    ['a line with one figure far off', [1, 3, 5, 700, 9, 11, 13], 2],
    ['what goes up and down', [5, 6, 5, 6, 5, 6, 5], 0],
    ['what falls', [9, 8, 7], -1],
    ['a single figure', [4], 0],
  ])('of %s', (_, figures, slope) => {
    expect(slopeOf(figures)).toBe(slope)
  })
})

describe('medianOf', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[], 0],
  ])('of %j is %d', (figures, median) => {
    expect(medianOf(figures)).toBe(median)
  })
})

it('halves leave out the middle of an odd number', () => {
  expect([earlierHalf([1, 2, 3, 4, 5]), laterHalf([1, 2, 3, 4, 5])]).toEqual([
    [1, 2],
    [4, 5],
  ])
})

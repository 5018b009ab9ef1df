import { describe, expect, it } from 'vitest'
import { readNumber } from './read-number.ts'

describe('a number that is typed', () => {
  it.each([
    ['', undefined],
    ['  ', undefined],
    ['7', 7],
    [' 7 ', 7],
    ['0', 'wrong'],
    ['101', 'wrong'],
    ['1.5', 'wrong'],
    ['x', 'wrong'],
    ['1e9', 'wrong'],
  ])('%j', (typed, read) => {
    expect(readNumber(typed, { least: 1, most: 100, isWhole: true })).toBe(read)
  })

  it('may have a part', () => {
    expect(readNumber('0.5', { least: 0, most: 2, isWhole: false })).toBe(0.5)
  })
})

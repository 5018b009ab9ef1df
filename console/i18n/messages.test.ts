import { describe, expect, it } from 'vitest'
import { isSmallWhole } from './messages.ts'

describe('a small whole number', () => {
  const small = Array.from({ length: 1999 }, (_, index) => index - 999)

  it.each(['en', 'zh-CN'])('is written in %s as it is anywhere', (spoken) => {
    expect(small.filter((number) => number.toLocaleString(spoken) !== String(number))).toEqual([])
  })

  it('is what needs nothing that a language knows', () => {
    expect(small.every(isSmallWhole)).toBe(true)
    expect([1000, -1000, 0.5, Number.NaN, Number.POSITIVE_INFINITY].some(isSmallWhole)).toBe(false)
  })
})

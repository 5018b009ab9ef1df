import { describe, expect, it } from 'vitest'
import type { Usage } from '../conversation/reply.ts'
import { createAnswerPrices } from './answer-prices.ts'

const usage = (tokens: number, credits?: number): Usage => ({
  inputTokens: tokens,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  ...(credits !== undefined && { credits }),
  source: 'estimated',
})

describe('the price that an answer did not tell', () => {
  it('is a credit while none of the model has told one', () => {
    const prices = createAnswerPrices()
    prices.learn('other', usage(100, 9))
    prices.learn('m', usage(100))
    prices.learn('m', usage(0, 9))
    expect(prices.assume('m', usage(5))).toBe(1)
  })

  it('is what its tokens cost with the answers that told it, and nothing where it did', () => {
    const prices = createAnswerPrices()
    prices.learn('m', usage(100, 0.5))
    expect(
      prices.assume('m', { ...usage(50), outputTokens: 20, cacheReadTokens: 20, cacheWriteTokens: 10 }),
    ).toBe(0.5)
    expect(prices.assume('m', usage(50, 0.1))).toBe(0)
    expect(prices.assume('m', usage(50, 0))).toBe(0)
  })

  it('follows a model whose price changes', () => {
    const prices = createAnswerPrices()
    for (let answer = 0; answer < 200; answer += 1) prices.learn('m', usage(100, 1))
    for (let answer = 0; answer < 200; answer += 1) prices.learn('m', usage(100, 2))
    expect(prices.assume('m', usage(100))).toBeCloseTo(2, 1)
  })
})

import { describe, expect, it } from 'vitest'
import { p99WithServings, type SentToken } from './servings.ts'

/** A token a millisecond, and pages are served at 500. */
function sendTokens(latencyOf: (sentAt: number) => number): SentToken[] {
  return Array.from({ length: 1000 }, (_, sentAt) => ({ sentAt, latencyMs: latencyOf(sentAt) }))
}

describe('p99 with servings', () => {
  it('is the same where pages keep no token waiting', () => {
    expect(
      p99WithServings(
        sendTokens(() => 2),
        [500],
      ),
    ).toBe(1)
  })

  it('tells what the tokens that meet pages wait', () => {
    const tokens = sendTokens((sentAt) => (Math.abs(sentAt - 500) <= 10 ? 6 : 2))
    expect(p99WithServings(tokens, [499, 501])).toBe(3)
  })

  it('leaves alone what has another cause', () => {
    const tokens = sendTokens((sentAt) => (sentAt % 50 === 0 ? 9 : 2))
    expect(p99WithServings(tokens, [525])).toBe(1)
  })

  it('does not call it the same where no token has met a page', () => {
    expect(() =>
      p99WithServings(
        sendTokens(() => 2),
        [],
      ),
    ).toThrow(/No token/)
    expect(() =>
      p99WithServings(
        sendTokens(() => 2),
        [5000],
      ),
    ).toThrow(/No token/)
  })
})

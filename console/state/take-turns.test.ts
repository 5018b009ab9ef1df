import { describe, expect, it } from 'vitest'
import { nextTurn } from './take-turns.ts'

const MINUTE_MS = 60_000

describe('turns', () => {
  it('come to what is overdue the most, by its own measure', () => {
    const turns = [
      { everyMinutes: 1, askedAt: 9 * MINUTE_MS },
      { everyMinutes: 5, askedAt: 0 },
    ]
    expect(nextTurn(turns, 10 * MINUTE_MS)).toBe(1)
    expect(nextTurn([...turns, { everyMinutes: 1, askedAt: 7 * MINUTE_MS }], 10 * MINUTE_MS)).toBe(2)
  })

  it('come to nothing before its time', () => {
    expect(nextTurn([{ everyMinutes: 1, askedAt: 0 }], MINUTE_MS / 2)).toBe(-1)
    expect(nextTurn([{ everyMinutes: 1, askedAt: 0 }], MINUTE_MS - 1)).toBe(0)
    expect(nextTurn([], MINUTE_MS)).toBe(-1)
  })

  it('leave nobody out over an hour', () => {
    const turns = [1, 3, 5, 10].map((everyMinutes) => ({ everyMinutes, askedAt: 0, asked: 0 }))
    for (let minute = 1; minute <= 60; minute += 1) {
      const turn = turns[nextTurn(turns, minute * MINUTE_MS)]
      if (turn === undefined) continue
      turn.askedAt = minute * MINUTE_MS
      turn.asked += 1
    }
    expect(turns.reduce((sum, { asked }) => sum + asked, 0)).toBe(60)
    expect(turns.map(({ asked }) => asked > 3)).toEqual([true, true, true, true])
    expect(turns[0]?.asked).toBeGreaterThan(30)
  })
})

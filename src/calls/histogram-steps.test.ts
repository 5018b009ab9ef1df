import { describe, expect, it } from 'vitest'
import { chooseStep, countedSteps, startCharacters } from './histogram-steps.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = Date.parse('2026-11-22T10:07:00Z')

describe('the steps of a histogram', () => {
  it.each([
    ['ten seconds', 10, 1],
    ['a quarter of an hour', 15 * MINUTE, 10],
    ['an hour', HOUR, MINUTE],
    ['a day', DAY, 10 * MINUTE],
    ['a week', 7 * DAY, 2 * HOUR],
    ['30 days', 30 * DAY, 6 * HOUR],
    ['a year', 365 * DAY, 5 * DAY],
  ])('of %s are as short as there may be', (_, seconds, step) => {
    expect(chooseStep(NOW - seconds * 1000, NOW)).toBe(step)
  })

  it('are never too many', () => {
    for (let seconds = 1; seconds < 400 * DAY; seconds = Math.ceil(seconds * 1.07)) {
      expect(Math.ceil(seconds / chooseStep(NOW - seconds * 1000, NOW)) + 1).toBeLessThanOrEqual(150)
    }
  })

  it.each([
    [1, '2026-11-22T10:00:00'],
    [10, '2026-11-22T10:00:0'],
    [5 * MINUTE, '2026-11-22T10:00'],
    [30 * MINUTE, '2026-11-22T10:0'],
    [6 * HOUR, '2026-11-22T10'],
    [5 * DAY, '2026-11-22'],
  ])('of %i s are told apart by as little as needed', (step, text) => {
    expect(startCharacters(step)).toBe(text.length)
  })

  it.each([
    ['of an hour by the minute', HOUR, MINUTE, 60],
    ['of a week by the hour', 7 * DAY, 2 * HOUR, 3600],
    ['of 15 minutes by the second', 15 * MINUTE, 10, 1],
    ['of an hour, a week ago, by nothing', 7 * DAY, MINUTE, undefined],
    ['of a year by nothing', 365 * DAY, 5 * DAY, undefined],
  ])('%s', (_, age, stepSeconds, resolution) => {
    expect(countedSteps({ from: NOW - age * 1000, stepSeconds, now: NOW })).toBe(resolution)
  })
})

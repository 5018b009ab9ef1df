import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { createTokenLives, isDue } from './token-lives.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Made so long ago by the wall clock of now, to live for an hour. */
function datesOf(now: number, version: number, minutesAgo: number) {
  const madeAt = new Date(now - minutesAgo * MINUTE)
  return { version, madeAt, expiresAt: new Date(madeAt.getTime() + HOUR) }
}

describe('the life of a token', () => {
  it.each([2 * HOUR, -2 * HOUR, DAY, -DAY])('does not change when the wall clock steps by %i ms', (step) => {
    const clock = createFakeClock()
    const lives = createTokenLives(clock)
    const dates = datesOf(clock.now(), 1, 10)
    const before = lives.of('a', dates)
    clock.advance(5 * MINUTE)
    clock.stepWall(step)
    expect(lives.of('a', dates)).toEqual(before)
    expect(before.endsAt - clock.elapsed()).toBe(45 * MINUTE)
    expect(isDue(before, clock.elapsed())).toBe(false)
  })

  it.each([2 * HOUR, -2 * HOUR, DAY, -DAY])(
    'is read aright by who first meets it after a step by %i ms, whenever it was made',
    (step) => {
      const clock = createFakeClock()
      const lives = createTokenLives(clock)
      const madeBefore = datesOf(clock.now(), 1, 10)
      clock.stepWall(step)
      const madeAfter = datesOf(clock.now(), 1, 10)
      for (const [id, dates] of [
        ['a', madeBefore],
        ['b', madeAfter],
      ] as const) {
        const life = lives.of(id, dates)
        expect(life.endsAt - clock.elapsed()).toBe(50 * MINUTE)
        expect(isDue(life, clock.elapsed())).toBe(false)
      }
    },
  )

  it('is never longer than it was made for, whatever the clock says', () => {
    const clock = createFakeClock()
    const life = createTokenLives(clock).of('a', datesOf(clock.now() + DAY, 1, 0))
    expect(life.endsAt - clock.elapsed()).toBeLessThanOrEqual(HOUR)
    expect(life.endsAt - clock.elapsed()).toBeGreaterThan(0)
    // It may be older than it seems, so it is renewed when its turn comes.
    expect(isDue(life, clock.elapsed())).toBe(true)
  })

  it('is what the service said, for the process that received it', () => {
    const clock = createFakeClock()
    const lives = createTokenLives(clock)
    lives.note('a', 2, { bornAt: 0, endsAt: HOUR })
    clock.stepWall(DAY)
    expect(lives.of('a', datesOf(0, 2, 0))).toMatchObject({ bornAt: 0, endsAt: HOUR })
    // A newer token is another life, an older one says nothing about it.
    expect(lives.of('a', datesOf(clock.now(), 1, 70)).endsAt).toBeLessThan(0)
    expect(lives.of('a', datesOf(0, 2, 0)).endsAt).toBe(HOUR)
    expect(lives.of('a', datesOf(clock.now(), 3, 0)).endsAt).toBe(HOUR)
    lives.forget('a')
    expect(lives.of('a', datesOf(clock.now(), 2, 30)).endsAt).toBe(HOUR / 2)
  })

  it.each([
    [{ bornAt: -25 * MINUTE, endsAt: 35 * MINUTE }, false],
    [{ bornAt: -25 * MINUTE - 1, endsAt: 35 * MINUTE }, true],
    [{ bornAt: 0, endsAt: 10 * MINUTE }, false],
    [{ bornAt: 0, endsAt: 10 * MINUTE - 1 }, true],
    [{ bornAt: 0, endsAt: Number.POSITIVE_INFINITY }, false],
  ])('%o is due: %o', (life, due) => {
    expect(isDue(life, 0)).toBe(due)
  })
})

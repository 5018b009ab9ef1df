import type { Clock } from '../src/clock.ts'

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on, running what falls due in order. */
  advance(ms: number): void
  /** Sets the wall clock by so much, as an operator or NTP does: time itself and timers take no part. */
  stepWall(ms: number): void
  /** How many actions are scheduled: a finished request should leave none. */
  pending(): number
}

export function createFakeClock(start = Date.parse('2026-11-22T10:00:00Z')): FakeClock {
  let now = start
  let wallOffset = 0
  const timers = new Set<{ at: number; action: () => void }>()
  const nextDue = (until: number) =>
    [...timers].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)[0]

  return {
    now: () => now + wallOffset,
    elapsed: () => now - start,
    pending: () => timers.size,
    stepWall(ms) {
      wallOffset += ms
    },
    after(delayMs, action) {
      const timer = { at: now + delayMs, action }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const until = now + ms
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer)
        now = timer.at
        timer.action()
      }
      now = until
    },
  }
}

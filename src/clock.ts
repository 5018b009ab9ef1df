/** Cancels what was scheduled; harmless when it has already run. */
export type Cancel = () => void

/** Time, passed in so that tests can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since some fixed moment, by a clock that is never set: for measuring how long something takes. */
  elapsed(): number
  /** Runs `action` once, `delayMs` from now or a little later. */
  after(delayMs: number, action: () => void): Cancel
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs)
    return () => clearTimeout(timer)
  },
}

/** A time limit that activity pushes away. */
export interface Deadline {
  /** Something happened: the full time is left again. */
  touch(): void
  cancel(): void
}

/**
 * Calls `expire` once, after `limitMs` without a touch. Touching only notes the time: a stream touches its deadlines
 * with every read, and a timer set for each would cost more than the read.
 */
export function startDeadline(clock: Clock, limitMs: number, expire: () => void): Deadline {
  let lastTouch = clock.elapsed()
  let cancelTimer = clock.after(limitMs, check)

  function check(): void {
    const left = lastTouch + limitMs - clock.elapsed()
    if (left > 0) cancelTimer = clock.after(left, check)
    else expire()
  }

  return {
    touch() {
      lastTouch = clock.elapsed()
    },
    cancel() {
      cancelTimer()
    },
  }
}

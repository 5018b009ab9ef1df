/** The simulator's time: the real one, or a test's, plus what control routes advanced it by. */

export interface TimeSource {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `action` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void
}

export interface SimulatorClock extends TimeSource {
  /** Moves `now` forward without waiting; delays of answers are not affected. */
  advance(milliseconds: number): void
}

export const systemTime: TimeSource = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs)
    return () => clearTimeout(timer)
  },
}

export function createClock(source: TimeSource): SimulatorClock {
  let offset = 0
  return {
    now: () => source.now() + offset,
    after: (delayMs, action) => source.after(delayMs, action),
    advance(milliseconds) {
      offset += milliseconds
    },
  }
}

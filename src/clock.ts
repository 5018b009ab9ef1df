/** Cancels what was scheduled; harmless when it has already run. */
export type Cancel = () => void

/** Time, passed in so that tests can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `action` once, `delayMs` from now or a little later. */
  after(delayMs: number, action: () => void): Cancel
}

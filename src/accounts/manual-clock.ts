/** A clock for tests: time stands still until it is advanced. */
import type { Clock } from '../clock.ts'

interface ManualClock extends Clock {
  /** Moves time on and runs what is due, in order. */
  advance(milliseconds: number): void
  /** How many actions wait for their time. */
  scheduledCount(): number
}

export function createManualClock(start = '2026-11-22T10:00:00.000Z'): ManualClock {
  let now = Date.parse(start)
  const scheduled = new Set<{ dueAt: number; action: () => void }>()

  return {
    now: () => now,
    scheduledCount: () => scheduled.size,

    after(delayMs, action) {
      const entry = { dueAt: now + delayMs, action }
      scheduled.add(entry)
      return () => scheduled.delete(entry)
    },

    advance(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        const [next] = [...scheduled]
          .filter(({ dueAt }) => dueAt <= end)
          .toSorted((a, b) => a.dueAt - b.dueAt)
        if (next === undefined) break
        scheduled.delete(next)
        now = Math.max(now, next.dueAt)
        next.action()
      }
      now = end
    },
  }
}

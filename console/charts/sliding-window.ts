/**
 * Values by the step, of so many steps up to the latest one. The rows move on in place, so that hours of them take no more
 * room than the first minute.
 */

/** Null: nothing is known, which is not zero. */
export type Value = number | null

export interface SlidingWindow {
  /** When each step begins, in milliseconds since the epoch, in order. The same array for ever. */
  readonly times: readonly number[]
  /** One for each column, as long as `times`. The same arrays for ever. */
  readonly columns: readonly (readonly Value[])[]
  /** Moves on until the step of this moment is the last one; what is older than the first one is forgotten. Never goes back. */
  advance(to: number): void
  /** Replaces the values of the step that begins there. What lies outside is ignored. */
  set(at: number, values: readonly Value[]): void
}

interface SlidingWindowParts {
  steps: number
  stepMs: number
  /** What each column has where nothing was set. */
  absent: readonly Value[]
  /** In milliseconds since the epoch: in the last step. */
  to: number
}

export function createSlidingWindow({ steps, stepMs, absent, to }: SlidingWindowParts): SlidingWindow {
  const times = Array.from({ length: steps }, () => 0)
  const columns = absent.map((value) => Array.from({ length: steps }, (): Value => value))
  let first = firstOf(to)
  stamp()

  function firstOf(latest: number): number {
    return latest - (latest % stepMs) - (steps - 1) * stepMs
  }

  function stamp(): void {
    for (let place = 0; place < steps; place += 1) times[place] = first + place * stepMs
  }

  return {
    times,
    columns,
    advance(latest) {
      const moved = Math.round((firstOf(latest) - first) / stepMs)
      if (moved <= 0) return
      for (const [index, column] of columns.entries()) {
        column.copyWithin(0, moved)
        column.fill(absent[index] ?? null, Math.max(0, steps - moved))
      }
      first += moved * stepMs
      stamp()
    },
    set(at, values) {
      const place = Math.floor((at - first) / stepMs)
      if (place < 0 || place >= steps) return
      for (const [index, column] of columns.entries()) column[place] = values[index] ?? null
    },
  }
}

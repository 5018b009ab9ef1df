/** Tells the operator when this machine's clock is not that of the sign-in service. Nothing else depends on it. */
import type { Clock } from '../clock.ts'

const TOLERATED_MS = 30_000
const WARNED_EVERY_MS = 3_600_000

interface ClockSkewParts {
  clock: Clock
  warn: (facts: { skewSeconds: number }, message: string) => void
}

export interface SkewWatch {
  /** Takes the `Date` header of each answer; warns at most once an hour. */
  note(date: unknown): void
  /** How far this machine was ahead at the last answer, in seconds; undefined: not worth mentioning, or nobody told. */
  skewSeconds(): number | undefined
  /** The same, however little it is; undefined: nobody told. The service tells whole seconds. */
  offsetSeconds(): number | undefined
}

export function createSkewWatch({ clock, warn }: ClockSkewParts): SkewWatch {
  let warnedAt: number | undefined
  let latestMs: number | undefined

  function note(date: unknown): void {
    const skewMs = clock.now() - (typeof date === 'string' ? Date.parse(date) : Number.NaN)
    // Not a date: nothing to compare.
    if (Number.isNaN(skewMs)) return
    latestMs = skewMs
    if (Math.abs(skewMs) <= TOLERATED_MS) return
    if (warnedAt !== undefined && clock.elapsed() - warnedAt < WARNED_EVERY_MS) return
    warnedAt = clock.elapsed()
    warn(
      { skewSeconds: Math.round(skewMs / 1000) },
      'the clock of this machine differs from that of the sign-in service: set it right',
    )
  }

  return {
    note,
    skewSeconds: () =>
      latestMs === undefined || Math.abs(latestMs) <= TOLERATED_MS ? undefined : Math.round(latestMs / 1000),
    offsetSeconds: () => (latestMs === undefined ? undefined : Math.round(latestMs / 1000)),
  }
}

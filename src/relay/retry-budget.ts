/**
 * How many further attempts failing requests may cause together. Each request brings a little credit and so does time, so a few
 * clients always get their retry, while an outage is never answered with a multiple of the traffic.
 */
import type { Clock } from '../clock.ts'
import type { FailureKind } from '../conversation/failures.ts'

export interface RetryBudgetParts {
  clock: Pick<Clock, 'elapsed'>
  /** Retries that each request brings. Like the next, read at each use. */
  readonly perRequest: number
  readonly perSecond: number
}

export interface RetryBudget {
  /** A request has come. */
  noteRequest(): void
  /** Whether one more attempt could be made. */
  isLeft(): boolean
  /** Whether one more attempt may be made; it counts as made. */
  take(): boolean
}

/** Quiet times save up no more than the credit of so many seconds. */
const SAVED_SECONDS = 3

export function createRetryBudget(parts: RetryBudgetParts): RetryBudget {
  const { clock } = parts
  const most = () => Math.max(1, SAVED_SECONDS * parts.perSecond)
  let credit = most()
  let countedAt = clock.elapsed()

  function earn(earned: number): void {
    credit = Math.min(most(), credit + earned)
  }

  function earnByTime(): void {
    const now = clock.elapsed()
    earn(((now - countedAt) / 1000) * parts.perSecond)
    countedAt = now
  }

  return {
    noteRequest() {
      earnByTime()
      earn(parts.perRequest)
    },
    isLeft() {
      earnByTime()
      return credit >= 1
    },
    take() {
      earnByTime()
      if (credit < 1) return false
      credit -= 1
      return true
    },
  }
}

/** The service's own failures. What only one account is to blame for may always be tried on another. */
const BUDGETED: ReadonlySet<FailureKind> = new Set([
  'upstream-unavailable',
  'upstream-timeout',
  'interrupted',
  'unreachable',
])

export function needsBudget(kind: FailureKind): boolean {
  return BUDGETED.has(kind)
}

/** When an account's usage limits are read the next time. Pure. */
import type { AccountStatus } from '../accounts/status.ts'

/** Instants in milliseconds since the epoch. */
export interface ReadingHistory {
  /** Absent: it was never tried. */
  triedAt?: number
  /** In a row. */
  failures: number
  /** Credits since the last reading. */
  spent: number
  /** Absent: not known. */
  left?: number
  usedAt?: number
  /** When the plan's credits are renewed. */
  resetsAt?: number
  /** The account's status at the last try; absent: another process tried. */
  statusAtTry?: AccountStatus['kind']
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const USED_MS = 15 * MINUTE_MS
const IDLE_MS = HOUR_MS
const SOON_MS = MINUTE_MS
const FIRST_RETRY_MS = 2 * MINUTE_MS
const LAST_RETRY_MS = 6 * HOUR_MS
/** So many credits, and such a part of what was left, are many. */
const MANY_CREDITS = 10
const MANY_OF_LEFT = 0.1

/**
 * `stretch`, near 1, keeps accounts from being read in step. In milliseconds since the epoch; 0: at once. Whoever says
 * that a reading lies in the future had its clock set back.
 */
export function nextReadingAt(
  history: ReadingHistory,
  status: AccountStatus,
  { now, stretch }: { now: number; stretch: number },
): number {
  const { triedAt, resetsAt } = history
  if (triedAt === undefined || triedAt > now + MINUTE_MS) return 0
  const regular = triedAt + intervalOf(history, status) * stretch
  const isRenewedBefore = resetsAt !== undefined && triedAt < resetsAt && history.failures === 0
  return isRenewedBefore && status.kind !== 'parked'
    ? Math.min(regular, resetsAt + SOON_MS * stretch)
    : regular
}

function intervalOf(history: ReadingHistory, status: AccountStatus): number {
  const { triedAt = 0, failures, spent, left, usedAt, statusAtTry } = history
  // Only shown: no reading brings it back.
  if (status.kind === 'parked') return DAY_MS
  if (failures > 0) return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS)
  const isNewlyExhausted =
    status.kind === 'exhausted' && statusAtTry !== undefined && statusAtTry !== 'exhausted'
  if (isNewlyExhausted || spent >= Math.max(MANY_CREDITS, MANY_OF_LEFT * (left ?? 0))) return SOON_MS
  return usedAt !== undefined && usedAt > triedAt ? USED_MS : IDLE_MS
}

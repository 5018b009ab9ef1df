/** What an account may be used for. The union is moved by pure functions alone: afterOutcome and those of this file. */
import { unreachable } from '../conversation/unreachable.ts'

/** `fault`: a code beside the words of `why`; one that is not known here was written by a later version. */
export type AccountStatus =
  | { kind: 'ready' }
  | { kind: 'cooling'; until: Date; why: CoolingReason }
  /** Its quota is used up. */
  | { kind: 'exhausted'; until: Date }
  | { kind: 'needs-sign-in'; why: string; fault?: string }
  /** `forOperator`: the same with what is the operator's own, such as names of profiles. */
  | { kind: 'misconfigured'; until: Date; why: string; forOperator?: string; fault?: string }
  /** The service refuses it for good: never used again by itself, the operator re-enables it. */
  | { kind: 'parked'; why: string; fault?: string }
  /** `check`: it was handed in unseen, and is looked at before it is used. */
  | { kind: 'disabled'; by: 'operator'; why?: string; check?: 'under-way' | 'failed' }
  | DisabledByThreshold

/** For its strikes. Tried again ever more rarely, and ready after the first success. */
export interface DisabledByThreshold {
  kind: 'disabled'
  by: 'threshold'
  at: Date
  /** Tries since then that have failed; absent: none. */
  failedProbes?: number
  /** When the last of them did. */
  lastFailedAt?: Date
  /** The end of the pause during which it was disabled: it is not tried before. */
  notBefore?: Date
}

/** The operator lets it rest: no status that is stored, since what comes of its requests must not end it. */
interface PausedByOperator {
  kind: 'paused'
  until: Date
}

/** How an account stands in a moment. */
export type PresentStatus = AccountStatus | PausedByOperator

/**
 * `failing`: several failures in a row that it caused. `sign-in-refused`: its refresh token was refused, but not yet often
 * enough to believe it.
 */
export type CoolingReason = 'throttled' | 'failing' | 'sign-in-refused'

/** How often in a row something went wrong whose pause grows with each time. */
export interface Backoff {
  throttles: number
  denials: number
  signInRefusals?: { count: number; since: Date }
}

/** Between the tries of an account that is disabled for its strikes. */
const FIRST_PROBE_MS = 900_000
const LONGEST_PROBE_MS = 21_600_000

export const noBackoff: Backoff = { throttles: 0, denials: 0 }
export const ready: AccountStatus = { kind: 'ready' }

/** The status as it is at a time: a pause that is over has ended by itself. */
export function statusAt(status: AccountStatus, now: number): AccountStatus {
  const until = endOf(status)
  return until !== undefined && until <= now ? ready : status
}

interface Pausable {
  status: AccountStatus
  settings: { pausedUntil?: Date }
}

/** What ends later counts; what waits for a person is told in any case. */
export function presentStatus({ status, settings }: Pausable, now: number): PresentStatus {
  const present = statusAt(status, now)
  if (!isPaused({ settings }, now) || settings.pausedUntil === undefined || waitsForPerson(present))
    return present
  const until = settings.pausedUntil
  return (endOf(present) ?? 0) >= until.getTime() ? present : { kind: 'paused', until }
}

export function isPaused({ settings: { pausedUntil } }: Pick<Pausable, 'settings'>, now: number): boolean {
  return pausedUntil !== undefined && pausedUntil.getTime() > now
}

/** When the status ends by itself, in milliseconds since the epoch. */
export function endOf(status: PresentStatus): number | undefined {
  return 'until' in status ? status.until.getTime() : undefined
}

/** When an account that was disabled for its strikes may be tried again, in milliseconds since the epoch; undefined: never by itself. */
export function probeDueAt(status: AccountStatus): number | undefined {
  if (status.kind !== 'disabled' || status.by !== 'threshold') return undefined
  const lastFailedAt = (status.lastFailedAt ?? status.at).getTime()
  const waitMs = Math.min(FIRST_PROBE_MS * 2 ** (status.failedProbes ?? 0), LONGEST_PROBE_MS)
  return Math.max(lastFailedAt + waitMs, status.notBefore?.getTime() ?? 0)
}

/** Whether no time ends it: a person does, or for a disabled account a try that succeeds. */
export function waitsForPerson({ kind }: PresentStatus): boolean {
  return kind === 'needs-sign-in' || kind === 'parked' || kind === 'disabled'
}

/** Whether only the operator can bring the account back, or had better look at it. */
export function waitsForOperator(status: PresentStatus): boolean {
  switch (status.kind) {
    case 'needs-sign-in':
    case 'misconfigured':
    case 'parked':
      return true
    case 'cooling':
      return status.why === 'sign-in-refused'
    case 'ready':
    case 'exhausted':
    case 'paused':
    case 'disabled':
      return false
    default:
      return unreachable(status)
  }
}

/** The operator switched the account on: what waited for that is forgotten, what only needs time is not. */
export function whenEnabled(status: AccountStatus): AccountStatus {
  return status.kind === 'disabled' || waitsForOperator(status) ? ready : status
}

/** The account has other credentials: what was said about the old ones no longer holds. */
export function whenSignedInAnew(status: AccountStatus): AccountStatus {
  const aboutSignIn =
    status.kind === 'needs-sign-in' || (status.kind === 'cooling' && status.why === 'sign-in-refused')
  return aboutSignIn ? ready : status
}

/** The account is set up otherwise: whether that helps, the next request shows. */
export function whenRepaired(status: AccountStatus): AccountStatus {
  return status.kind === 'misconfigured' ? ready : status
}

/** One sentence for the operator. */
export function describeStatus(status: PresentStatus): string {
  switch (status.kind) {
    case 'ready':
      return 'Ready.'
    case 'cooling':
      return describeCooling(status)
    case 'exhausted':
      return `Its quota is used up until ${instant(status.until)}.`
    case 'paused':
      return `Paused by the operator until ${instant(status.until)}.`
    case 'needs-sign-in':
      return `Sign this account in again. ${status.why}`
    case 'misconfigured':
      return `It does not work as it is set up; tried again at ${instant(status.until)}. ${status.forOperator ?? status.why}`
    case 'parked':
      return `No longer used until you enable it again. ${status.why}`
    case 'disabled':
      if (status.by === 'threshold') return describeDisabled(status)
      return `Switched off by the operator.${status.why === undefined ? '' : ` ${status.why}`}`
    default:
      return unreachable(status)
  }
}

function describeCooling({ why, until }: { why: CoolingReason; until: Date }): string {
  switch (why) {
    case 'throttled':
      return `Resting after too many requests, until ${instant(until)}.`
    case 'failing':
      return `Resting after several failures in a row, until ${instant(until)}.`
    case 'sign-in-refused':
      return `Its sign-in was refused and is tried again at ${instant(until)}; it may have to sign in again.`
    default:
      return unreachable(why)
  }
}

function describeDisabled(status: DisabledByThreshold): string {
  const { failedProbes = 0 } = status
  const sinceThen =
    failedProbes === 0 ? '' : ` It failed again when it was tried since, ${countOf(failedProbes)}.`
  const next = probeDueAt(status) ?? status.at.getTime()
  return `Switched off after too many failures in a row.${sinceThen} The next try is due at ${instant(new Date(next))}; a success switches it on again.`
}

function countOf(times: number): string {
  return times === 1 ? 'once' : `${times} times`
}

/** `YYYY-MM-DDTHH:MM:SSZ` */
function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

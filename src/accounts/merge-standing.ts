/** What becomes of an account's status when two processes change it and neither knows of the other. */
import { isDeepStrictEqual } from 'node:util'
import type { Standing } from './account-store.ts'
import {
  endOf,
  waitsForPerson,
  type AccountStatus,
  type Backoff,
  type DisabledByThreshold,
} from './status.ts'

/** A process's change, and what it took the standing to be before. */
export interface StandingChange {
  from: Standing
  to: Standing
}

/**
 * Who knew what is stored has the last word. Otherwise nothing gets lost that no time ends, least of all what waits for a
 * person, and of two pauses the longer one counts.
 */
export function mergeStanding(stored: Standing, { from, to }: StandingChange): Standing {
  if (isSameStanding(stored, from)) return to
  return { status: mergeStatus(stored.status, to.status), backoff: mergeBackoff(stored.backoff, to.backoff) }
}

export function isSameStanding(a: Standing, b: Standing): boolean {
  return isDeepStrictEqual([a.status, a.backoff], [b.status, b.backoff])
}

function mergeStatus(stored: AccountStatus, status: AccountStatus): AccountStatus {
  if (isByThreshold(stored) && isByThreshold(status)) return mergeProbes(stored, status)
  if (waitsForPerson(stored)) {
    const givesWay = stored.kind === 'needs-sign-in' || isByThreshold(stored)
    return givesWay && status.kind === 'parked' ? status : stored
  }
  if (waitsForPerson(status)) return status
  return (endOf(status) ?? 0) > (endOf(stored) ?? 0) ? status : stored
}

function isByThreshold(status: AccountStatus): status is DisabledByThreshold {
  return status.kind === 'disabled' && status.by === 'threshold'
}

/** Both have tried it: whose failure is the later one knows when to try again. */
function mergeProbes(stored: DisabledByThreshold, status: DisabledByThreshold): DisabledByThreshold {
  const isLater = (status.lastFailedAt ?? status.at) > (stored.lastFailedAt ?? stored.at)
  const failedProbes = Math.max(stored.failedProbes ?? 0, status.failedProbes ?? 0)
  return {
    ...(isLater ? status : stored),
    at: stored.at < status.at ? stored.at : status.at,
    ...(failedProbes > 0 && { failedProbes }),
  }
}

function mergeBackoff(a: Backoff, b: Backoff): Backoff {
  const signInRefusals = mergeRefusals(a.signInRefusals, b.signInRefusals)
  return {
    throttles: Math.max(a.throttles, b.throttles),
    denials: Math.max(a.denials, b.denials),
    ...(signInRefusals !== undefined && { signInRefusals }),
  }
}

type Refusals = Backoff['signInRefusals']

function mergeRefusals(a: Refusals, b: Refusals): Refusals {
  if (a === undefined || b === undefined) return a ?? b
  return { count: Math.max(a.count, b.count), since: a.since < b.since ? a.since : b.since }
}

/** What becomes of an account's status when two processes change it and neither knows of the other. */
import { isDeepStrictEqual } from 'node:util'
import type { Standing, StandingChange } from '../account-store.ts'
import {
  endOf,
  waitsForPerson,
  whenSignedInAnew,
  type AccountStatus,
  type Backoff,
  type DisabledByThreshold,
} from '../status.ts'

/** With the client of the credentials that are stored. */
type StoredStanding = Standing & { clientId?: string }

/**
 * Who knew what is stored has the last word. Otherwise nothing gets lost that no time ends, least of all what waits for a
 * person, of two pauses the longer one counts, and a run that one of them has ended stays so, but for what the other has
 * added. What was said about a sign-in says nothing about the one that came after it.
 */
export function mergeStanding(stored: StoredStanding, change: StandingChange): Standing {
  const isOfOldSignIn =
    change.clientId !== undefined && stored.clientId !== undefined && change.clientId !== stored.clientId
  const from = isOfOldSignIn ? withoutRefusals(change.from) : change.from
  const to = isOfOldSignIn ? withoutRefusals(change.to) : change.to
  if (isSameStanding(stored, from)) return to
  return {
    status: mergeStatus(stored.status, to.status),
    backoff: mergeBackoff(stored.backoff, { from: from.backoff, to: to.backoff }),
  }
}

export function isSameStanding(a: Standing, b: Standing): boolean {
  return isDeepStrictEqual([a.status, a.backoff], [b.status, b.backoff])
}

function withoutRefusals({ status, backoff }: Standing): Standing {
  const { signInRefusals: _refusals, ...rest } = backoff
  return { status: whenSignedInAnew(status), backoff: rest }
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
  const ends = [stored, status].flatMap(({ notBefore }) => notBefore?.getTime() ?? [])
  return {
    ...(isLater ? status : stored),
    ...(ends.length > 0 && { notBefore: new Date(Math.max(...ends)) }),
    at: stored.at < status.at ? stored.at : status.at,
    ...(failedProbes > 0 && { failedProbes }),
  }
}

interface BackoffChange {
  from: Backoff
  to: Backoff
}

function mergeBackoff(stored: Backoff, { from, to }: BackoffChange): Backoff {
  const count = (of: (backoff: Backoff) => number) => mergeRun(of(stored), { from: of(from), to: of(to) })
  const signInRefusals = mergeRefusals(stored.signInRefusals, {
    from: from.signInRefusals,
    to: to.signInRefusals,
  })
  return {
    throttles: count(({ throttles }) => throttles),
    denials: count(({ denials }) => denials),
    ...(signInRefusals !== undefined && { signInRefusals }),
  }
}

/** A run that has become shorter was ended meanwhile. */
function mergeRun(stored: number, { from, to }: { from: number; to: number }): number {
  if (to < from) return to + Math.max(0, stored - from)
  return stored < from ? stored + to - from : Math.max(stored, to)
}

type Refusals = Backoff['signInRefusals']

/** What is left of a run counts from when the newer part of it began. */
function mergeRefusals(stored: Refusals, { from, to }: { from: Refusals; to: Refusals }): Refusals {
  const countOf = (refusals: Refusals) => refusals?.count ?? 0
  const count = mergeRun(countOf(stored), { from: countOf(from), to: countOf(to) })
  if (count === 0) return undefined
  const begun = [stored, to].flatMap((each) => each?.since ?? [])
  const isNewRun = (since: Date) => from !== undefined && since > from.since
  const since = begun.find(isNewRun) ?? begun.toSorted((a, b) => a.getTime() - b.getTime())[0]
  return since && { count, since }
}

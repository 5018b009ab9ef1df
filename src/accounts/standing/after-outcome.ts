/** The one function that moves an account's status by itself (design: effects of conversation/failures.ts). */
import { policyOf, type AccountEffect, type Failure } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { Account } from '../account.ts'
import { pauseAfterStrikes } from './probation.ts'
import { hasRegistrationEnded } from './registration.ts'
import {
  endOf,
  noBackoff,
  ready,
  statusAt,
  whenSignedInAnew,
  type AccountStatus,
  type DisabledByThreshold,
} from '../status.ts'

/**
 * How the work on a lent account ended. `abandoned`: the client left, which says nothing about the account; nor does
 * `spared`: the service failed for others too. `refreshed`: the sign-in service gave new tokens. `quota-read`: the service
 * told what is left of the account's credits, and until when it is used up; absent: there are credits again. `tokenVersion`
 * that the account had when the work began; absent: its present one.
 */
export type Outcome =
  | { kind: 'success' }
  | { kind: 'refreshed' }
  | { kind: 'quota-read'; exhaustedUntil?: Date }
  | { kind: 'failed'; failure: Failure; model?: string; tokenVersion?: number }
  | { kind: 'abandoned' }
  | { kind: 'spared' }

export interface Circumstances {
  /** Milliseconds since the epoch. */
  now: number
  /** From 0 up to, not including, 1. */
  random: () => number
  /** Strikes in a row at which an account is disabled. */
  maxStrikes: number
  /** Whether so few accounts were disabled lately that this one may be. All are looked at for it. */
  mayDisable(): boolean
  /** When the credits of the account's plan are renewed, as the service told when it was last asked. */
  quotaResetsAt?(): Date | undefined
  /** When the account was lent for this, in milliseconds since the epoch; absent: it was no lease. */
  lentAt?: number
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS
const MOST_COOLING_MS = MINUTE_MS
/** No wait that the service asks for is believed beyond this. */
const LONGEST_WAIT_MS = 45 * DAY_MS
const FIRST_MISCONFIGURED_MS = 15 * MINUTE_MS
const MOST_MISCONFIGURED_MS = 6 * 60 * MINUTE_MS
const SIGN_IN_TRIES = 3
const SIGN_IN_TRIES_SPAN_MS = 15 * MINUTE_MS

/** Answers the same object when nothing changed. */
export function afterOutcome(account: Account, outcome: Outcome, circumstances: Circumstances): Account {
  switch (outcome.kind) {
    case 'abandoned':
    case 'spared':
      return account
    case 'success':
      return afterSuccess(account, circumstances)
    case 'refreshed':
      return afterRefresh(account)
    case 'quota-read':
      return afterQuotaRead(account, outcome.exhaustedUntil)
    case 'failed':
      return isOfOldSignIn(account, outcome) ? account : afterFailure(account, outcome.failure, circumstances)
    default:
      return unreachable(outcome)
  }
}

/**
 * Whether it is a sign-in that failed, and the account has other credentials since: also of the same client, as when the
 * operator replaces a refresh token. What is known here may well be older than what failed.
 */
function isOfOldSignIn(
  account: Account,
  { failure, tokenVersion }: Extract<Outcome, { kind: 'failed' }>,
): boolean {
  const isAboutSignIn = policyOf(failure.kind).effect === 'need-sign-in'
  return isAboutSignIn && tokenVersion !== undefined && tokenVersion < account.tokenVersion
}

/** A success that was on its way when a pause began says nothing about that pause. */
function afterSuccess(account: Account, { now, lentAt }: Circumstances): Account {
  if (isProbe(account.status, lentAt)) return { ...account, strikes: 0, status: ready, backoff: noBackoff }
  if (statusAt(account.status, now).kind !== 'ready') {
    return account.strikes === 0 ? account : { ...account, strikes: 0 }
  }
  const { throttles, denials, signInRefusals } = account.backoff
  const settled = throttles === 0 && denials === 0 && signInRefusals === undefined
  if (account.strikes === 0 && settled && account.status.kind === 'ready') return account
  return { ...account, strikes: 0, status: ready, backoff: settled ? account.backoff : noBackoff }
}

/** Whether it was lent after it had been disabled for its strikes, to see how it is. */
function isProbe(status: AccountStatus, lentAt: number | undefined): status is DisabledByThreshold {
  if (status.kind !== 'disabled' || status.by !== 'threshold' || lentAt === undefined) return false
  return lentAt >= (status.lastFailedAt ?? status.at).getTime()
}

function afterRefresh(account: Account): Account {
  const status = whenSignedInAnew(account.status)
  const { signInRefusals, ...backoff } = account.backoff
  if (status === account.status && signInRefusals === undefined) return account
  return { ...account, status, backoff }
}

/** Moves the end of a pause that was guessed, or ends it. Whether an account is used up at all, its requests find out. */
function afterQuotaRead(account: Account, until: Date | undefined): Account {
  const { status } = account
  if (status.kind !== 'exhausted') return account
  if (until === undefined) return { ...account, status: ready }
  return until.getTime() === status.until.getTime()
    ? account
    : { ...account, status: { kind: 'exhausted', until } }
}

function afterFailure(account: Account, failure: Failure, circumstances: Circumstances): Account {
  const { now, random, maxStrikes } = circumstances
  const status = statusAt(account.status, now)
  const current = status === account.status ? account : { ...account, status }
  const { effect } = policyOf(failure.kind)
  if (isProbe(status, circumstances.lentAt) && tellsOfAccount(effect)) return failProbe(account, status, now)
  switch (effect) {
    case 'none':
    case 'pause-model':
    case 'drop-model':
      return account
    case 'cool':
      return cool(current, failure, circumstances)
    case 'exhaust':
      return pause(current, { kind: 'exhausted', until: quotaEnd(failure, circumstances) })
    case 'park':
      return settleFor(current, { kind: 'parked', ...tellOf(failure), ...refusalOf(failure) })
    case 'strike':
      return rest(strike(current, 1))
    case 'half-strike':
      return strike(current, 0.5)
    case 'misconfigure':
      return strikeOnce(misconfigure(current, failure, now))
    case 'need-sign-in':
      return strikeOnce(refuseSignIn(current, failure, now))
    default:
      return unreachable(effect)
  }

  /** One refusal is told to all who waited for it: what changes nothing any more is no further strike. */
  function strikeOnce(changed: Account): Account {
    return changed === current ? account : strike(changed, 1)
  }

  function strike(struck: Account, strikes: number): Account {
    const total = { ...struck, strikes: struck.strikes + strikes }
    // Asked last: all accounts are looked at for it.
    if (total.strikes < maxStrikes || !circumstances.mayDisable()) return total
    const end = endOf(total.status)
    const rests = end !== undefined && end > now && { notBefore: new Date(end) }
    return settleFor(total, { kind: 'disabled', by: 'threshold', at: new Date(now), ...rests })
  }

  /** What fails while a pause lasts began before it. An answer that broke off says too little of the next one for a pause. */
  function rest(struck: Account): Account {
    const pauseMs = struck.status.kind === 'ready' ? pauseAfterStrikes(struck.strikes, random) : undefined
    if (pauseMs === undefined) return struck
    return { ...struck, status: { kind: 'cooling', until: new Date(now + pauseMs), why: 'failing' } }
  }
}

function tellOf({ message, fault }: Failure): { why: string; fault?: string } {
  return { why: message, ...(fault !== undefined && { fault }) }
}

function refusalOf({ kind }: Failure): { fault?: 'suspended' | 'shut-out' } {
  if (kind === 'suspended') return { fault: 'suspended' }
  return kind === 'feature-gated' ? { fault: 'shut-out' } : {}
}

/** It waits the longer for its next probe. */
function failProbe(account: Account, status: DisabledByThreshold, now: number): Account {
  const failedProbes = (status.failedProbes ?? 0) + 1
  return { ...account, status: { ...status, failedProbes, lastFailedAt: new Date(now) } }
}

/** A suspended account is parked all the same; what is about the model or about us says nothing. */
function tellsOfAccount(effect: AccountEffect): boolean {
  switch (effect) {
    case 'none':
    case 'pause-model':
    case 'drop-model':
    case 'park':
      return false
    case 'cool':
    case 'exhaust':
    case 'strike':
    case 'half-strike':
    case 'misconfigure':
    case 'need-sign-in':
      return true
    default:
      return unreachable(effect)
  }
}

/** Failures that end while a pause lasts began before it: they do not lengthen the next one. */
function cool(account: Account, { retryAfterSeconds }: Failure, { now, random }: Circumstances): Account {
  const { throttles } = account.backoff
  const rests = account.status.kind === 'cooling'
  const waitMs =
    retryAfterSeconds === undefined
      ? random() * Math.min(SECOND_MS * 2 ** throttles, MOST_COOLING_MS)
      : Math.min(retryAfterSeconds * SECOND_MS, LONGEST_WAIT_MS)
  if (rests && retryAfterSeconds === undefined) return account
  const backoff = rests ? account.backoff : { ...account.backoff, throttles: throttles + 1 }
  return pause({ ...account, backoff }, { kind: 'cooling', until: new Date(now + waitMs), why: 'throttled' })
}

function misconfigure(account: Account, failure: Failure, now: number): Account {
  if (account.status.kind === 'misconfigured') return account
  const { denials } = account.backoff
  const waitMs = Math.min(FIRST_MISCONFIGURED_MS * 2 ** denials, MOST_MISCONFIGURED_MS)
  const { forOperator } = failure
  const backoff = { ...account.backoff, denials: denials + 1 }
  const until = new Date(now + waitMs)
  return pause(
    { ...account, backoff },
    { kind: 'misconfigured', until, ...tellOf(failure), ...(forOperator !== undefined && { forOperator }) },
  )
}

/**
 * One refusal may be about a refresh token that somebody else has just used; only several over some time are believed.
 * So it is with a client that the service calls unknown: that does not heal, but one wrong answer should not cost a
 * sign-in. Where our own record says too that the registration has ended, nothing is left to find out.
 */
function refuseSignIn(account: Account, failure: Failure, now: number): Account {
  const { status } = account
  const isKnown =
    status.kind === 'needs-sign-in' || (status.kind === 'cooling' && status.why === 'sign-in-refused')
  if (isKnown) return account
  const { count, since } = account.backoff.signInRefusals ?? { count: 0, since: new Date(now) }
  const counted = {
    ...account,
    backoff: { ...account.backoff, signInRefusals: { count: count + 1, since } },
  }
  const isHopeless = account.fingerprints.refreshToken === undefined || hasRegistrationEnded(account, now)
  const isBelieved = count + 1 >= SIGN_IN_TRIES && now - since.getTime() >= SIGN_IN_TRIES_SPAN_MS
  if (isHopeless || isBelieved) {
    return settleFor(counted, { kind: 'needs-sign-in', ...tellOf(failure) })
  }
  const until = new Date(now + SIGN_IN_TRIES_SPAN_MS / (SIGN_IN_TRIES - 1))
  return pause(counted, { kind: 'cooling', until, why: 'sign-in-refused' })
}

/**
 * The date of the refusal, which may be about a day alone; else that of the plan; else the first of the next month UTC, when
 * quotas are renewed.
 */
function quotaEnd({ retryAfterSeconds }: Failure, circumstances: Circumstances): Date {
  const { now } = circumstances
  if (retryAfterSeconds !== undefined) {
    return new Date(now + Math.min(retryAfterSeconds * SECOND_MS, LONGEST_WAIT_MS))
  }
  const renewal = circumstances.quotaResetsAt?.()
  if (renewal !== undefined && renewal.getTime() > now) return renewal
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1))
}

/** A pause by time: of two the longer one counts, and it never softens what waits for a person. */
function pause(account: Account, status: AccountStatus & { until: Date }): Account {
  const current = account.status
  if (current.kind === 'ready') return { ...account, status }
  const end = endOf(current)
  return end !== undefined && end < status.until.getTime() ? { ...account, status } : account
}

/** What no time ends. Of those the first one stays, but for one that needs a person over one that does not. */
function settleFor(account: Account, status: AccountStatus): Account {
  switch (account.status.kind) {
    case 'ready':
    case 'cooling':
    case 'exhausted':
    case 'misconfigured':
      return { ...account, status }
    case 'needs-sign-in':
      return status.kind === 'parked' ? { ...account, status } : account
    case 'disabled':
      return account.status.by === 'threshold' && status.kind === 'parked' ? { ...account, status } : account
    case 'parked':
      return account
    default:
      return unreachable(account.status)
  }
}

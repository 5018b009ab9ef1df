/**
 * How an account is trusted again after a pause. Its first request after the pause is a probe: until the service has
 * answered it, no other follows. And it is watched until it has been well for a while, so that one that comes and goes
 * changes its state, and alarms somebody, once and not with every turn. The pause itself is the status's business.
 * Pure; times are milliseconds since the epoch.
 */
export interface Probation {
  /** When the account fell out of favour. */
  since: number
  /** When it last failed. */
  failedAt: number
  probe: { kind: 'due' } | { kind: 'out'; sentAt: number } | { kind: 'passed'; at: number }
}

/** Without a failure for so long, an account is no longer watched. */
const WELL_AFTER_MS = 60_000
/** A probe that is not answered by then says nothing; another may go. */
const PROBE_PATIENCE_MS = 20_000

const STRIKES_TO_PAUSE = 3
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5000

/** A pause begins. Failures that end while it lasts began before it, and are not told here. */
export function afterPause(probation: Probation | undefined, now: number): Probation {
  return { since: probation?.since ?? now, failedAt: now, probe: { kind: 'due' } }
}

/** A failure that leads to no pause: one that is watched has to be well anew. */
export function afterLightFailure(probation: Probation | undefined, now: number): Probation | undefined {
  return probation && { ...probation, failedAt: now }
}

/** Until when nobody else may be lent the account, unless its probe is answered before; undefined: somebody may now. */
export function blockedUntil(probation: Probation | undefined, now: number): number | undefined {
  if (probation?.probe.kind !== 'out') return undefined
  const end = probation.probe.sentAt + PROBE_PATIENCE_MS
  return end > now ? end : undefined
}

export function afterLent(probation: Probation | undefined, now: number): Probation | undefined {
  if (probation === undefined || probation.probe.kind === 'passed') return probation
  return { ...probation, probe: { kind: 'out', sentAt: now } }
}

/** The service has begun to answer a request that was lent the account at `lentAt`. One from before the failure proves nothing. */
export function afterAnswer(
  probation: Probation | undefined,
  { lentAt, now }: { lentAt: number; now: number },
): Probation | undefined {
  if (probation === undefined) return probation
  // What fails while the probe is out began before it, and says nothing against its answer.
  const isProbe = probation.probe.kind === 'out' && probation.probe.sentAt === lentAt
  if (!isProbe && lentAt < probation.failedAt) return probation
  return probation.probe.kind === 'passed' ? probation : { ...probation, probe: { kind: 'passed', at: now } }
}

/** The request that was lent the account at `lentAt` ended without a word about it: if it was the probe, another may go. */
export function afterNoWord(probation: Probation | undefined, lentAt: number): Probation | undefined {
  const isProbe = probation?.probe.kind === 'out' && probation.probe.sentAt === lentAt
  return isProbe ? { ...probation, probe: { kind: 'due' } } : probation
}

/** Undefined: the account has been well for long enough. */
export function probationAt(probation: Probation | undefined, now: number): Probation | undefined {
  if (probation?.probe.kind !== 'passed') return probation
  return now >= Math.max(probation.failedAt, probation.probe.at) + WELL_AFTER_MS ? undefined : probation
}

/**
 * How long an account rests that does nothing but fail, in milliseconds, by its strikes in a row. Undefined: not at all, as
 * anything may fail once. `random` answers from 0 up to, not including, 1.
 */
export function pauseAfterStrikes(strikes: number, random: () => number): number | undefined {
  if (strikes < STRIKES_TO_PAUSE) return undefined
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.floor(strikes - STRIKES_TO_PAUSE), LONGEST_PAUSE_MS)
  return pauseMs * (0.5 + random() / 2)
}

/** Keeps the score: what the end of the work on an account does to its status, its counters and its probation. */
import type { Clock } from '../../clock.ts'
import { afterOutcome, type Outcome } from '../standing/after-outcome.ts'
import type { Account } from '../account.ts'
import { standingOf, type Counters } from '../standing/counters.ts'
import { mayDisableOneMore } from '../standing/disabling-limit.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import type { ModelPauses } from '../standing/model-pauses.ts'
import {
  afterAnswer,
  afterLightFailure,
  afterNoWord,
  afterPause,
  probationAt,
} from '../standing/probation.ts'
import type { Probation } from '../standing/probation.ts'
import { resetsAt } from '../quota.ts'
import { statusAt } from '../status.ts'

export interface Score {
  /** `lentAt`: when the account was lent, in milliseconds since the epoch; absent: it was not. */
  note(entry: Entry, outcome: Outcome, lentAt?: number): void
  /** The service has begun to answer. */
  noteAnswered(entry: Entry, lentAt: number): void
}

interface ScoreParts {
  entries: Entries
  counters: Pick<Counters, 'countSuccess' | 'countStrikes' | 'noteStanding' | 'flush'>
  pauses: Pick<ModelPauses, 'note'>
  /** The service refused the account a model that it was thought to have. */
  onModelRefused: (accountId: string) => void
  /** The account may be used otherwise than before. */
  onChange: (entry: Entry) => void
  clock: Pick<Clock, 'now'>
  random: () => number
  limits: { readonly maxStrikes: number }
}

export function createScore(parts: ScoreParts): Score {
  const { entries, counters, pauses, clock, random, limits } = parts

  function note(entry: Entry, outcome: Outcome, lentAt?: number): void {
    const { account: before, probation } = entry
    const { id } = before
    const now = clock.now()
    const circumstances = {
      now,
      random,
      maxStrikes: limits.maxStrikes,
      ...(lentAt !== undefined && { lentAt }),
      mayDisable: () => mayDisableOneMore(accountsOf(entries), now),
      quotaResetsAt: () => entry.quota && resetsAt(entry.quota),
    }
    const after = afterOutcome(before, outcome, circumstances)
    entry.probation = probationAfter(entry.probation, { outcome, before, after, lentAt, now })
    const next = outcome.kind === 'success' ? { ...after, successes: after.successes + 1 } : after
    if (outcome.kind === 'success') counters.countSuccess(id)
    if (after.strikes > before.strikes) counters.countStrikes(id, after.strikes - before.strikes)
    const isAboutModel = outcome.kind === 'failed' && outcome.model !== undefined
    if (isAboutModel) noteModel(id, outcome)
    const isChanged = after.status !== before.status || after.backoff !== before.backoff
    // Counters alone are not worth a new list of accounts.
    entry.account = next
    if (isChanged) {
      entries.set(next)
      noteStanding(before, after)
    }
    if (isChanged || isAboutModel || entry.probation !== probation) parts.onChange(entry)
  }

  function noteModel(id: string, { failure, model = '' }: Extract<Outcome, { kind: 'failed' }>): void {
    pauses.note(id, model, failure)
    if (failure.kind === 'model-not-found') parts.onModelRefused(id)
  }

  function noteStanding(before: Account, after: Account): void {
    const { id, clientId } = after
    counters.noteStanding(id, { from: standingOf(before), to: standingOf(after), clientId })
    // What only a person ends is worth a write of its own: a crash must not bring a suspended account back.
    if (!('until' in after.status) && after.status.kind !== 'ready') void counters.flush()
  }

  return {
    note(entry, outcome, lentAt) {
      if (entries.get(entry.account.id) === entry) note(entry, outcome, lentAt)
    },
    noteAnswered(entry, lentAt) {
      const { probation } = entry
      entry.probation = afterAnswer(probation, { lentAt, now: clock.now() })
      if (entry.probation !== probation) parts.onChange(entry)
    },
  }
}

function* accountsOf(entries: Entries): Generator<Account> {
  for (const { account } of entries.all()) yield account
}

interface Ending {
  outcome: Outcome
  before: Account
  after: Account
  lentAt: number | undefined
  now: number
}

/** What says nothing about the account leaves another probe to be sent, if this was one. */
function probationAfter(probation: Probation | undefined, ending: Ending): Probation | undefined {
  const { outcome, before, after, lentAt, now } = ending
  const current = probationAt(probation, now)
  const isReady = ({ status }: Account) => statusAt(status, now).kind === 'ready'
  if (outcome.kind === 'success') return afterAnswer(current, { lentAt: lentAt ?? now, now })
  if (outcome.kind === 'refreshed') return current
  const otherwise = lentAt === undefined ? current : afterNoWord(current, lentAt)
  if (outcome.kind !== 'failed') return otherwise
  // What fails while a pause lasts began before it.
  if (!isReady(before)) return current
  if (!isReady(after)) return afterPause(current, now)
  return after.strikes > before.strikes ? afterLightFailure(otherwise, now) : otherwise
}

/** Lends accounts: at once where one is ready, else in fair turns; and takes them back. */
import type { Clock } from '../../clock.ts'
import type { Outcome } from '../standing/after-outcome.ts'
import type { Assessment } from './assessment.ts'
import { keyHasNoRoom } from '../standing/availability.ts'
import type { createChoosing } from './choosing.ts'
import { explain } from './considerations.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import { createFairQueue, type Asker } from './fair-queue.ts'
import { createGrants, hasBegun, NO_KEY, type Grant } from './grants.ts'
import type { ModelPauses } from '../standing/model-pauses.ts'
import { createOutlook } from './outlook.ts'
import type { Lease, LeaseWishes, PoolLimits } from './pool.ts'
import type { ReadyIndex, Wanted } from './ready-index.ts'
import type { Score } from './score.ts'
import type { Sessions } from './sessions.ts'
import type { Slots } from '../slots/slots.ts'
import { createWakeUp } from './wake-up.ts'

export interface Lending {
  lease(wishes: LeaseWishes): Promise<Lease | undefined>
  /** Whatever its status and its limit. */
  leaseOne(entry: Entry, model: string | undefined): Lease
  /** Something about the account, or of any, has changed: who waits may be served by it. */
  offer(accountId?: string): void
  /** Until some account is ready for the model and the model has room; undefined when that is so, or time will not help. */
  retryAfterSeconds(wanted: Wanted): number | undefined
  /** How many requests wait for an account. */
  waiting(): number
  /** When the request was lent its account that has had one for the longest; undefined: none has. */
  oldestLentAt(): number | undefined
}

interface LendingParts {
  entries: Entries
  assessment: Assessment
  index: ReadyIndex
  choose: ReturnType<typeof createChoosing>
  pauses: Pick<ModelPauses, 'pausedUntil' | 'noteSuccess' | 'droppedUntil'>
  score: Score
  sessions: Pick<Sessions, 'noteLent'> | undefined
  slots: Slots | undefined
  clock: Clock
  limits: PoolLimits
}

export function createLending(parts: LendingParts): Lending {
  const { entries, assessment, index, choose, pauses, score, sessions, slots, clock, limits } = parts
  const grants = createGrants({ assessment, index, slots, clock, limits })
  const outlookFor = createOutlook({ entries, index, pauses, clock })
  const wakeUp = createWakeUp({ index, pauses, clock, wake: () => offer() })
  const queue = createFairQueue<Grant>({
    clock,
    limits,
    limitOfKey: (key) => grants.limitOfKey(key),
    giveBack: undo,
  })
  slots?.onRelease(() => {
    index.touchTakenElsewhere()
    queue.offer()
  })

  function take(wishes: LeaseWishes, accountId?: string): Grant | undefined {
    // A request that has begun already waits for itself, and goes on.
    const isPaused =
      wishes.model !== undefined && !hasBegun(wishes) && pauses.pausedUntil(wishes.model) !== undefined
    const chosen = isPaused ? undefined : choose(wishes, accountId)
    return chosen && grants.grant(chosen, wishes)
  }

  function undo(grant: Grant): void {
    grants.undo(grant)
    release(grant)
  }

  function release({ entry, wishes }: Grant): void {
    queue.release(wishes.key ?? NO_KEY, entry.account.id)
  }

  async function lend(grant: Grant): Promise<Lease | undefined> {
    const { entry, wishes } = grant
    let hasSlots = false
    try {
      hasSlots = await grants.takeSlots(grant)
    } finally {
      if (!hasSlots) undo(grant)
    }
    if (!hasSlots) return undefined
    if (wishes.session !== undefined) sessions?.noteLent(wishes.session, entry.account.id)
    return leaseOf(grant, () => release(grant))
  }

  function leaseOf(grant: Grant, whenReturned: () => void): Lease {
    const { entry, placement, rules, wishes, lentAt } = grant
    const { model } = wishes
    let settled = false
    return {
      account: entry.account,
      placement,
      ...(rules !== undefined && { choice: { rules, ...standingOf(entry) } }),
      explain: () =>
        explain(entries.all(), assessment, { ...wishes, chosen: entry, isReady: index.listed(wishes) }),
      noteAnswered: () => score.noteAnswered(entry, lentAt),
      settle(outcome) {
        if (settled) return
        settled = true
        grants.takeBack(grant)
        score.note(entry, withModel(outcome, model), lentAt)
        if (outcome.kind === 'success' && model !== undefined) noteModelServed(entry, model, lentAt)
        whenReturned()
      },
    }
  }

  function noteModelServed(entry: Entry, model: string, lentAt: number): void {
    const { id } = entry.account
    const wasHeldUp = pauses.pausedUntil(model) ?? pauses.droppedUntil(id, model)
    pauses.noteSuccess(id, model, lentAt)
    if (wasHeldUp === undefined) return
    index.touch(entry)
    offer()
  }

  async function lease(wishes: LeaseWishes): Promise<Lease | undefined> {
    const { key = NO_KEY, signal } = wishes
    grants.noteLimit(wishes)
    const asker: Asker<Grant> = {
      key,
      take: (accountId) => take(wishes, accountId),
      waitMs: 0,
      hasBegun: hasBegun(wishes),
      signal,
    }
    const lastMoment = clock.now() + limits.waitMs
    for (;;) {
      const answer = await queue.acquire(asker)
      const granted =
        answer.kind === 'granted' ? answer : await askAgain(asker, wishes, { lastMoment, ...answer })
      if (granted === undefined) return undefined
      const lent = await lend(granted.grant)
      if (lent !== undefined) return lent
    }
  }

  /** Undefined: a further attempt does not wait. Throws why nobody can serve it. */
  async function askAgain(
    asker: Asker<Grant>,
    wishes: LeaseWishes,
    { lastMoment, because }: { lastMoment: number; because: 'none-ready' | 'key-limit' },
  ) {
    if (hasBegun(wishes)) {
      // Before the client is told of a failure, it is made sure that nobody else has the model.
      index.doubt(wishes)
      const answer = await queue.acquire(asker)
      return answer.kind === 'granted' ? answer : undefined
    }
    const outlook = outlookFor(wishes)
    if (because === 'none-ready' && !outlook.isReadyBy(lastMoment)) throw outlook.refusal()
    index.doubt(wishes)
    return waitFor(asker, wishes, lastMoment)
  }

  async function waitFor(asker: Asker<Grant>, wishes: LeaseWishes, lastMoment: number) {
    const leave = wakeUp.join(wishes.model)
    const waiting = queue.acquire({ ...asker, waitMs: Math.max(0, lastMoment - clock.now()) })
    wakeUp.arm()
    try {
      const answer = await waiting
      if (answer.kind === 'granted') return answer
      throw answer.because === 'key-limit'
        ? keyHasNoRoom(grants.fullLimitOfKey(asker.key))
        : outlookFor(wishes).refusal()
    } finally {
      leave()
      wakeUp.arm()
    }
  }

  function offer(accountId?: string): void {
    if (!wakeUp.isWanted()) return
    queue.offer(accountId)
    wakeUp.arm()
  }

  return {
    lease,
    leaseOne(entry, model) {
      const grant = grants.grant({ entry, placement: 'anywhere' }, { ...(model !== undefined && { model }) })
      return leaseOf(grant, () => offer(entry.account.id))
    },
    offer,
    retryAfterSeconds: (wanted) => outlookFor(wanted).retryAfterSeconds(),
    waiting: () => queue.waiting(),
    oldestLentAt: () => grants.oldestLentAt(),
  }
}

/** What strategies look at, when an account has just been lent. */
function standingOf({ account: { settings }, leases, quotaLeft }: Entry) {
  return {
    underWay: Math.max(0, leases - 1),
    priority: settings.priority,
    weight: settings.weight,
    ...(quotaLeft !== undefined && Number.isFinite(quotaLeft) && { quotaLeft }),
  }
}

function withModel(outcome: Outcome, model: string | undefined): Outcome {
  return outcome.kind === 'failed' && model !== undefined ? { model, ...outcome } : outcome
}

/** Lends accounts: at once where one is ready, else in fair turns; and takes them back. */
import type { Cancel, Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { Outcome } from './after-outcome.ts'
import type { Assessment } from './assessment.ts'
import {
  keyHasNoRoom,
  nobodyReady,
  noneEnabled,
  retryAfterSeconds,
  soonestOf,
  type Availability,
} from './availability.ts'
import type { createChoosing } from './choosing.ts'
import { explain, type PlacementKind } from './considerations.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import { createFairQueue, type Asker } from './fair-queue.ts'
import type { LazySelection } from './lazy-selection.ts'
import type { ModelPauses } from './model-pauses.ts'
import type { Lease, LeaseWishes, PoolLimits } from './pool.ts'
import { afterLent, afterNoWord } from './probation.ts'
import type { ReadyIndex } from './ready-index.ts'
import type { Score } from './score.ts'
import type { Sessions } from './sessions.ts'
import type { Slots } from './slots.ts'
import { takeInTime } from './take-in-time.ts'

export interface Lending {
  lease(wishes: LeaseWishes): Promise<Lease | undefined>
  /** Whatever its status and its limit. */
  leaseOne(entry: Entry, model: string | undefined): Lease
  /** Something about the account, or of any, has changed: who waits may be served by it. */
  offer(accountId?: string): void
  /** Of all that take part. */
  availabilities(model: string | undefined): Availability[]
}

interface LendingParts {
  entries: Entries
  assessment: Assessment
  index: ReadyIndex
  lazy: LazySelection
  choose: ReturnType<typeof createChoosing>
  pauses: Pick<ModelPauses, 'pausedUntil' | 'noteSuccess' | 'droppedUntil'>
  score: Score
  sessions: Pick<Sessions, 'noteLent'> | undefined
  slots: Slots | undefined
  clock: Clock
  limits: PoolLimits
}

interface Grant {
  entry: Entry
  placement: PlacementKind
  wishes: LeaseWishes
  lentAt: number
  /** Cross-process slots that it holds. */
  slots: string[]
}

/** Of requests whose sender nobody told. */
const NO_KEY = ''
/** Nobody waits for so long, and a timer of a month would overflow. */
const LONGEST_TIMER_MS = 60_000
const slotOfKey = (key: string) => `key ${key}`
const hasBegun = ({ exclude }: LeaseWishes) => exclude !== undefined && exclude.size > 0

export function createLending(parts: LendingParts): Lending {
  const { entries, assessment, index, lazy, choose, pauses, score, sessions, slots, clock, limits } = parts
  /** Models that are waited for, each as often as it is. */
  const awaited: (string | undefined)[] = []
  /** What other processes have all of. */
  const takenElsewhere = new Set<Entry>()
  let cancelTimer: Cancel | undefined
  /** In milliseconds since the epoch. */
  let armedFor = Number.POSITIVE_INFINITY

  const queue = createFairQueue<Grant>({
    clock,
    maxLength: limits.maxWaiting,
    limitOfKey(key) {
      const limit = limits.keyConcurrency
      return slots?.wasRefused(slotOfKey(key), limit) === true ? 0 : limit
    },
    giveBack: undo,
  })
  slots?.onRelease(() => {
    for (const entry of takenElsewhere) {
      if (!wasRefused(entry)) takenElsewhere.delete(entry)
      index.touch(entry)
    }
    queue.offer()
  })

  function wasRefused({ account }: Entry): boolean {
    return slots?.wasRefused(account.id, assessment.limitOf(account)) === true
  }

  /** Undefined: the request may go to an account at once, as far as the model is concerned. */
  function pauseOf(wishes: LeaseWishes): number | undefined {
    // A request that has begun already waits for itself, and goes on.
    return wishes.model === undefined || hasBegun(wishes) ? undefined : pauses.pausedUntil(wishes.model)
  }

  function take(wishes: LeaseWishes, accountId?: string): Grant | undefined {
    lazy.renew()
    if (pauseOf(wishes) !== undefined) return undefined
    const chosen = choose(wishes, accountId)
    return chosen && grantOf(chosen.entry, chosen.placement, wishes)
  }

  function grantOf(entry: Entry, placement: PlacementKind, wishes: LeaseWishes): Grant {
    const lentAt = clock.now()
    const { probation } = entry
    // The operator may be lent one that rests: that is no probe.
    if (probation !== undefined && assessment.of(entry, undefined).kind === 'ready') {
      entry.probation = afterLent(probation, lentAt)
    }
    entry.leases += 1
    if (entry.probation !== probation || isFull(entry)) index.touch(entry)
    return { entry, placement, wishes, lentAt, slots: [] }
  }

  const isFull = ({ account, leases }: Entry) => leases >= assessment.limitOf(account)

  /** The account is free again; those who wait are not told yet. */
  function takeBack({ entry, slots: held }: Grant): void {
    const wasFull = isFull(entry)
    entry.leases -= 1
    for (const slot of held) slots?.release(slot)
    if (wasFull) index.touch(entry)
  }

  function undo(grant: Grant): void {
    const { entry, lentAt, wishes } = grant
    entry.probation = afterNoWord(entry.probation, lentAt)
    takeBack(grant)
    index.touch(entry)
    queue.release(wishes.key ?? NO_KEY, entry.account.id)
  }

  /** Whether other processes leave room for it, too. */
  async function takeSlots({ entry, wishes, slots: held, lentAt }: Grant): Promise<boolean> {
    if (slots === undefined) return true
    const { key = NO_KEY, signal } = wishes
    const wait = { clock, signal, lastMoment: lentAt + limits.waitMs }
    const { keyConcurrency } = limits
    const needed: [string, number][] = [[entry.account.id, assessment.limitOf(entry.account)]]
    if (!hasBegun(wishes)) needed.unshift([slotOfKey(key), keyConcurrency])
    for (const [slot, limit] of needed) {
      if (limit === Number.POSITIVE_INFINITY) continue
      if (!(await takeInTime(slots, { accountId: slot, limit }, wait))) return false
      held.push(slot)
    }
    return true
  }

  async function lend(grant: Grant): Promise<Lease | undefined> {
    const { entry, wishes } = grant
    let hasSlots = false
    try {
      hasSlots = await takeSlots(grant)
    } finally {
      if (!hasSlots) {
        if (wasRefused(entry)) takenElsewhere.add(entry)
        undo(grant)
      }
    }
    if (!hasSlots) return undefined
    if (wishes.session !== undefined) sessions?.noteLent(wishes.session, entry.account.id)
    return leaseOf(grant, () => queue.release(wishes.key ?? NO_KEY, entry.account.id))
  }

  function leaseOf(grant: Grant, release: () => void): Lease {
    const { entry, placement, wishes, lentAt } = grant
    const { model } = wishes
    let settled = false
    return {
      account: entry.account,
      placement,
      explain: () => explain(entries.all(), assessment, { ...wishes, chosen: entry }),
      noteAnswered: () => score.noteAnswered(entry, lentAt),
      settle(outcome) {
        if (settled) return
        settled = true
        takeBack(grant)
        score.note(entry, withModel(outcome, model), lentAt)
        if (outcome.kind === 'success' && model !== undefined) noteModelServed(entry, model, lentAt)
        release()
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
        answer.kind === 'granted' ? answer : await waitFor(asker, wishes, { lastMoment, ...answer })
      if (granted === undefined) return undefined
      const lent = await lend(granted.grant)
      if (lent !== undefined) return lent
    }
  }

  /** Undefined: a further attempt does not wait. Throws why nobody can serve it. */
  async function waitFor(
    asker: Asker<Grant>,
    wishes: LeaseWishes,
    { lastMoment, because }: { lastMoment: number; because: 'none-ready' | 'key-limit' },
  ) {
    if (hasBegun(wishes)) return undefined
    const isWorthIt = because === 'key-limit' || isReadyBy(lastMoment, wishes)
    if (!isWorthIt) throw refusalOf(wishes)
    index.doubt(wishes.model)
    awaited.push(wishes.model)
    const waiting = queue.acquire({ ...asker, waitMs: Math.max(0, lastMoment - clock.now()) })
    arm()
    try {
      const answer = await waiting
      if (answer.kind === 'granted') return answer
      throw answer.because === 'key-limit' ? keyHasNoRoom(limits.keyConcurrency) : refusalOf(wishes)
    } finally {
      awaited.splice(awaited.indexOf(wishes.model), 1)
      arm()
    }
  }

  function availabilities(model: string | undefined): Availability[] {
    const all: Availability[] = []
    for (const entry of entries.all()) if (assessment.takesPart(entry)) all.push(assessment.of(entry, model))
    return all
  }

  /** A busy account has room again nobody knows when, and a probe is answered nobody knows when. */
  function isReadyBy(lastMoment: number, wishes: LeaseWishes): boolean {
    const pausedUntil = pauseOf(wishes)
    if (pausedUntil !== undefined) return pausedUntil <= lastMoment
    const all = availabilities(wishes.model)
    const isOpen = all.some(({ kind }) => kind === 'ready' || kind === 'busy' || kind === 'probing')
    return isOpen || (soonestOf(all) ?? Number.POSITIVE_INFINITY) <= lastMoment
  }

  function refusalOf(wishes: LeaseWishes): GatewayError {
    const now = clock.now()
    const { model } = wishes
    const pausedUntil = pauseOf(wishes)
    if (entries.enabled().length === 0) return noneEnabled(entries.size > 0)
    if (pausedUntil === undefined) return nobodyReady(availabilities(model), { model, now })
    return new GatewayError(
      'capacity',
      'Amazon Q has no capacity left for this model at the moment. Send the request again later, or choose another model.',
      { retryAfterSeconds: retryAfterSeconds(pausedUntil - now) },
    )
  }

  /**
   * One timer for all who wait: at the soonest end of a pause. One that is set is never put off: what has become ready in
   * this moment may have been noticed by somebody who needed something else.
   */
  function arm(): void {
    if (awaited.length === 0) return disarm()
    const pauseEnds = awaited.flatMap((model) =>
      model === undefined ? [] : (pauses.pausedUntil(model) ?? []),
    )
    const next = Math.min(index.nextChange(), ...pauseEnds)
    if (next >= armedFor) return
    disarm()
    armedFor = next
    const waitMs = Math.min(Math.max(1, next - clock.now()), LONGEST_TIMER_MS)
    cancelTimer = clock.after(waitMs, () => {
      armedFor = Number.POSITIVE_INFINITY
      offer()
    })
  }

  function disarm(): void {
    cancelTimer?.()
    cancelTimer = undefined
    armedFor = Number.POSITIVE_INFINITY
  }

  function offer(accountId?: string): void {
    if (awaited.length === 0) return
    lazy.renew()
    queue.offer(accountId)
    arm()
  }

  return {
    lease,
    leaseOne(entry, model) {
      const grant = grantOf(entry, 'anywhere', { ...(model !== undefined && { model }) })
      return leaseOf(grant, () => offer(entry.account.id))
    },
    offer,
    availabilities,
  }
}

function withModel(outcome: Outcome, model: string | undefined): Outcome {
  return outcome.kind === 'failed' && model !== undefined ? { model, ...outcome } : outcome
}

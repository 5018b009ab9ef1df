/** Counts who has which account: what a request holds from when an account is chosen for it until it gives that back. */
import type { Clock } from '../../clock.ts'
import type { Assessment } from './assessment.ts'
import type { Chosen } from './choosing.ts'
import type { PlacementKind } from './considerations.ts'
import type { Entry } from './entry.ts'
import type { LeaseWishes, PoolLimits } from './pool.ts'
import { afterLent, afterNoWord } from '../standing/probation.ts'
import type { ReadyIndex } from './ready-index.ts'
import type { Slots } from '../slots/slots.ts'
import { takeInTime } from '../slots/take-in-time.ts'

export interface Grant {
  entry: Entry
  placement: PlacementKind
  rules: readonly string[] | undefined
  wishes: LeaseWishes
  lentAt: number
  /** Cross-process slots that it holds. */
  slots: string[]
}

export interface Grants {
  grant(chosen: Chosen, wishes: LeaseWishes): Grant
  /** Whether other processes leave room for it, too. Throws `client-gone` and `overloaded-here`. */
  takeSlots(grant: Grant): Promise<boolean>
  /** The account is free again; those who wait are not told yet. */
  takeBack(grant: Grant): void
  /** When the one was granted that has been held for the longest, in milliseconds since the epoch; undefined: none is. */
  oldestLentAt(): number | undefined
  /** As if it had never been granted. */
  undo(grant: Grant): void
  /** How much the key may have under way now. */
  limitOfKey(key: string): number
  /** How much it may have at all. */
  fullLimitOfKey(key: string): number
  /** By its last request each key tells its own limit, which may have been changed. */
  noteLimit(wishes: LeaseWishes): void
}

interface GrantsParts {
  assessment: Pick<Assessment, 'of' | 'limitOf'>
  index: Pick<ReadyIndex, 'touch' | 'rerank'>
  slots: Slots | undefined
  clock: Clock
  limits: Pick<PoolLimits, 'waitMs' | 'keyConcurrency'>
}

/** Of requests whose sender nobody told. */
export const NO_KEY = ''
const slotOfKey = (key: string) => `key ${key}`

/** A request that has tried an account goes on with what its key has under way. */
export function hasBegun({ exclude }: LeaseWishes): boolean {
  return exclude !== undefined && exclude.size > 0
}

export function createGrants({ assessment, index, slots, clock, limits }: GrantsParts): Grants {
  const isFull = ({ account, leases }: Entry) => leases >= assessment.limitOf(account)
  /** Those that are held, the oldest first. */
  const held = new Set<Grant>()
  /** Of keys that have a limit of their own. */
  const ownLimits = new Map<string, number>()
  const fullLimitOfKey = (key: string) => ownLimits.get(key) ?? limits.keyConcurrency

  function takeBack(grant: Grant): void {
    const { entry, slots: taken } = grant
    const wasFull = isFull(entry)
    held.delete(grant)
    entry.leases -= 1
    for (const slot of taken) slots?.release(slot)
    if (wasFull) index.touch(entry)
    else index.rerank(entry)
  }

  return {
    grant({ entry, placement, rules }, wishes) {
      const lentAt = clock.now()
      const { probation } = entry
      // The operator may be lent one that rests: that is no probe.
      if (probation !== undefined && assessment.of(entry, undefined).kind === 'ready') {
        entry.probation = afterLent(probation, lentAt)
      }
      entry.leases += 1
      if (entry.probation !== probation || isFull(entry)) index.touch(entry)
      else index.rerank(entry)
      const grant: Grant = { entry, placement, rules, wishes, lentAt, slots: [] }
      held.add(grant)
      return grant
    },
    async takeSlots({ entry, wishes, slots: taken, lentAt }) {
      if (slots === undefined) return true
      const { key = NO_KEY, signal } = wishes
      const wait = { clock, signal, lastMoment: lentAt + limits.waitMs }
      const needed: [string, number][] = [[entry.account.id, assessment.limitOf(entry.account)]]
      if (!hasBegun(wishes)) needed.unshift([slotOfKey(key), fullLimitOfKey(key)])
      for (const [slot, limit] of needed) {
        if (limit === Number.POSITIVE_INFINITY) continue
        if (!(await takeInTime(slots, { accountId: slot, limit }, wait))) return false
        taken.push(slot)
      }
      return true
    },
    takeBack,
    oldestLentAt: () => held.values().next().value?.lentAt,
    undo(grant) {
      const { entry, lentAt } = grant
      entry.probation = afterNoWord(entry.probation, lentAt)
      takeBack(grant)
      index.touch(entry)
    },
    limitOfKey(key) {
      const limit = fullLimitOfKey(key)
      return slots?.wasRefused(slotOfKey(key), limit) === true ? 0 : limit
    },
    fullLimitOfKey,
    noteLimit({ key = NO_KEY, keyConcurrency }) {
      if (keyConcurrency !== undefined) ownLimits.set(key, keyConcurrency)
      else if (ownLimits.size > 0) ownLimits.delete(key)
    },
  }
}

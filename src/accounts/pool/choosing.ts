/** Chooses the account for a request: its conversation's own where that can serve it, else one by the strategy. */
import { unreachable } from '../../conversation/unreachable.ts'
import { hasTagOf } from '../account.ts'
import type { Assessment } from './assessment.ts'
import type { PlacementKind } from './considerations.ts'
import type { DueProbes } from './due-probes.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import type { LeaseWishes, PoolLimits } from './pool.ts'
import type { ReadyIndex } from './ready-index.ts'
import type { SessionRef } from './session-ref.ts'
import type { Sessions } from './sessions.ts'
import { ready as readyStatus } from '../status.ts'

export interface Chosen {
  entry: Entry
  placement: PlacementKind
  /** Where the strategy chose it: by what. */
  rules?: readonly string[] | undefined
}

interface ChoosingParts {
  entries: Entries
  assessment: Assessment
  index: ReadyIndex
  probes: Pick<DueProbes, 'take'>
  /** Undefined: conversations stick to nothing. */
  sessions: Pick<Sessions, 'place'> | undefined
  random: () => number
  limits: Pick<PoolLimits, 'sessionsPerAccount'>
}

/** Answers a function that answers undefined where no account is ready, or the one that is asked for is not. */
export function createChoosing(parts: ChoosingParts) {
  const { entries, assessment, index, probes, sessions, limits, random } = parts
  const isReady = (entry: Entry, model: string | undefined) =>
    assessment.takesPart(entry) && assessment.of(entry, model).kind === 'ready'

  function find(id: string, { model, tags, exclude }: LeaseWishes): Entry | undefined {
    const entry = entries.get(id)
    if (entry === undefined || exclude?.has(id) === true || !hasTagOf(entry.account, tags)) return undefined
    return isReady(entry, model) ? entry : undefined
  }

  function hasRoomToReturn({ account, leases }: Entry): boolean {
    return assessment.limitOf(account) < Number.POSITIVE_INFINITY || leases < limits.sessionsPerAccount
  }

  function placeSession(
    session: SessionRef,
    wishes: LeaseWishes,
    ready: readonly Entry[],
  ): Chosen | undefined {
    const placed = sessions?.place(session, {
      find(id) {
        const entry = find(id, wishes)
        const isFit = entry !== undefined && hasRoomToReturn(entry) && !isAvoided(entry, wishes, ready)
        return isFit ? entry : undefined
      },
      all: () => ready,
    }) ?? { kind: 'anywhere' }
    switch (placed.kind) {
      case 'own':
      case 'stand-in':
        return { entry: placed.candidate, placement: placed.kind }
      case 'elsewhere':
        return byStrategy(
          ready.filter(({ account }) => account.id !== placed.than),
          wishes,
          placed.kind,
        )
      case 'anywhere':
        return byStrategy(ready, wishes, placed.kind)
      default:
        return unreachable(placed)
    }
  }

  function byStrategy(
    ready: readonly Entry[],
    wishes: LeaseWishes,
    placement: PlacementKind,
  ): Chosen | undefined {
    const isAll = ready === index.of(wishes)
    const entry = isAll ? index.choose(wishes, random) : index.chooseAmong(ready, random)
    return entry && { entry, placement, rules: index.rules() }
  }

  function choose(wishes: LeaseWishes): Chosen | undefined {
    const { exclude, avoid, session } = wishes
    const all = index.of(wishes)
    const isFirst = exclude === undefined || exclude.size === 0
    const untried = isFirst ? all : all.filter(({ account }) => !exclude.has(account.id))
    const wanted = avoid === undefined ? untried : untried.filter(({ account }) => !avoid(account))
    const ready = wanted.length === 0 ? untried : wanted
    return session === undefined
      ? byStrategy(ready, wishes, 'anywhere')
      : placeSession(session, wishes, ready)
  }

  /** One that was disabled and is due to be tried again, by a request that has tried nothing else yet. */
  function findProbe({ model, tags, exclude, avoid }: LeaseWishes): Chosen | undefined {
    if (exclude !== undefined && exclude.size > 0) return undefined
    const entry = probes.take((each) => {
      const enabled = { ...each, account: { ...each.account, status: readyStatus } }
      const isWanted = hasTagOf(each.account, tags) && avoid?.(each.account) !== true
      return isWanted && assessment.of(enabled, model).kind === 'ready'
    })
    return entry && { entry, placement: 'anywhere' }
  }

  /** A request that any account could serve: should the try fail, the other is still there. */
  function probeInstead(chosen: Chosen, wishes: LeaseWishes): Chosen {
    return chosen.placement === 'anywhere' ? (findProbe(wishes) ?? chosen) : chosen
  }

  return (wishes: LeaseWishes, accountId?: string): Chosen | undefined => {
    if (accountId !== undefined) {
      const entry = find(accountId, wishes)
      return entry && { entry, placement: 'anywhere' }
    }
    for (;;) {
      const chosen = choose(wishes)
      // Where nobody else is ready, the try costs nothing.
      if (chosen === undefined) return findProbe(wishes)
      if (isReady(chosen.entry, wishes.model)) return probeInstead(chosen, wishes)
      // The index was not told of something, such as the clock being set.
      index.touch(chosen.entry)
    }
  }
}

/** Whether it had better not be taken, and one of those who are ready can do instead. */
function isAvoided(entry: Entry, { avoid }: LeaseWishes, ready: readonly Entry[]): boolean {
  return avoid?.(entry.account) === true && ready.some(({ account }) => !avoid(account))
}

/** Follows every sign-in that waits, in the background: each by one process at a time, whichever that is. */
import type { Leases } from '../background/leases.ts'
import { waitFor } from '../background/wait-for.ts'
import type { Cancel } from '../clock.ts'
import { createFollower, type FollowingParts } from './follow-sign-in.ts'
import type { SpilledGrant } from './grant-spill.ts'

/** How soon a process sees those that another one began and can no longer follow. */
const LOOK_EVERY_MS = 5000
/** One for all, as the clock check of leases wants it: longer than the longest interval and a step together. */
const LEASE_MS = 90_000
const AFTER_FAILURE_MS = 5000
/** Tokens that wait for their account are kept longer: a process that was away for days finishes them first. */
const KEPT = { seconds: 86_400, approvedSeconds: 7 * 86_400 }
const FIRST_PRUNE_MS = 600_000
const PRUNE_EVERY_MS = 3_600_000

export interface RoundsParts extends FollowingParts {
  leases: Leases
  /** Names this process among those that share the database. */
  processId: string
  /** Whether it leaves alone what other processes began. */
  leavesOthers?: boolean
}

export interface SignInRounds {
  /** Follows it from now on, unless another process does. Nothing happens at once. */
  follow(id: string, intervalSeconds: number): void
  /** It was cancelled: asks no more. */
  leave(id: string): void
  /** Ends; resolves when answers that are under way were stored. */
  close(): Promise<void>
}

export function startSignInRounds(parts: RoundsParts): SignInRounds {
  const { store, spill, clock, report, leavesOthers = false } = parts
  const own = new Set<string>()
  const isForUs = (id: string) => !leavesOthers || own.has(id)
  const followed = new Map<string, { controller: AbortController; done: Promise<void> }>()
  let closed = false
  let nextPruneAt = clock.elapsed() + FIRST_PRUNE_MS
  let cancel: Cancel | undefined
  let looking = look()

  function follow(id: string, intervalSeconds: number): void {
    if (closed || followed.has(id)) return
    const controller = new AbortController()
    const done = followSignIn(id, { parts, firstWaitMs: intervalSeconds * 1000, signal: controller.signal })
    followed.set(id, { controller, done: done.catch(report).finally(() => followed.delete(id)) })
  }

  async function prune(): Promise<void> {
    if (clock.elapsed() < nextPruneAt) return
    nextPruneAt = clock.elapsed() + PRUNE_EVERY_MS
    await store.prune(KEPT)
  }

  /** Stores what a process could not before it ended. Answers of which sign-ins that still does not succeed. */
  async function replay(): Promise<Set<string>> {
    const unsaved = new Set<string>()
    for (const spilled of await listSpilled()) {
      if (!isForUs(spilled.signInId)) continue
      try {
        await replayOne(spilled)
      } catch (error) {
        report(error)
        unsaved.add(spilled.signInId)
      }
    }
    return unsaved
  }

  /** A folder that cannot be read is no reason to leave all other sign-ins alone. */
  async function listSpilled(): Promise<readonly SpilledGrant[]> {
    try {
      return await spill.list()
    } catch (error) {
      report(error)
      return []
    }
  }

  async function replayOne({ signInId, grant }: SpilledGrant): Promise<void> {
    const isKept = await store.saveGrant(signInId, grant)
    // Else it is stored already, or was cancelled.
    const isKnown = isKept || (await store.find(signInId)) !== undefined
    if (isKnown) await spill.remove(signInId)
    else await spill.setAside(signInId, 'there is no such sign-in')
  }

  async function followOpen(): Promise<void> {
    // Whoever has tokens already would be refused others.
    const unsaved = await replay()
    for (const id of await store.listOpen()) {
      if (followed.has(id) || unsaved.has(id) || !isForUs(id)) continue
      const signIn = await store.find(id)
      // A damaged one is followed to be ended.
      follow(id, signIn?.intervalSeconds ?? 0)
    }
    await prune()
  }

  async function look(): Promise<void> {
    try {
      if (!leavesOthers || own.size > 0) await followOpen()
    } catch (error) {
      report(error)
    }
    if (closed) return
    cancel = clock.after(LOOK_EVERY_MS, () => {
      looking = look()
    })
  }

  return {
    follow(id, intervalSeconds) {
      if (leavesOthers) own.add(id)
      follow(id, intervalSeconds)
    },
    leave: (id) => followed.get(id)?.controller.abort(),
    async close() {
      closed = true
      cancel?.()
      for (const { controller } of followed.values()) controller.abort()
      await looking
      await Promise.all(Array.from(followed.values(), ({ done }) => done))
    },
  }
}

/** Ends with the sign-in, with the signal, or when another process is seen to follow it. */
async function followSignIn(
  id: string,
  { parts, firstWaitMs, signal }: { parts: RoundsParts; firstWaitMs: number; signal: AbortSignal },
): Promise<void> {
  const { leases, processId: owner, clock, report } = parts
  const name = `sign-in/${id}`
  const follower = createFollower(id, parts)
  let waitMs = firstWaitMs
  try {
    while (await pause(waitMs, { clock, signal })) {
      try {
        // Held over the pause, too, so that the interval is kept whoever goes on.
        if (!(await leases.take(name, { owner, durationMs: LEASE_MS }))) return
        const step = await follower.step(signal)
        if (step.kind === 'ended') return
        waitMs = step.afterMs
      } catch (error) {
        if (!signal.aborted) report(error)
        waitMs = AFTER_FAILURE_MS
      }
    }
  } finally {
    try {
      await follower.finish()
    } finally {
      await leases.release(name, owner)
    }
  }
}

/** False: the signal ended it. */
async function pause(
  delayMs: number,
  { clock, signal }: { clock: RoundsParts['clock']; signal: AbortSignal },
): Promise<boolean> {
  return waitFor(delayMs, { clock, signal }).then(
    () => true,
    () => false,
  )
}

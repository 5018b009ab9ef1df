/** Keeps successes, strikes and changes of status in memory and writes them in batches: no request waits for the database. */
import { setImmediate } from 'node:timers/promises'
import type { Cancel, Clock } from '../../clock.ts'
import type { AccountStore, CounterChange, Standing, StandingChange } from '../account-store.ts'
import type { Account } from '../account.ts'
import { isSameStanding, mergeStanding } from './merge-standing.ts'

const FLUSH_AFTER_MS = 1000
/** In one transaction: a database in this process lets nothing else run meanwhile. */
const MOST_AT_ONCE = 50

interface CountersParts {
  store: Pick<AccountStore, 'addCounters'>
  clock: Clock
  /** Told of a batch that could not be written; it is kept and tried again. */
  report: (error: unknown) => void
}

export interface Counters {
  /** A success also ends the run of strikes. */
  countSuccess(id: string): void
  countStrikes(id: string, strikes: number): void
  noteStanding(id: string, change: StandingChange): void
  /** The account was just stored with this status and these strikes: they overrule what is waiting to be written, or being written. */
  overrule(account: Account): void
  /** An account as it is stored, with what is waiting to be written. */
  rebase(stored: Account): Account
  /** Runs while nothing is being written: what it reads holds all of a batch or nothing. */
  betweenWrites<Read>(read: () => Promise<Read>): Promise<Read>
  /** Resolves when what was counted so far is stored, or failed to be. */
  flush(): Promise<void>
  /** A last flush; what is counted afterwards is lost. */
  close(): Promise<void>
}

export function createCounters({ store, clock, report }: CountersParts): Counters {
  let pending = new Map<string, CounterChange>()
  let beingWritten: ReadonlyMap<string, CounterChange> = new Map()
  let cancelTimer: Cancel | undefined
  let lastWrite = Promise.resolve()
  let closed = false

  function count(change: CounterChange): void {
    pending.set(change.id, combine(pending.get(change.id), change))
    schedule()
  }

  function schedule(): void {
    if (closed) return
    cancelTimer ??= clock.after(FLUSH_AFTER_MS, () => void flush())
  }

  function flush(): Promise<void> {
    cancelTimer?.()
    cancelTimer = undefined
    lastWrite = lastWrite.then(write)
    return lastWrite
  }

  async function write(): Promise<void> {
    const batch = pending
    if (batch.size === 0) return
    pending = new Map()
    beingWritten = batch
    const left = [...batch.values()]
    try {
      while (left.length > 0) {
        await store.addCounters(left.slice(0, MOST_AT_ONCE))
        left.splice(0, MOST_AT_ONCE)
        if (left.length > 0) await setImmediate()
      }
    } catch (error) {
      const unwritten = new Map(left.map((change) => [change.id, change]))
      for (const later of pending.values()) unwritten.set(later.id, combine(unwritten.get(later.id), later))
      pending = unwritten
      report(error)
      schedule()
    } finally {
      beingWritten = new Map()
    }
  }

  function overrule({ id, strikes, status, backoff }: Account): void {
    const successes = pending.get(id)?.successes ?? 0
    const writing = beingWritten.get(id)
    if (writing === undefined) pending.delete(id)
    else {
      // It may land after what was just stored, and is then set right; if it has landed before, this changes nothing.
      const from = writing.standing?.to
      const standing = from && { from, to: { status, backoff } }
      pending.set(id, { id, successes: 0, strikes, strikesReset: true, ...(standing && { standing }) })
    }
    if (successes > 0) count({ id, successes, strikes: 0, strikesReset: false })
  }

  function rebase(stored: Account): Account {
    const change = pending.get(stored.id)
    if (change === undefined) return stored
    const { standing, ...counts } = change
    const merged = standing === undefined ? stored : mergeStanding(stored, standing)
    const isAsStored = isSameStanding(merged, stored)
    pending.set(
      stored.id,
      isAsStored
        ? counts
        : { ...counts, standing: { from: standingOf(stored), to: merged, clientId: stored.clientId } },
    )
    return {
      ...stored,
      status: merged.status,
      backoff: merged.backoff,
      strikes: counts.strikesReset ? counts.strikes : stored.strikes + counts.strikes,
      successes: stored.successes + counts.successes,
    }
  }

  return {
    countSuccess: (id) => count({ id, successes: 1, strikes: 0, strikesReset: true }),
    countStrikes: (id, strikes) => count({ id, successes: 0, strikes, strikesReset: false }),
    noteStanding: (id, standing) => count({ id, successes: 0, strikes: 0, strikesReset: false, standing }),
    overrule,
    rebase,
    betweenWrites(read) {
      const turn = lastWrite.then(read)
      lastWrite = Promise.allSettled([turn]).then(nothing)
      return turn
    },
    flush,
    async close() {
      closed = true
      await flush()
    },
  }
}

function nothing(): void {
  return undefined
}

/** The change that has the effect of both, one after the other. */
function combine(earlier: CounterChange | undefined, later: CounterChange): CounterChange {
  if (earlier === undefined) return later
  const from = earlier.standing?.from ?? later.standing?.from
  const { to, clientId } = later.standing ?? earlier.standing ?? {}
  return {
    id: later.id,
    successes: earlier.successes + later.successes,
    strikes: later.strikesReset ? later.strikes : earlier.strikes + later.strikes,
    strikesReset: earlier.strikesReset || later.strikesReset,
    ...(from !== undefined &&
      to !== undefined && { standing: { from, to, ...(clientId !== undefined && { clientId }) } }),
  }
}

export function standingOf({ status, backoff }: Standing): Standing {
  return { status, backoff }
}

/** Keeps successes, strikes and changes of status in memory and writes them in batches: no request waits for the database. */
import type { Cancel, Clock } from '../clock.ts'
import type { AccountStore, CounterChange, Standing } from './account-store.ts'

const FLUSH_AFTER_MS = 1000

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
  noteStanding(id: string, standing: Standing): void
  /** What is waiting to be written, or being written, is overruled by this. */
  overrule(id: string, strikes: number, standing: Standing): void
  /** Resolves when what was counted so far is stored, or failed to be. */
  flush(): Promise<void>
  /** A last flush; what is counted afterwards is lost. */
  close(): Promise<void>
}

export function createCounters({ store, clock, report }: CountersParts): Counters {
  let pending = new Map<string, CounterChange>()
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
    try {
      await store.addCounters([...batch.values()])
    } catch (error) {
      for (const later of pending.values()) batch.set(later.id, combine(batch.get(later.id), later))
      pending = batch
      report(error)
      schedule()
    }
  }

  return {
    countSuccess: (id) => count({ id, successes: 1, strikes: 0, strikesReset: true }),
    countStrikes: (id, strikes) => count({ id, successes: 0, strikes, strikesReset: false }),
    noteStanding: (id, { status, backoff }) =>
      count({ id, successes: 0, strikes: 0, strikesReset: false, standing: { status, backoff } }),
    overrule: (id, strikes, { status, backoff }) =>
      count({ id, successes: 0, strikes, strikesReset: true, standing: { status, backoff } }),
    flush,
    async close() {
      closed = true
      await flush()
    },
  }
}

/** The change that has the effect of both, one after the other. */
function combine(earlier: CounterChange | undefined, later: CounterChange): CounterChange {
  if (earlier === undefined) return later
  const standing = later.standing ?? earlier.standing
  return {
    id: later.id,
    successes: earlier.successes + later.successes,
    strikes: later.strikesReset ? later.strikes : earlier.strikes + later.strikes,
    strikesReset: earlier.strikesReset || later.strikesReset,
    ...(standing !== undefined && { standing }),
  }
}

/** The accounts' own lists of models: kept in memory, fetched in the background, and kept on while they cannot be fetched. */

import { waitFor } from '../background/wait-for.ts'
import type { Clock } from '../clock.ts'
import type { Access, ModelInfo } from '../upstreams/upstream.ts'
import { createInterner } from './intern-models.ts'

/** By key: ids in lower case. */
export type ModelList = ReadonlyMap<string, ModelInfo>

/** Gives access to the account when its turn has come. */
type AccessFor = (signal: AbortSignal) => Promise<Access>

export interface ModelLists {
  /** Undefined: none was ever fetched. */
  of(accountId: string): ModelList | undefined
  /** Another one whenever a list has come, changed or gone. */
  version(): number
  /** Whether the list of any account has it. */
  hasAnywhere(key: string): boolean
  /** Whether a fetch has ended, well or badly. */
  isTried(accountId: string): boolean
  /** The list is used: it is fetched if it is old, or was never fetched. */
  use(accountId: string, accessFor: AccessFor): void
  /** It may be out of date: it is fetched anew, but not more often than once a minute. */
  doubt(accountId: string, accessFor: AccessFor): void
  /** Somebody waits for it: its fetch, if it has not begun, begins now, beside those that wait for their turn. */
  hurry(accountId: string): void
  /** Forgets the list, and gives up its fetch. */
  drop(accountId: string): void
  /** Waits until `isEnough`, asked after each fetch, or until the time is over. */
  waitUntil(isEnough: () => boolean, atMostMs: number): Promise<void>
  /** Gives up all fetches; resolves when they have ended. */
  close(): Promise<void>
}

interface ModelListsParts {
  listModels: (access: Access, signal: AbortSignal) => Promise<ModelInfo[]>
  catalogue: readonly ModelInfo[]
  clock: Clock
  /** Told of fetches that failed; they are tried again. */
  report: (accountId: string, error: unknown) => void
}

const MOST_AT_ONCE = 4
const FRESH_MS = 3_600_000
const LEAST_PAUSE_MS = 60_000
const MOST_PAUSE_MS = 3_600_000

/** What is known of one account. Times are of the clock that is never set. */
interface Entry {
  list?: ModelList
  /** When its last fetch ended; undefined: none has. */
  triedAt?: number
  /** From when on its use leads to a fetch. */
  dueAt: number
  /** Of fetches, in a row. */
  failures: number
  /** A fetch that waits for its turn, or runs. */
  job?: Job
  dropped: AbortController
}

interface Job {
  accountId: string
  entry: Entry
  accessFor: AccessFor
}

export function createModelLists({ listModels, catalogue, clock, report }: ModelListsParts): ModelLists {
  const entries = new Map<string, Entry>()
  /** In how many lists each key stands. */
  const counts = new Map<string, number>()
  const intern = createInterner(catalogue)
  const queue = new Set<Job>()
  const lanes = new Set<Promise<void>>()
  let busyLanes = 0
  const wakers = new Set<() => void>()
  let version = 0
  const closing = new AbortController()
  const wakeAll = () => [...wakers].forEach((wake) => wake())

  function entryOf(accountId: string): Entry {
    const known = entries.get(accountId)
    if (known !== undefined) return known
    const entry = { dueAt: clock.elapsed(), failures: 0, dropped: new AbortController() }
    entries.set(accountId, entry)
    return entry
  }

  function replaceList(entry: Entry, list: ModelList | undefined): void {
    version += 1
    for (const key of entry.list?.keys() ?? []) counts.set(key, (counts.get(key) ?? 0) - 1)
    for (const key of list?.keys() ?? []) counts.set(key, (counts.get(key) ?? 0) + 1)
    if (list !== undefined) entry.list = list
  }

  function enqueue(accountId: string, entry: Entry, accessFor: AccessFor): void {
    if (entry.job !== undefined || closing.signal.aborted) return
    entry.job = { accountId, entry, accessFor }
    queue.add(entry.job)
    if (busyLanes === MOST_AT_ONCE) return
    busyLanes += 1
    const lane = work().finally(() => lanes.delete(lane))
    lanes.add(lane)
  }

  /** One lane: does job after job until none is left. */
  async function work(): Promise<void> {
    // Not within the call of whoever needs the list.
    await Promise.resolve()
    // What comes in meanwhile is seen too.
    for (const job of queue) {
      queue.delete(job)
      await fetchList(job)
    }
    busyLanes -= 1
  }

  function fetchApart(job: Job): void {
    const lane = fetchList(job).finally(() => lanes.delete(lane))
    lanes.add(lane)
  }

  async function fetchList({ accountId, entry, accessFor }: Job): Promise<void> {
    const signal = AbortSignal.any([entry.dropped.signal, closing.signal])
    try {
      if (signal.aborted) return
      const models = await listModels(await accessFor(signal), signal)
      if (signal.aborted) return
      replaceList(entry, intern(models))
      entry.failures = 0
      entry.dueAt = clock.elapsed() + FRESH_MS
    } catch (error) {
      if (signal.aborted) return
      entry.dueAt = clock.elapsed() + Math.min(MOST_PAUSE_MS, LEAST_PAUSE_MS * 2 ** entry.failures)
      entry.failures += 1
      report(accountId, error)
    } finally {
      delete entry.job
      entry.triedAt = clock.elapsed()
      wakeAll()
    }
  }

  return {
    of: (accountId) => entries.get(accountId)?.list,
    version: () => version,
    hasAnywhere: (key) => (counts.get(key) ?? 0) > 0,
    isTried: (accountId) => entries.get(accountId)?.triedAt !== undefined,
    use(accountId, accessFor) {
      const entry = entryOf(accountId)
      if (clock.elapsed() >= entry.dueAt) enqueue(accountId, entry, accessFor)
    },
    doubt(accountId, accessFor) {
      const entry = entryOf(accountId)
      // While it fails, its own pauses count.
      const doubtedFrom = entry.failures > 0 ? entry.dueAt : (entry.triedAt ?? 0) + LEAST_PAUSE_MS
      if (entry.triedAt === undefined || clock.elapsed() >= doubtedFrom) enqueue(accountId, entry, accessFor)
    },
    hurry(accountId) {
      const job = entries.get(accountId)?.job
      if (job !== undefined && queue.delete(job)) fetchApart(job)
    },
    drop(accountId) {
      const entry = entries.get(accountId)
      if (entry === undefined) return
      entry.dropped.abort()
      replaceList(entry, undefined)
      entries.delete(accountId)
    },
    async waitUntil(isEnough, atMostMs) {
      const lastMoment = clock.elapsed() + atMostMs
      for (let leftMs = atMostMs; leftMs > 0 && !isEnough(); leftMs = lastMoment - clock.elapsed()) {
        if (closing.signal.aborted) return
        await waitFor(leftMs, { clock, signal: undefined, wakers })
      }
    },
    async close() {
      closing.abort()
      queue.clear()
      wakeAll()
      await Promise.all(lanes)
    },
  }
}

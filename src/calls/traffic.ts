/** What becomes of the requests of clients: counted and kept in batches, so that no request waits for the database. */
import type { Cancel, Clock } from '../clock.ts'
import type { EndedCall } from './ended-call.ts'
import { toKeptCall, type DetailedCall } from './kept-call.ts'
import type { LatencyPercentiles } from './latency-percentiles.ts'
import { createTrafficReader } from './read-traffic.ts'
import type { RequestCounts } from './request-counts.ts'
import { createNameAdmission, createTopSteps, type TopCounts } from './top-steps.ts'
import { createTrafficBatch } from './traffic-batch.ts'
import { resolutions, type CallStore, type Resolution, type TrafficStore } from './traffic-store.ts'

/** With how long first tokens and whole answers took. */
export interface TrafficCounts extends RequestCounts, LatencyPercentiles {}

export interface TrafficPoint extends TrafficCounts {
  /** Milliseconds since the epoch. */
  at: number
}

export interface TrafficReading {
  from: number
  to: number
  stepSeconds: number
  /** One for each step, in order; those without a request are left out. */
  points: TrafficPoint[]
  /** All of it, and all of as long a time before. */
  sum: TrafficCounts
  previous: TrafficCounts
  /** The last hour of each account that had requests in it, one character a minute, the last one now. */
  beats: { accountId: string; minutes: string }[]
}

export interface TrafficSummary {
  lastMinute: TrafficCounts
  lastHour: TrafficCounts
  /** Of the last ten; those without a request are left out. Of the latest, more may become known. */
  seconds: TrafficPoint[]
}

export interface TopTraffic {
  from: number
  to: number
  /** Those with the most requests, tokens or failures, the most requests first. */
  models: NamedTraffic[]
  keys: NamedTraffic[]
}

export interface NamedTraffic extends TopCounts {
  /** `*`: names that there was no room for; of keys, empty: none was needed. */
  name: string
}

/** Of a day, in whole hours: the one that goes on and the 23 before it. */
export interface AccountTraffic {
  from: number
  to: number
  /** One for each account that had requests. */
  accounts: AccountTrafficCounts[]
}

export interface AccountTrafficCounts {
  accountId: string
  /** Sent through the account, and ended. One of a client that was tried twice counts twice. */
  requests: number
  /** Of them, those that went well, or failed for what the client sent. */
  ok: number
  /** Null: no answer began. */
  firstTokenP95Ms: number | null
}

export interface AccountDay {
  from: number
  to: number
  hours: (Omit<AccountTrafficCounts, 'accountId'> & { at: number })[]
}

export type TrafficRange = '15m' | '1h' | '24h' | '7d' | '30d'

/** The numbers are those of all processes that share the database, and a second or two old. */
export interface Traffic {
  /** To be called once for each request that has ended. Takes no time and never throws. */
  note(ended: EndedCall): void
  read(range: TrafficRange): Promise<TrafficReading>
  /** Which models and keys were used the most. */
  readTop(range: TrafficRange): Promise<TopTraffic>
  /** Of the last day, by account. */
  readAccounts(): Promise<AccountTraffic>
  /** The same day of one account, hour by hour; those without a request are left out. */
  readAccount(id: string): Promise<AccountDay>
  /** Cheap enough to be asked for once a second. */
  summarize(): Promise<TrafficSummary>
  /** Stores what was noted so far. */
  close(): Promise<void>
}

interface TrafficParts {
  store: Omit<TrafficStore, 'listCounts'>
  calls: Pick<CallStore, 'insert'>
  /** False: calls are counted, and none is kept. */
  keepsCalls: () => boolean
  clock: Clock
  /** Told, once a minute at most, how many calls were left out of the log. */
  warn: (leftOut: number) => void
  /** Told, once a minute at most, of what could not be stored; it is kept and tried again. */
  report: (error: unknown) => void
}

const WRITE_AFTER_MS = 1000
const MINUTE_MS = 60_000
/** Calls that wait to be stored. */
const MOST_WAITING = 5000
/** What holds the process up while it is written. */
const CALLS_AT_ONCE = 100
/** In a second, of requests with no key that is known: whoever sends them shall not crowd out all others. */
const MOST_STRANGERS = 20
/** Steps are kept so long: by the second, the minute and the hour, and a little longer than anybody may ask for. */
const KEEP_MS: readonly [Resolution, number][] = [
  [1, 16 * MINUTE_MS],
  [60, 25 * 60 * MINUTE_MS],
  // Twice the longest, so that it can be compared.
  [3600, 61 * 24 * 60 * MINUTE_MS],
]
/** Nobody asks which models were used in a second. */
const topResolutions: readonly Resolution[] = [60, 3600]
const KEEP_BEATS_MS = 2 * 60 * MINUTE_MS
const KEEP_ACCOUNTS_MS = 25 * 60 * MINUTE_MS

export function createTraffic({ store, calls, keepsCalls, clock, warn, report }: TrafficParts): Traffic {
  const reader = createTrafficReader(store, clock)
  const isTimeToWarn = onceAMinute(clock)
  const isTimeToReport = onceAMinute(clock)
  const isTimeToPrune = onceAMinute(clock)
  let ended: EndedCall[] = []
  const admit = createNameAdmission()
  let batch = createTrafficBatch()
  let tops = createTopSteps(admit)
  let waiting: DetailedCall[] = []
  let leftOut = 0
  let writing = Promise.resolve()
  let cancel: Cancel | undefined
  let isClosed = false

  function writeSoon(): void {
    if (!isClosed) cancel ??= clock.after(WRITE_AFTER_MS, () => void flush())
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    takeIn()
    try {
      await writeCounts()
      await writeCalls()
      if (isTimeToPrune()) await prune()
    } catch (error) {
      if (isTimeToReport()) report(error)
    }
    if (leftOut > 0 && isTimeToWarn()) {
      warn(leftOut)
      leftOut = 0
    }
    if (ended.length > 0 || waiting.length > 0 || leftOut > 0 || !batch.isEmpty()) writeSoon()
  }

  function takeIn(): void {
    const taken = ended
    ended = []
    let strangers = 0
    for (const each of taken) {
      if (each.isCounted) countAll(each)
      if (!keepsCalls()) continue
      if (each.failure === 'unauthenticated') strangers += 1
      if (each.failure === 'unauthenticated' && strangers > MOST_STRANGERS) leftOut += 1
      else waiting.push(toKeptCall(each))
    }
  }

  function countAll(call: EndedCall): void {
    batch.count(call)
    tops.count(call)
  }

  async function writeCounts(): Promise<void> {
    if (batch.isEmpty()) return
    const full = batch
    const fullTops = tops
    batch = createTrafficBatch()
    tops = createTopSteps(admit)
    try {
      await store.add({
        steps: new Map(resolutions.map((each) => [each, full.steps(each)])),
        beats: full.beats(),
        accounts: full.accountSteps(),
        tops: new Map(topResolutions.map((each) => [each, fullTops.steps(each)])),
      })
    } catch (error) {
      batch.takeBack(full, clock.now())
      tops.add(fullTops.steps(60))
      throw error
    }
  }

  async function writeCalls(): Promise<void> {
    while (waiting.length > 0) {
      await calls.insert(waiting.slice(0, CALLS_AT_ONCE))
      waiting = waiting.slice(CALLS_AT_ONCE)
      // Requests go first.
      if (!isClosed && waiting.length > 0) await new Promise<void>((resolve) => void clock.after(0, resolve))
    }
  }

  async function prune(): Promise<void> {
    const now = clock.now()
    const others = { beats: now - KEEP_BEATS_MS, accounts: now - KEEP_ACCOUNTS_MS }
    await store.prune(new Map(KEEP_MS.map(([each, keepMs]) => [each, now - keepMs])), others)
  }

  return {
    ...reader,
    note(call) {
      if (ended.length + waiting.length < MOST_WAITING) ended.push(call)
      else {
        if (call.isCounted) countAll(call)
        if (keepsCalls()) leftOut += 1
      }
      writeSoon()
    },
    close() {
      isClosed = true
      return flush()
    },
  }
}

function onceAMinute(clock: Clock): () => boolean {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    if (clock.elapsed() - last < MINUTE_MS) return false
    last = clock.elapsed()
    return true
  }
}

/** Numbers as they are shown, from what is stored: read once for all who ask at about the same time. */
import type { Clock } from '../clock.ts'
import { addStep, type AccountStep } from './account-steps.ts'
import { percentileOf } from './latency-bins.ts'
import { percentilesOf } from './latency-percentiles.ts'
import { countedNames, noCounts } from './request-counts.ts'
import type {
  AccountDay,
  AccountTraffic,
  NamedTraffic,
  TopTraffic,
  TrafficCounts,
  TrafficPoint,
  TrafficRange,
  TrafficReading,
  TrafficSummary,
} from './traffic.ts'
import { beatLevels, type Beat, type CountedStep } from './traffic-batch.ts'
import type { Resolution, TrafficStore } from './traffic-store.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const BEAT_MINUTES = 60
/** Of a thousand accounts that are all busy. */
const MOST_BEATS = 60_000
const BEATS_FOR_MS = 5000
const SUMMARY_FOR_MS = 900
const ACCOUNTS_FOR_MS = 15_000
const TOP_FOR_MS = 5000
const RECENT_SECONDS = 10
/** By each measure. */
const MOST_TOP = 5

interface Range {
  spanMs: number
  stepSeconds: Resolution
  /** Of what is kept as long as twice the span. */
  longSeconds: Resolution
  /** How long a reading is good for others who ask. */
  forMs: number
}

export const ranges: Readonly<Record<TrafficRange, Range>> = {
  '15m': { spanMs: 15 * MINUTE_MS, stepSeconds: 1, longSeconds: 60, forMs: 900 },
  '1h': { spanMs: HOUR_MS, stepSeconds: 60, longSeconds: 60, forMs: 1900 },
  '24h': { spanMs: DAY_MS, stepSeconds: 60, longSeconds: 3600, forMs: 4900 },
  '7d': { spanMs: 7 * DAY_MS, stepSeconds: 3600, longSeconds: 3600, forMs: 30_000 },
  '30d': { spanMs: 30 * DAY_MS, stepSeconds: 3600, longSeconds: 3600, forMs: 30_000 },
}

interface TrafficReader {
  read(range: TrafficRange): Promise<TrafficReading>
  readTop(range: TrafficRange): Promise<TopTraffic>
  readAccounts(): Promise<AccountTraffic>
  readAccount(id: string): Promise<AccountDay>
  summarize(): Promise<TrafficSummary>
}

type Store = Pick<TrafficStore, 'listSince' | 'sumSince' | 'sumTops' | 'listBeatsSince' | 'listAccountSteps'>

export function createTrafficReader(store: Store, clock: Clock): TrafficReader {
  const readings = new Map(
    Object.entries(ranges).map(([range, wanted]) => [
      range,
      shared(clock, wanted.forMs, () => readRange(store, clock, wanted)),
    ]),
  )
  const tops = new Map(
    Object.entries(ranges).map(([range, wanted]) => [
      range,
      shared(clock, Math.max(TOP_FOR_MS, wanted.forMs), () => readTop(store, clock, wanted)),
    ]),
  )
  const beats = shared(clock, BEATS_FOR_MS, async () => {
    const since = firstStep(clock.now(), BEAT_MINUTES * MINUTE_MS, MINUTE_MS)
    return toBeatLines(await store.listBeatsSince(since, MOST_BEATS), since)
  })
  const summary = shared(clock, SUMMARY_FOR_MS, async () => {
    const now = clock.now()
    const lastMinute = await store.sumSince(1, firstStep(now, MINUTE_MS, SECOND_MS))
    const lastHour = await store.sumSince(60, firstStep(now, HOUR_MS, MINUTE_MS))
    const seconds = await store.listSince(1, firstStep(now, RECENT_SECONDS * SECOND_MS, SECOND_MS))
    return {
      lastMinute: toCounts(lastMinute),
      lastHour: toCounts(lastHour),
      seconds: seconds.map(toPoint),
    }
  })

  const accounts = shared(clock, ACCOUNTS_FOR_MS, () => readAccounts(store, clock))

  return {
    async read(range) {
      const reading = await readings.get(range)?.()
      if (reading === undefined) throw new TypeError(`There is no range ${range}.`)
      return { ...reading, beats: await beats() }
    },
    async readTop(range) {
      const reading = await tops.get(range)?.()
      if (reading === undefined) throw new TypeError(`There is no range ${range}.`)
      return reading
    },
    readAccounts: accounts,
    readAccount: (id) => readAccount(store, clock, id),
    summarize: summary,
  }
}

async function readRange(store: Store, clock: Clock, { spanMs, stepSeconds, longSeconds }: Range) {
  const to = clock.now()
  const from = firstStep(to, spanMs, stepSeconds * SECOND_MS)
  const steps = await store.listSince(stepSeconds, from)
  const before = firstStep(to, spanMs, longSeconds * SECOND_MS)
  const sum = await store.sumSince(longSeconds, before)
  const previous = await store.sumSince(longSeconds, before - spanMs, before)
  return {
    from,
    to,
    stepSeconds,
    points: steps.map(toPoint),
    sum: toCounts(sum),
    previous: toCounts(previous),
  }
}

async function readTop(store: Store, clock: Clock, { spanMs, longSeconds }: Range): Promise<TopTraffic> {
  const to = clock.now()
  const from = firstStep(to, spanMs, longSeconds * SECOND_MS)
  const models = await store.sumTops(longSeconds, 'model', from)
  const keys = await store.sumTops(longSeconds, 'key', from)
  return { from, to, models: topOf(models), keys: topOf(keys) }
}

/** Those that lead by any measure. */
function topOf(all: readonly NamedTraffic[]): NamedTraffic[] {
  const measures: ((each: NamedTraffic) => number)[] = [
    ({ requests }) => requests,
    ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
    ({ failures }) => failures,
  ]
  const leading = new Set(
    measures.flatMap((measure) => all.toSorted((a, b) => measure(b) - measure(a)).slice(0, MOST_TOP)),
  )
  return [...leading].toSorted((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
}

async function readAccounts(store: Store, clock: Clock): Promise<AccountTraffic> {
  const to = clock.now()
  const from = firstStep(to, DAY_MS, HOUR_MS)
  const sums = new Map<string, Omit<AccountStep, 'at'>>()
  for (let at = from; at <= to; at += HOUR_MS) {
    for (const step of await store.listAccountSteps(at)) {
      const known = sums.get(step.accountId)
      if (known === undefined) sums.set(step.accountId, step)
      else addStep(known, step)
    }
    // Thousands of accounts take their time, and requests go first.
    await new Promise<void>((resolve) => void clock.after(0, resolve))
  }
  const accounts = Array.from(sums.values(), ({ accountId, requests, ok, firstTokens }) => ({
    accountId,
    requests,
    ok,
    firstTokenP95Ms: percentileOf(firstTokens, 0.95),
  }))
  return { from, to, accounts }
}

/** Each hour is found by its key. */
async function readAccount(store: Store, clock: Clock, id: string): Promise<AccountDay> {
  const to = clock.now()
  const from = firstStep(to, DAY_MS, HOUR_MS)
  const hours: AccountDay['hours'] = []
  for (let at = from; at <= to; at += HOUR_MS) {
    const [step] = await store.listAccountSteps(at, id)
    if (step === undefined) continue
    const { requests, ok, firstTokens } = step
    hours.push({ at, requests, ok, firstTokenP95Ms: percentileOf(firstTokens, 0.95) })
  }
  return { from, to, hours }
}

/** Of so many whole steps up to the one that is not over yet. */
export function firstStep(now: number, spanMs: number, stepMs: number): number {
  return now - (now % stepMs) - spanMs + stepMs
}

/** One reading at a time; who asks within `forMs` of its beginning gets the same. */
function shared<Reading>(clock: Clock, forMs: number, load: () => Promise<Reading>): () => Promise<Reading> {
  let known: { at: number; reading: Promise<Reading> } | undefined
  return () => {
    if (known !== undefined && clock.elapsed() - known.at < forMs) return known.reading
    const begun = { at: clock.elapsed(), reading: load() }
    known = begun
    begun.reading.catch(() => {
      if (known === begun) known = undefined
    })
    return begun.reading
  }
}

function toPoint(step: CountedStep): TrafficPoint {
  return { at: step.at, ...toCounts(step) }
}

function toCounts(step: Omit<CountedStep, 'at'>): TrafficCounts {
  const counts = noCounts()
  for (const name of countedNames) counts[name] = step[name]
  return { ...counts, ...percentilesOf(step) }
}

const letters = new Map<number, string>([
  [beatLevels.well, 'o'],
  [beatLevels.throttled, 't'],
  [beatLevels.failed, 'x'],
])

function toBeatLines(beats: readonly Beat[], since: number): TrafficReading['beats'] {
  const lines = new Map<string, string[]>()
  for (const { accountId, at, level } of beats) {
    const minute = (at - since) / MINUTE_MS
    if (minute < 0 || minute >= BEAT_MINUTES) continue
    const line = lines.get(accountId) ?? Array.from({ length: BEAT_MINUTES }, () => '-')
    line[minute] = letters.get(level) ?? '-'
    lines.set(accountId, line)
  }
  return Array.from(lines, ([accountId, line]) => ({ accountId, minutes: line.join('') }))
}

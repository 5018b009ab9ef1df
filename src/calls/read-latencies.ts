/** How long requests of one model, API or account took, step by step: from their log, the newest first, as far as there is time for. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { countIn } from './latency-bins.ts'
import { percentilesOf, type LatencyBins, type LatencyPercentiles } from './latency-percentiles.ts'
import { firstStep, ranges } from './read-traffic.ts'
import type { TrafficRange } from './traffic.ts'
import type { CallFilter, CallPosition, CallStore, MeasuredCalls } from './traffic-store.ts'

/** Further back, it is told that nothing was read. */
const MOST_LOOKS = 10
/** Requests of clients go first. */
const PAUSE_MS = 20
/** Of different questions; each takes a moment. */
const MOST_ASKED = 20
const RETRY_SECONDS = 5

interface LatencyReading {
  from: number
  to: number
  stepSeconds: number
  /** All requests that ended from here on have been read, as far as they were kept. */
  since: number
  /** There were more requests than are read; else the log does not go back further than `since`. */
  isCut: boolean
  /** Those without a request are left out. */
  points: (LatencyPercentiles & { at: number })[]
}

type LatencySubject = Pick<CallFilter, 'model' | 'dialect' | 'account'>
export type LatencyReader = (range: TrafficRange, subject: LatencySubject) => Promise<LatencyReading>

interface LatencyReaderParts {
  calls: Pick<CallStore, 'measure' | 'oldest'>
  clock: Pick<Clock, 'now' | 'after'>
}

/**
 * However many ask, there is one look at a time, and who asks what is being asked already gets the same. Throws
 * `overloaded-here` when too many questions wait.
 */
export function createLatencyReader({ calls, clock }: LatencyReaderParts): LatencyReader {
  const asked = new Map<string, Promise<LatencyReading>>()
  let turn: Promise<unknown> = Promise.resolve()
  return async (range, subject) => {
    const { model, dialect, account } = subject
    const question = JSON.stringify([range, model, dialect, account])
    const known = asked.get(question)
    if (known !== undefined) return known
    if (asked.size >= MOST_ASKED) throw refuseMore()
    const reading = turn.then(() => readLatencies(range, subject))
    asked.set(question, reading)
    turn = reading.catch(() => {}).then(() => void asked.delete(question))
    return reading
  }

  async function readLatencies(range: TrafficRange, subject: LatencySubject): Promise<LatencyReading> {
    const { spanMs, stepSeconds } = ranges[range]
    const stepMs = stepSeconds * 1000
    const to = clock.now()
    const from = firstStep(to, spanMs, stepMs)
    const steps = new Map<number, LatencyBins>()
    const end = await look({ ...subject, withoutTrials: true, since: from }, (found) => {
      for (const call of found) addTo(steps, call, stepMs)
    })
    const newest = to - (to % stepMs)
    const whole = end === undefined ? from : wholeFrom(end[0], stepMs)
    // The newest step is told of in part anyway: it is not over.
    const reached = end === undefined || whole <= newest ? whole : end[0] + 1
    const oldest = await calls.oldest()
    return {
      from,
      to,
      stepSeconds,
      since: Math.min(to, Math.max(reached, oldest ?? to)),
      isCut: end !== undefined,
      points: [...steps]
        .filter(([at]) => at >= Math.min(whole, newest))
        .toSorted(([a], [b]) => a - b)
        .map(([at, step]) => ({ at, ...percentilesOf(step) })),
    }
  }

  /** Answers where it gave up; undefined: it has seen them all. */
  async function look(
    filter: CallFilter,
    take: (found: MeasuredCalls['calls']) => void,
  ): Promise<CallPosition | undefined> {
    let before: CallPosition | undefined
    for (let count = 0; count < MOST_LOOKS; count += 1) {
      if (count > 0) await new Promise<void>((resolve) => void clock.after(PAUSE_MS, resolve))
      const found = await calls.measure(filter, before)
      take(found.calls)
      before = found.next
      if (before === undefined) return undefined
    }
    return before
  }
}

function addTo(steps: Map<number, LatencyBins>, call: MeasuredCalls['calls'][number], stepMs: number): void {
  const at = call.at - (call.at % stepMs)
  const step: LatencyBins = steps.get(at) ?? { firstTokens: new Map(), durations: new Map() }
  steps.set(at, step)
  if (call.firstTokenMs !== null) countIn(step.firstTokens, call.firstTokenMs)
  if (call.totalMs !== null) countIn(step.durations, call.totalMs)
}

function refuseMore(): GatewayError {
  const message = 'Too many questions about how long requests took wait for their answer.'
  return new GatewayError('overloaded-here', message, { retryAfterSeconds: RETRY_SECONDS })
}

/** A step that was read in part would tell of its end alone. */
function wholeFrom(at: number, stepMs: number): number {
  return at - (at % stepMs) + stepMs
}

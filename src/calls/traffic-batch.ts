/** What is counted and not stored yet: by the second, and how the attempts at each account went, by the minute and the hour. Pure. */
import { unreachable } from '../conversation/unreachable.ts'
import { createAccountSteps, type AccountStep } from './account-steps.ts'
import type { Call, CallAttempt } from './call.ts'
import type { EndedCall } from './ended-call.ts'
import { firstTokenMsOf, inputTokensOf } from './kept-call.ts'
import { addBins, countIn } from './latency-bins.ts'
import type { LatencyBins } from './latency-percentiles.ts'
import { outcomeOf } from './outcome.ts'
import { addCounts, countOf, noCounts, type RequestCounts } from './request-counts.ts'

export interface CountedStep extends RequestCounts, LatencyBins {
  /** Milliseconds since the epoch. */
  at: number
}

/** The worse, the higher: of several, the highest stays. */
export const beatLevels = { well: 1, throttled: 2, failed: 3 } as const
export type BeatLevel = (typeof beatLevels)[keyof typeof beatLevels]

export interface Beat {
  accountId: string
  /** The minute's beginning, in milliseconds since the epoch. */
  at: number
  level: number
}

export interface TrafficBatch {
  count(ended: EndedCall): void
  isEmpty(): boolean
  /** Takes in what another one could not get rid of. Seconds that nobody will ask for any more become minutes. */
  takeBack(batch: Pick<TrafficBatch, 'steps' | 'beats' | 'accountSteps'>, now: number): void
  /** What is counted, by steps of so many seconds. */
  steps(stepSeconds: number): CountedStep[]
  beats(): Beat[]
  accountSteps(): AccountStep[]
}

const SECOND_MS = 1000
const MINUTE_MS = 60_000
/** Seconds are kept for 15 minutes, beats for an hour. */
const SECONDS_MATTER_MS = 15 * MINUTE_MS
const BEATS_MATTER_MS = 60 * MINUTE_MS

export function createTrafficBatch(): TrafficBatch {
  const seconds = new Map<number, CountedStep>()
  const beats = new Map<string, Beat>()
  const accounts = createAccountSteps()

  function addBeat(beat: Beat): void {
    const key = `${beat.at} ${beat.accountId}`
    const known = beats.get(key)
    if (known === undefined || known.level < beat.level) beats.set(key, beat)
  }

  function countAttempts(call: Call, endedAt: number): void {
    const at = endedAt - (endedAt % MINUTE_MS)
    for (const attempt of call.attempts) {
      const level = levelOf(attempt)
      if (level === undefined) continue
      addBeat({ accountId: attempt.accountId, at, level })
      accounts.count(attempt, { at: endedAt, wentWell: level === beatLevels.well })
    }
  }

  return {
    count(ended) {
      const { call, endedAt, outcome } = ended
      const step = stepAt(seconds, endedAt - (endedAt % SECOND_MS))
      step[countOf[outcome]] += 1
      if (call === undefined) return
      if (call.usage !== undefined) {
        step.inputTokens += inputTokensOf(call.usage)
        step.outputTokens += call.usage.outputTokens
      }
      const firstTokenMs = firstTokenMsOf(ended)
      if (firstTokenMs !== null) countIn(step.firstTokens, firstTokenMs)
      if (outcome === 'ok') countIn(step.durations, ended.totalMs)
      countAttempts(call, endedAt)
    },
    isEmpty: () => seconds.size === 0 && beats.size === 0,
    takeBack(batch, now) {
      for (const step of batch.steps(1)) {
        const isRecent = now - step.at < SECONDS_MATTER_MS
        addStep(seconds, isRecent ? step.at : step.at - (step.at % MINUTE_MS), step)
      }
      for (const beat of batch.beats()) if (now - beat.at < BEATS_MATTER_MS) addBeat(beat)
      accounts.add(batch.accountSteps())
    },
    steps(stepSeconds) {
      const merged = new Map<number, CountedStep>()
      const stepMs = stepSeconds * SECOND_MS
      for (const step of seconds.values()) addStep(merged, step.at - (step.at % stepMs), step)
      return [...merged.values()]
    },
    beats: () => [...beats.values()],
    accountSteps: () => accounts.all(),
  }
}

function stepAt(steps: Map<number, CountedStep>, at: number): CountedStep {
  const known = steps.get(at)
  if (known !== undefined) return known
  const step = {
    ...noCounts(),
    at,
    firstTokens: new Map<number, number>(),
    durations: new Map<number, number>(),
  }
  steps.set(at, step)
  return step
}

function addStep(steps: Map<number, CountedStep>, at: number, more: CountedStep): void {
  const step = stepAt(steps, at)
  addCounts(step, more)
  addBins(step.firstTokens, more.firstTokens)
  addBins(step.durations, more.durations)
}

/** Undefined: it says nothing about the account. */
function levelOf({ outcome, heldBack }: CallAttempt): BeatLevel | undefined {
  if (outcome === undefined || heldBack === true) return undefined
  if (outcome === 'answered') return beatLevels.well
  const result = outcomeOf(outcome)
  switch (result) {
    // What the client sent was at fault, and the account could say so.
    case 'client-error':
      return beatLevels.well
    case 'throttled':
      return beatLevels.throttled
    case 'upstream-error':
      return beatLevels.failed
    case 'shed':
    case 'cancelled':
    case 'ok':
      return undefined
    default:
      return unreachable(result)
  }
}

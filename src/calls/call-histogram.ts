/** How many of the calls that match a filter ended how, step by step over a time: in as many looks as that takes. */
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createCursors } from '../events/cursor.ts'
import type { CallOutcome } from './outcome.ts'
import { countOf } from './request-counts.ts'
import type { CallFilter, CallPosition, CallStore, CallTally, TrafficStore } from './traffic-store.ts'
import { chooseStep, countedSteps, startCharacters } from './histogram-steps.ts'

type Counted = Record<(typeof countOf)[CallOutcome], number>

interface CallHistogram {
  from: number
  to: number
  stepSeconds: number
  /** In order; those without a call are left out. To be added to what earlier looks have counted. */
  steps: (Counted & { at: number })[]
  /** Undefined: all were counted. */
  nextCursor: string | undefined
  /** The oldest call that is kept; undefined: none is. */
  oldest: number | undefined
}

interface Wishes {
  filter: Omit<CallFilter, 'since' | 'until'>
  since: number
  until: number
  cursor: string | undefined
}

interface HistogramParts {
  calls: Pick<CallStore, 'tally' | 'oldest'>
  traffic: Pick<TrafficStore, 'listCounts'>
  clock: Pick<Clock, 'now'>
  /** 32 bytes, for cursors alone. */
  cursorKey: Buffer
}

const place = z.tuple([z.int(), z.string(), z.int().positive()])

export type CallHistogramReader = (wishes: Wishes) => Promise<CallHistogram>

/** Answers a function that throws `invalid-request` for a cursor that is not from here. */
export function createCallHistogram({
  calls,
  traffic,
  clock,
  cursorKey,
}: HistogramParts): CallHistogramReader {
  const places = createCursors(place, { key: cursorKey, purpose: 'call-histogram' })

  async function read(wishes: Wishes): Promise<Pick<CallHistogram, 'stepSeconds' | 'steps' | 'nextCursor'>> {
    const { filter, since, until, cursor } = wishes
    const begun = cursor === undefined ? undefined : (places.read(cursor) ?? refuseCursor())
    const stepSeconds = begun?.[2] ?? chooseStep(since, until)
    const from = floor(since, stepSeconds)
    const resolution =
      begun === undefined && isCounted(filter)
        ? countedSteps({ from, stepSeconds, now: clock.now() })
        : undefined
    if (resolution !== undefined) {
      const moments = await traffic.listCounts(resolution, { since: from, until })
      const only = filter.outcome && countOf[filter.outcome]
      return {
        stepSeconds,
        steps: addUp(
          moments.map((each) => pick(each, only)),
          stepSeconds,
        ),
        nextCursor: undefined,
      }
    }
    const before: CallPosition | undefined = begun && [begun[0], begun[1]]
    const { tallies, next } = await calls.tally(
      { ...filter, since: from, until },
      { characters: startCharacters(stepSeconds), ...(before && { before }) },
    )
    const nextCursor = next && places.write([...next, stepSeconds])
    return { stepSeconds, steps: addUp(tallies.map(toMoment), stepSeconds), nextCursor }
  }

  return async (wishes: Wishes): Promise<CallHistogram> => {
    const reading = await read(wishes)
    const oldest = await calls.oldest()
    return { ...reading, from: floor(wishes.since, reading.stepSeconds), to: wishes.until, oldest }
  }
}

/** Whether the numbers that are kept by the second, the minute and the hour know it already: what operators try out is in none. */
function isCounted(filter: CallFilter): boolean {
  const known = ['outcome', 'withoutTrials']
  return filter.withoutTrials === true && Object.keys(filter).every((name) => known.includes(name))
}

function toMoment({ start, outcome, count }: CallTally) {
  return {
    ...nothing(),
    at: Date.parse(`${start}${EARLIEST.slice(start.length)}`),
    [countOf[outcome]]: count,
  }
}

/** What is cut off from an instant's text, at its least. */
const EARLIEST = '1970-01-01T00:00:00.000Z'

function pick(moment: Counted & { at: number }, only: keyof Counted | undefined): Counted & { at: number } {
  if (only !== undefined) return { ...nothing(), at: moment.at, [only]: moment[only] }
  const { at, ok, clientErrors, throttled, upstreamErrors, shed, cancelled } = moment
  return { at, ok, clientErrors, throttled, upstreamErrors, shed, cancelled }
}

function addUp(moments: readonly (Counted & { at: number })[], stepSeconds: number): CallHistogram['steps'] {
  const steps = new Map<number, Counted & { at: number }>()
  for (const moment of moments) {
    const at = floor(moment.at, stepSeconds)
    const step = steps.get(at) ?? { ...nothing(), at }
    for (const name of Object.values(countOf)) step[name] += moment[name]
    steps.set(at, step)
  }
  const isEmpty = (step: Counted) => Object.values(countOf).every((name) => step[name] === 0)
  return [...steps.values()].filter((step) => !isEmpty(step)).toSorted((a, b) => a.at - b.at)
}

function nothing(): Counted {
  return { ok: 0, clientErrors: 0, throttled: 0, upstreamErrors: 0, shed: 0, cancelled: 0 }
}

function floor(at: number, stepSeconds: number): number {
  return at - (at % (stepSeconds * 1000))
}

function refuseCursor(): never {
  throw new GatewayError('invalid-request', 'cursor: is not one that was given out; begin without one', {
    field: 'cursor',
    code: 'invalid_value',
  })
}

/** What the histogram draws: a bar for each step of the time, those without a request too. Pure. */
import type { CallHistogram } from '../../../api/types.ts'

export const outcomes = ['ok', 'cancelled', 'clientErrors', 'throttled', 'shed', 'upstreamErrors'] as const
export type Outcome = (typeof outcomes)[number]
type Counts = Record<Outcome, number>

export interface Bar extends Counts {
  /** Milliseconds since the epoch. */
  at: number
  total: number
}

export interface Bars {
  bars: readonly Bar[]
  stepMs: number
  /** The highest bar; at least 1. */
  most: number
  totals: Counts & { total: number }
}

export function toBars({ from, to, stepSeconds, steps }: Omit<CallHistogram, 'nextCursor' | 'oldest'>): Bars {
  const stepMs = stepSeconds * 1000
  const begin = Date.parse(from)
  const count = Math.max(1, Math.ceil((Date.parse(to) - begin) / stepMs))
  const bars = Array.from({ length: count }, (_, index) => ({
    ...noCounts(),
    total: 0,
    at: begin + index * stepMs,
  }))
  const totals = { ...noCounts(), total: 0 }
  for (const step of steps) {
    const bar = bars[Math.floor((Date.parse(step.at) - begin) / stepMs)]
    if (bar === undefined) continue
    for (const name of outcomes) {
      for (const sum of [bar, totals]) {
        sum[name] += step[name]
        sum.total += step[name]
      }
    }
  }
  return { bars, stepMs, most: Math.max(1, ...bars.map(({ total }) => total)), totals }
}

/** More was counted, further back. */
export function addLook(known: CallHistogram, more: CallHistogram): CallHistogram {
  const steps = new Map(known.steps.map((step) => [step.at, step]))
  for (const step of more.steps) {
    const same = steps.get(step.at)
    if (same === undefined) steps.set(step.at, step)
    else steps.set(step.at, addCounts(same, step))
  }
  const inOrder = [...steps.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1))
  return { ...known, steps: inOrder, nextCursor: more.nextCursor }
}

type Step = CallHistogram['steps'][number]

function addCounts(a: Step, b: Step): Step {
  const sum = { ...a }
  for (const name of outcomes) sum[name] += b[name]
  return sum
}

function noCounts(): Counts {
  return { ok: 0, clientErrors: 0, throttled: 0, upstreamErrors: 0, shed: 0, cancelled: 0 }
}

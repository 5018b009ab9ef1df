/** What the charts draw, from what the gateway has counted. Pure. */
import type { FeedSnapshot, Traffic } from '../../../api/types.ts'
import { createSlidingWindow, type SlidingWindow, type Value } from '../../../charts/sliding-window.ts'

type Point = Traffic['points'][number]

/** What is counted, from the foot of the stack to its head. */
export const countColumns = [
  'ok',
  'clientErrors',
  'throttled',
  'upstreamErrors',
  'shed',
  'cancelled',
] as const
export const latencyColumns = {
  first: ['firstTokenP50Ms', 'firstTokenP95Ms', 'firstTokenP99Ms'],
  total: ['totalP50Ms', 'totalP95Ms', 'totalP99Ms'],
} as const

export type Column = (typeof countColumns)[number] | (typeof latencyColumns)['first' | 'total'][number]

const columns: readonly Column[] = [...countColumns, ...latencyColumns.first, ...latencyColumns.total]
/** Of a step without a request: none is zero, and of how long it took nothing is known. */
const absent: readonly Value[] = columns.map((_, index) => (index < countColumns.length ? 0 : null))

/** Later the gateway tells of no more requests that ended then. */
const KNOWN_AFTER_MS = 2000
/** Snapshots tell of ten seconds: whoever has missed more asks for all of it again. */
const MOST_MISSED_MS = 8000

export function toWindow({ from, to, stepSeconds, points }: Traffic): SlidingWindow {
  const stepMs = stepSeconds * 1000
  const latest = Date.parse(to)
  const steps = Math.max(1, Math.floor((latest - Date.parse(from)) / stepMs) + 1)
  const window = createSlidingWindow({ steps, stepMs, absent, to: latest })
  for (const point of points) setPoint(window, point)
  return window
}

export function columnOf(window: SlidingWindow, name: Column): readonly Value[] {
  return window.columns[columns.indexOf(name)] ?? []
}

/** Goes on with what the feed has told. False: too much was missed, and it has to be asked for. */
export function extendWindow(
  window: SlidingWindow,
  { at, seconds }: Pick<FeedSnapshot, 'at' | 'seconds'>,
): boolean {
  const latest = Date.parse(at) - KNOWN_AFTER_MS
  const missedMs = latest - (window.times.at(-1) ?? 0)
  if (missedMs > MOST_MISSED_MS) return false
  window.advance(latest)
  for (const point of seconds) setPoint(window, point)
  return true
}

function setPoint(window: SlidingWindow, point: Point): void {
  window.set(
    Date.parse(point.at),
    columns.map((name) => point[name]),
  )
}

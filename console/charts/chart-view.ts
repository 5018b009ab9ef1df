/** What a chart over time shows, and what its lines, its table and its words are made of. Pure. */
import type { Value } from './sliding-window.ts'

export interface ChartSeries {
  key: string
  label: string
  /** A custom property of the style sheets. */
  colour: `--${string}`
  /** One for each of the chart's times; null: nothing is known. */
  values: readonly Value[]
}

/** Something that happened, and may be why a curve has changed. */
export interface ChartMark {
  /** Milliseconds since the epoch. */
  at: number
  label: string
  /** Where more is told of it. */
  href?: string
}

/** `stacked`: counts, which add up, the first at the foot. `lines`: each for itself. */
export type ChartLook = 'stacked' | 'lines'

export interface ChartView {
  look: ChartLook
  /** When each step begins, in milliseconds since the epoch, in order. */
  times: readonly number[]
  stepMs: number
  /** Those that are shown. */
  series: readonly ChartSeries[]
  marks: readonly ChartMark[]
}

/** Each with those before it, into arrays that are used again. */
export function stackUp(columns: readonly (readonly Value[])[], target: Value[][]): void {
  target.length = columns.length
  for (const [index, column] of columns.entries()) {
    const below = target[index - 1]
    const sums = (target[index] ??= [])
    sums.length = column.length
    for (let place = 0; place < column.length; place += 1) {
      sums[place] = (column[place] ?? 0) + (below?.[place] ?? 0)
    }
  }
}

/** Values between two gaps: a line would not show them. */
export function isolatedPlaces(values: readonly (Value | undefined)[]): number[] {
  const places: number[] = []
  for (let place = 0; place < values.length; place += 1) {
    const isKnown = (values[place] ?? null) !== null
    if (isKnown && (values[place - 1] ?? null) === null && (values[place + 1] ?? null) === null)
      places.push(place)
  }
  return places
}

export interface ChartRow {
  at: number
  values: Value[]
}

/** At most so many rows, each of as many steps: sums of what is stacked, the highest of lines. Rows without anything are left out. */
export function toRows(
  { look, times, series }: Pick<ChartView, 'look' | 'times' | 'series'>,
  most: number,
): ChartRow[] {
  const size = stepsOfRow(times.length, most)
  const rows: ChartRow[] = []
  for (let place = 0; place < times.length; place += size) {
    const values = series.map((each) => condense(each.values.slice(place, place + size), look))
    if (values.some((value) => value !== null && value !== 0)) rows.push({ at: times[place] ?? 0, values })
  }
  return rows
}

export function stepsOfRow(steps: number, most: number): number {
  return Math.max(1, Math.ceil(steps / most))
}

function condense(values: readonly Value[], look: ChartLook): Value {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  return look === 'stacked' ? known.reduce((sum, value) => sum + value, 0) : Math.max(...known)
}

export interface SeriesFacts {
  total: number
  least: number
  most: number
  latest: number
}

/** Undefined: nothing is known. */
export function factsOf(values: readonly Value[]): SeriesFacts | undefined {
  let facts: SeriesFacts | undefined
  for (const value of values) {
    if (value === null) continue
    facts ??= { total: 0, least: value, most: value, latest: value }
    facts.total += value
    facts.least = Math.min(facts.least, value)
    facts.most = Math.max(facts.most, value)
    facts.latest = value
  }
  return facts
}

/** The step that a moment lies in; -1: none. */
export function placeOf(times: readonly number[], stepMs: number, at: number): number {
  const [first] = times
  if (first === undefined) return -1
  const place = Math.floor((at - first) / stepMs)
  return place >= 0 && place < times.length ? place : -1
}

/** Values over time, and the line that is drawn of them. Pure. */
import type { Traffic } from '../../api/types.ts'

type Point = Traffic['points'][number]
/** Null: nothing is known of that step, which is not the same as zero. */
export type Series = (number | null)[]

/** One value for each step. `absent`: of a step without any request. */
export function seriesOf(
  { from, to, stepSeconds, points }: Pick<Traffic, 'from' | 'to' | 'stepSeconds' | 'points'>,
  read: (point: Point) => number | null,
  absent: number | null,
): Series {
  const stepMs = stepSeconds * 1000
  const start = Date.parse(from)
  // The last step goes on.
  const length = Math.min(Math.max(Math.floor((Date.parse(to) - start) / stepMs) + 1, 1), 1000)
  const series: Series = Array.from({ length }, () => absent)
  for (const point of points) {
    const place = Math.floor((Date.parse(point.at) - start) / stepMs)
    if (place >= 0 && place < length) series[place] = read(point)
  }
  return series
}

/** The least and the most; undefined: nothing is known. */
export function rangeOf(series: Series): { least: number; most: number } | undefined {
  const known = series.filter((value) => value !== null)
  if (known.length === 0) return undefined
  return { least: Math.min(...known), most: Math.max(...known) }
}

/** Path data in a box: from zero at its foot to the most at its head, with gaps where nothing is known. */
export function drawLine(series: Series, { width, height }: { width: number; height: number }): string {
  const most = rangeOf(series)?.most ?? 0
  const stepWidth = series.length > 1 ? width / (series.length - 1) : width
  const yOf = (value: number) => round(height - (most > 0 ? (value / most) * height : 0))
  return series
    .map((value, place) => {
      if (value === null) return ''
      const before = series[place - 1] ?? null
      const after = series[place + 1] ?? null
      const x = round(place * stepWidth)
      if (before !== null) return `L${x} ${yOf(value)}`
      // A value between two gaps would have no line at all.
      return after === null ? `M${x} ${yOf(value)}h1` : `M${x} ${yOf(value)}`
    })
    .join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

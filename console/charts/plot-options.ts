/** How uPlot draws our series and axes. */
import uPlot from 'uplot'
import type { ChartLook, ChartView } from './chart-view.ts'
import type { Palette } from './palette.ts'
import type { Value } from './sliding-window.ts'

export interface Formats {
  value: (value: number) => string
  /** `stepMs`: between two labels. */
  tick: (at: number, stepMs: number) => string
}

const FONT = '12px system-ui, sans-serif'
const LETTER_PX = 7
const TICK_PX = 80

/** Half a request there is not. */
const WHOLE_STEPS = [1, 2, 5].flatMap((digit) =>
  Array.from({ length: 13 }, (_, power) => digit * 10 ** power),
)

export function axesOf(look: ChartLook, palette: Palette, { value, tick }: Formats): uPlot.Axis[] {
  const shared: uPlot.Axis = {
    font: FONT,
    stroke: () => palette.of('--soft'),
    grid: { stroke: () => palette.of('--line'), width: 1 },
    ticks: { show: false },
  }
  return [
    {
      ...shared,
      size: 28,
      space: TICK_PX,
      grid: { show: false },
      values: (_, splits, __, ___, stepMs) => splits.map((at) => tick(at, stepMs)),
    },
    {
      ...shared,
      size: (_, labels) => 14 + LETTER_PX * Math.max(3, ...longest(labels)),
      values: (_, splits) => splits.map(value),
      ...(look === 'stacked' && { incrs: WHOLE_STEPS.toSorted((a, b) => a - b) }),
    },
  ]
}

/** While uPlot measures for the first time there are no labels yet. */
function longest(labels: readonly string[] | null): number[] {
  return (labels ?? []).map((label) => label.length)
}

/** The first is of the times. */
export function seriesOf(
  { look, series }: ChartView,
  palette: Palette,
  isolated: (values: readonly (Value | undefined)[]) => number[],
): uPlot.Series[] {
  const stepped = uPlot.paths.stepped?.({ align: 1, extend: true })
  const drawn = series.map(({ label, colour }): uPlot.Series =>
    look === 'stacked'
      ? {
          label,
          stroke: () => palette.of(colour),
          fill: () => palette.softOf(colour),
          width: 1,
          points: { show: false },
          ...(stepped !== undefined && { paths: stepped }),
        }
      : {
          label,
          stroke: () => palette.of(colour),
          width: 1.75,
          points: {
            show: false,
            size: 4,
            fill: () => palette.of(colour),
            filter: (plot, index) => isolated(Array.from(plot.data[index] ?? [])),
          },
        },
  )
  return [{}, ...(look === 'stacked' ? drawn.toReversed() : drawn)]
}

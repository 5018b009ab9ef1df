/** One drawing: uPlot with our colours, crosshair, marks and sizes. Its words are beside it, see time-chart.tsx. */
import { effect, untracked, type Signal } from '@preact/signals'
import uPlot from 'uplot'
import { isolatedPlaces, placeOf, stackUp, type ChartView } from './chart-view.ts'
import { createPalette } from './palette.ts'
import { axesOf, seriesOf, type Formats } from './plot-options.ts'
import { drawMarks } from './draw-marks.ts'
import type { Value } from './sliding-window.ts'

export interface Plot {
  update(view: ChartView): void
  close(): void
}

interface PlotParts {
  host: HTMLElement
  view: ChartView
  height: number
  formats: Formats
  /** The moment that is pointed at, in all charts that share it; in milliseconds since the epoch. */
  crosshair: Signal<number | undefined>
}

/** Empty until the first update. */
export function createPlot({ host, view: firstView, height, formats, crosshair }: PlotParts): Plot {
  const sums: Value[][] = []
  const palette = createPalette(host, () => drawing.redraw(false))
  let view = firstView
  let drawing = draw()
  const observer = new ResizeObserver(() => {
    if (host.clientWidth > 0) drawing.setSize({ width: host.clientWidth, height })
  })
  observer.observe(host)
  const stopFollowing = effect(() => {
    const at = crosshair.value
    untracked(() => pointAt(at))
  })

  function draw(): uPlot {
    const plot = new uPlot(
      {
        width: Math.max(host.clientWidth, 1),
        height,
        ms: 1,
        padding: [10, 8, 0, 0],
        legend: { show: false },
        scales: { x: { range: spanOf }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: view.look === 'lines', size: 6 } },
        axes: axesOf(view.look, palette, formats),
        series: seriesOf(view, palette, isolatedPlaces),
        hooks: { setCursor: [noteCursor], draw: [(each) => drawMarks(each, view.marks, palette)] },
      },
      // What it shows comes by updates: axes and lines together hold a phone up for a tenth of a second.
      undefined,
      host,
    )
    return plot
  }

  function spanOf(): [number, number] {
    const { times, stepMs } = view
    return [times[0] ?? 0, (times.at(-1) ?? 0) + stepMs]
  }

  /** What is stacked is drawn from the top: each covers what reaches higher. */
  function dataOf(): uPlot.AlignedData {
    const columns = view.series.map(({ values }) => values)
    if (view.look === 'stacked') stackUp(columns, sums)
    const drawn: readonly (readonly Value[])[] = view.look === 'stacked' ? sums.toReversed() : columns
    return [[...view.times], ...drawn.map((values) => [...values])]
  }

  function noteCursor({ cursor: { idx, left = -1 } }: uPlot): void {
    crosshair.value = idx === null || idx === undefined || left < 0 ? undefined : view.times[idx]
  }

  /** Somebody points at it: in this chart, in another one, or by keys. */
  function pointAt(at: number | undefined): void {
    const { idx } = drawing.cursor
    const place = at === undefined ? -1 : placeOf(view.times, view.stepMs, at)
    const time = view.times[place]
    if (time === undefined) drawing.setCursor({ left: -10, top: -10 }, false)
    else if (idx !== place || (drawing.cursor.left ?? -1) < 0) {
      drawing.setCursor({ left: Math.max(0, drawing.valToPos(time, 'x')), top: 10 }, false)
    }
  }

  return {
    update(next) {
      const isSame = shapeOf(next) === shapeOf(view)
      view = next
      if (isSame) drawing.setData(dataOf())
      else {
        drawing.destroy()
        drawing = draw()
        drawing.setData(dataOf())
      }
      pointAt(crosshair.peek())
    },
    close() {
      stopFollowing()
      observer.disconnect()
      palette.close()
      drawing.destroy()
    },
  }
}

function shapeOf({ look, series }: ChartView): string {
  return `${look} ${series.map(({ key, colour }) => key + colour).join(' ')}`
}

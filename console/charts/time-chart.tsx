/** A chart over time that everybody can read: drawn, by keys, as a table and in words. */
import { useSignal, type Signal } from '@preact/signals'
import type { TargetedKeyboardEvent } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { formatTick, formatMoment } from '../i18n/format.ts'
import { speak } from '../i18n/messages.ts'
import { Button } from '../parts/button.tsx'
import { doInTurn } from '../parts/do-in-turn.ts'
import { ChartLegend } from './chart-legend.tsx'
import { ChartTable } from './chart-table.tsx'
import { ChartWords } from './chart-words.tsx'
import { placeOf, type ChartMark, type ChartView } from './chart-view.ts'
import { messages } from './messages.ts'
import { createPlot, type Plot } from './plot.ts'

export interface TimeChartProps extends Omit<ChartView, 'marks'> {
  title: string
  marks?: readonly ChartMark[]
  /** Shared by the charts that shall be pointed at together; in milliseconds since the epoch. */
  crosshair: Signal<number | undefined>
  format: (value: number) => string
  /** Keys of series that are not shown at first. */
  hidden?: readonly string[]
  height?: number
}

const JUMP = 10

/** New values come by rendering again; the arrays may be the same ones with other values. */
export function TimeChart({ title, crosshair, format, hidden = [], height = 220, ...given }: TimeChartProps) {
  const text = speak(messages)
  const hiddenKeys = useSignal<readonly string[]>(hidden)
  const isTable = useSignal(false)
  const wordsId = useId()
  const shown = given.series.filter(({ key }) => !hiddenKeys.value.includes(key))
  const view: ChartView = { ...given, marks: given.marks ?? [], series: shown }
  return (
    <figure class="chart" aria-label={title}>
      <div class="chart-head">
        <ChartLegend
          view={{ ...view, series: given.series }}
          hiddenKeys={hiddenKeys}
          crosshair={crosshair}
          format={format}
        />
        <Button look="quiet" aria-pressed={isTable.value} onClick={() => (isTable.value = !isTable.value)}>
          {text('asTable')}
        </Button>
      </div>
      {isTable.value ? (
        <ChartTable title={title} view={view} format={format} />
      ) : (
        <PlotArea
          label={title}
          wordsId={wordsId}
          view={view}
          crosshair={crosshair}
          format={format}
          height={height}
        />
      )}
      <ChartWords id={wordsId} view={view} format={format} />
    </figure>
  )
}

interface PlotAreaProps extends Pick<TimeChartProps, 'crosshair' | 'format'> {
  label: string
  wordsId: string
  view: ChartView
  height: number
}

function PlotArea({ label, wordsId, view, crosshair, format, height }: PlotAreaProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot>(null)
  const formatNow = useRef(format)
  formatNow.current = format
  const viewNow = useRef(view)
  viewNow.current = view
  useEffect(() => {
    const leaveEmpty = doInTurn(() => {
      if (host.current === null) return
      plot.current = createPlot({
        host: host.current,
        view: viewNow.current,
        height,
        crosshair,
        formats: { value: (value) => formatNow.current(value), tick: formatTick },
      })
    })
    const leaveFilled = doInTurn(() => {
      plot.current?.update(viewNow.current)
      if (host.current !== null) host.current.ariaBusy = 'false'
    })
    return () => {
      leaveEmpty()
      leaveFilled()
      plot.current?.close()
      plot.current = null
    }
  }, [crosshair, height])
  // Pointing at it renders again as well, and draws nothing anew.
  useEffect(() => plot.current?.update(view), [view])

  const at = crosshair.value
  const place = at === undefined ? -1 : placeOf(view.times, view.stepMs, at)
  return (
    <div
      ref={host}
      class="chart-plot"
      style={{ height: `${height}px` }}
      role="slider"
      aria-busy="true"
      tabIndex={0}
      aria-label={label}
      aria-describedby={wordsId}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, view.times.length - 1)}
      aria-valuenow={place < 0 ? view.times.length - 1 : place}
      aria-valuetext={sayStep(view, place < 0 ? view.times.length - 1 : place, format)}
      onKeyDown={(event) => moveByKey(event, view, crosshair)}
      onBlur={() => (crosshair.value = undefined)}
    />
  )
}

function sayStep({ times, series }: ChartView, place: number, format: (value: number) => string): string {
  const at = times[place]
  if (at === undefined) return ''
  const values = series.map(({ label, values: all }) => {
    const value = all[place] ?? null
    return `${label} ${value === null ? '–' : format(value)}`
  })
  return [formatMoment(at), ...values].join(', ')
}

function moveByKey(
  event: TargetedKeyboardEvent<HTMLElement>,
  { times, stepMs }: ChartView,
  crosshair: Signal<number | undefined>,
): void {
  const last = times.length - 1
  const at = crosshair.peek()
  const place = at === undefined ? last + 1 : placeOf(times, stepMs, at)
  const next = {
    ArrowLeft: place - 1,
    ArrowDown: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place + 1,
    PageDown: place - JUMP,
    PageUp: place + JUMP,
    Home: 0,
    End: last,
  }[event.key]
  if (event.key === 'Escape' && at !== undefined) {
    event.stopPropagation()
    crosshair.value = undefined
  }
  if (next === undefined) return
  event.preventDefault()
  crosshair.value = times[Math.min(last, Math.max(0, next))]
}

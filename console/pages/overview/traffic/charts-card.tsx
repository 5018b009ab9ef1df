import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { MarkList } from '../../../charts/mark-list.tsx'
import type { SlidingWindow } from '../../../charts/sliding-window.ts'
import { TimeChart } from '../../../charts/time-chart.tsx'
import { formatShort } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Segments } from '../../../parts/segments.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { marksSince } from '../overview-events.ts'
import { columnOf, countColumns } from './chart-data.ts'
import { chartReading, chartWindow, followChart, loadChart } from './chart-reading.ts'
import { LatencyPart } from './latency-part.tsx'
import { messages } from './messages.ts'
import { chooseRange, chosenRange, ranges } from './range.ts'

/** Both charts are pointed at together. */
const crosshair = signal<number | undefined>(undefined)

const countColours: Record<(typeof countColumns)[number], `--${string}`> = {
  ok: '--good',
  clientErrors: '--idle',
  throttled: '--warn',
  upstreamErrors: '--bad',
  shed: '--accent',
  cancelled: '--frame',
}
/** How many requests there were, how they ended and how long they took, with what happened meanwhile. */
export function ChartsCard() {
  const text = speak(messages)
  useEffect(followChart, [])
  const { error } = chartReading.value
  const shown = chartWindow.value
  return (
    <>
      <header class="card-head">
        <h2>{text('traffic')}</h2>
        <Segments
          label={text('range')}
          segments={ranges.map((name) => ({ name, label: text(`range-${name}`) }))}
          chosen={chosenRange.value}
          onChoose={chooseRange}
        />
      </header>
      {error !== undefined && <Failed error={error} onRetry={() => void loadChart()} />}
      {shown === undefined && error === undefined && <ChartBones />}
      {shown !== undefined && <Charts window={shown.window} />}
    </>
  )
}

function Charts({ window }: { window: SlidingWindow }) {
  const text = speak(messages)
  const [from = 0, second = 0] = window.times
  const stepMs = Math.max(1000, second - from)
  const marks = marksSince(from)
  const isQuiet = countColumns.every((name) => columnOf(window, name).every((value) => value === 0))
  const shared = { times: window.times, stepMs, marks, crosshair }
  return (
    <div class="charts">
      {isQuiet && <Quiet />}
      <div class="charts-pair">
        <section class="chart-part">
          <h3>{text(titleOf(stepMs))}</h3>
          <TimeChart
            {...shared}
            title={text(titleOf(stepMs))}
            look="stacked"
            format={formatShort}
            series={countColumns.map((key) => ({
              key,
              label: text(key),
              colour: countColours[key],
              values: columnOf(window, key),
            }))}
          />
        </section>
        <LatencyPart window={window} shared={shared} />
      </div>
      <MarkList marks={marks} />
    </div>
  )
}

function Quiet() {
  const text = speak(messages)
  return (
    <p class="hint">
      {text('nothing')}{' '}
      {chosenRange.value !== '30d' && (
        <Button look="quiet" onClick={() => chooseRange('30d')}>
          {text('wider')}
        </Button>
      )}
    </p>
  )
}

/** As high as what will stand there. */
function ChartBones() {
  return (
    <div class="chart-bones">
      <Skeleton rows={8} />
    </div>
  )
}

function titleOf(stepMs: number): 'perSecond' | 'perMinute' | 'perHour' {
  if (stepMs < 60_000) return 'perSecond'
  return stepMs < 3_600_000 ? 'perMinute' : 'perHour'
}

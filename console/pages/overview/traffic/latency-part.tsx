import { useEffect } from 'preact/hooks'
import type { Latency } from '../../../api/types.ts'
import type { SlidingWindow, Value } from '../../../charts/sliding-window.ts'
import { TimeChart } from '../../../charts/time-chart.tsx'
import { formatMilliseconds, formatMoment } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Segments } from '../../../parts/segments.tsx'
import { Failed } from '../../../parts/states.tsx'
import { changeQuery, route } from '../../../state/route.ts'
import { columnOf, latencyColumns } from './chart-data.ts'
import { followLatency, latencyReading, loadLatency } from './latency-reading.ts'
import { chosenSubject } from './latency-subject.ts'
import { messages } from './messages.ts'
import { chosenRange } from './range.ts'
import { SubjectField } from './subject-field.tsx'

const percentiles = [
  { name: 'p50', colour: '--accent' },
  { name: 'p95', colour: '--warn' },
  { name: 'p99', colour: '--bad' },
] as const

interface LatencyPartProps {
  window: SlidingWindow
  shared: Pick<Parameters<typeof TimeChart>[0], 'times' | 'stepMs' | 'marks' | 'crosshair'>
}

/** How long requests took: all of them, or those of one model, API or account. */
export function LatencyPart({ window, shared }: LatencyPartProps) {
  const text = speak(messages)
  const kind = route.value.query.get('latency') === 'total' ? 'total' : 'first'
  const subject = chosenSubject.value
  const range = chosenRange.value
  useEffect(() => (subject === '' ? undefined : followLatency()), [subject, range])
  const { value, error } = latencyReading.value
  const valuesOf = (name: LatencyColumn) =>
    subject === '' ? columnOf(window, name) : alignWith(shared.times, value, name)
  return (
    <section class="chart-part">
      <header class="chart-part-head">
        <h3>{text('latency')}</h3>
        <Segments
          label={text('which')}
          segments={[
            { name: 'first', label: text('first') },
            { name: 'total', label: text('whole') },
          ]}
          chosen={kind}
          onChoose={(name) => changeQuery({ latency: name === 'total' ? name : undefined })}
        />
        <SubjectField subject={subject} />
      </header>
      {subject !== '' && error !== undefined && <Failed error={error} onRetry={() => void loadLatency()} />}
      <TimeChart
        {...shared}
        title={text(kind === 'total' ? 'total' : 'firstToken')}
        look="lines"
        format={formatMilliseconds}
        series={percentiles.map(({ name, colour }, index) => ({
          key: name,
          label: name,
          colour,
          values: valuesOf(latencyColumns[kind][index] ?? 'firstTokenP50Ms'),
        }))}
      />
      {subject !== '' && value !== undefined && <Since reading={value} />}
    </section>
  )
}

type LatencyColumn = (typeof latencyColumns)[keyof typeof latencyColumns][number]

/** At the moments of the other chart; null: nothing is known. */
function alignWith(times: readonly number[], reading: Latency | undefined, name: LatencyColumn): Value[] {
  const points = new Map(reading?.points.map((point) => [Date.parse(point.at), point[name]]))
  return times.map((at) => points.get(at) ?? null)
}

/** Who reads a gap as quiet should know where there is only no record, or too much of it. */
function Since({ reading: { from, to, since, isCut } }: { reading: Latency }) {
  const text = speak(messages)
  if (since <= from) return null
  const when = formatMoment(since)
  const isNothingKnown = since >= to && !isCut
  return (
    <p class="hint" role="status">
      {isNothingKnown ? text('noneRead') : text(isCut ? 'tooMany' : 'readSince', { when })}
    </p>
  )
}

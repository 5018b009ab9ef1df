import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { formatMoment } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Failed } from '../../../parts/states.tsx'
import { changeQuery } from '../../../state/route.ts'
import { toLocal, type Span } from '../request-filter.ts'
import { toBars, type Bars } from './bars.ts'
import { fromSpan, isWhole, toSpan, type Brush } from './brush.ts'
import { BrushEdges } from './brush-edges.tsx'
import { BarChart } from './bar-chart.tsx'
import { BarTable } from './bar-table.tsx'
import type { HistogramState } from './histogram-state.ts'
import { Legend } from './legend.tsx'
import { messages } from './messages.ts'

interface HistogramProps {
  histogram: HistogramState
  /** What of it is chosen. */
  chosen: Span | undefined
  /** The list has failed too, mostly for the same reason: to say it once is enough. */
  isFailureTold: boolean
}

/** How many requests ended how over the time; what is chosen in it is what the list shows. */
export function Histogram({ histogram, chosen, isFailureTold }: HistogramProps) {
  const { value, error, isCounting } = histogram.state.value
  const bars = useMemo(() => value && toBars(value), [value])
  if (value === undefined || bars === undefined) {
    if (error === undefined) return <div class="histogram histogram-waiting" aria-hidden="true" />
    return isFailureTold ? null : <Failed error={error} onRetry={() => void histogram.load()} />
  }
  const countedTo = value.nextCursor === null || isCounting ? undefined : value.steps[0]?.at
  return (
    <Drawn bars={bars} chosen={chosen} isCounting={isCounting} countedTo={countedTo}>
      {error !== undefined && !isFailureTold && (
        <Failed error={error} onRetry={() => void histogram.load()} />
      )}
    </Drawn>
  )
}

interface DrawnProps {
  bars: Bars
  chosen: Span | undefined
  isCounting: boolean
  countedTo: string | undefined
  children: ComponentChildren
}

function Drawn({ bars, chosen, isCounting, countedTo, children }: DrawnProps) {
  const text = speak(messages)
  const [draft, setDraft] = useState<Brush>()
  const [pointed, setPointed] = useState<number>()
  const scale = { count: bars.bars.length, from: bars.bars[0]?.at ?? 0, stepMs: bars.stepMs }
  const brush = draft ?? fromSpan(chosen, scale)

  function choose(wanted: Brush | undefined): void {
    setDraft(undefined)
    const isNothing = wanted === undefined || isWhole(wanted, scale)
    const span = isNothing ? undefined : toSpan(wanted, scale)
    changeQuery({ from: span?.since, to: span?.until })
  }
  return (
    <section class="histogram" aria-label={text('title')}>
      <Legend bars={bars} pointed={pointed} isCounting={isCounting} />
      <div class="histogram-plot">
        <BarChart
          bars={bars}
          scale={scale}
          brush={brush}
          onPoint={setPointed}
          onDraft={setDraft}
          onChoose={choose}
        />
        <BrushEdges scale={scale} brush={brush} onDraft={setDraft} onChoose={choose} />
      </div>
      <Axis bars={bars} />
      <div class="actions histogram-tools">
        {brush !== undefined && <Chosen span={toSpan(brush, scale)} onClear={() => choose(undefined)} />}
        {countedTo !== undefined && (
          <span class="hint">{text('countedTo', { when: formatMoment(countedTo) })}</span>
        )}
      </div>
      {children}
      <BarTable bars={bars} />
    </section>
  )
}

function Axis({ bars: { bars, stepMs } }: { bars: Bars }) {
  const [first] = bars
  const last = bars.at(-1)
  if (first === undefined || last === undefined) return null
  return (
    <div class="histogram-axis hint" aria-hidden="true">
      <span>{formatMoment(first.at)}</span>
      <span>{formatMoment(last.at + stepMs)}</span>
    </div>
  )
}

function Chosen({ span, onClear }: { span: Span; onClear: () => void }) {
  const text = speak(messages)
  return (
    <>
      <span role="status">
        {text('chosen', { from: formatMoment(span.since), to: formatMoment(span.until) })}
      </span>
      <Button
        look="quiet"
        icon="search"
        onClick={() =>
          changeQuery({
            range: 'custom',
            since: toLocal(span.since),
            until: toLocal(span.until),
            from: undefined,
            to: undefined,
          })
        }
      >
        {text('zoom')}
      </Button>
      <Button look="quiet" icon="close" onClick={onClear}>
        {text('clear')}
      </Button>
    </>
  )
}

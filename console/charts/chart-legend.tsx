import type { Signal } from '@preact/signals'
import { formatMoment } from '../i18n/format.ts'
import { speak } from '../i18n/messages.ts'
import { factsOf, placeOf, type ChartSeries, type ChartView } from './chart-view.ts'
import { messages } from './messages.ts'

interface ChartLegendProps {
  /** With all series, the hidden ones too. */
  view: ChartView
  hiddenKeys: Signal<readonly string[]>
  crosshair: Signal<number | undefined>
  format: (value: number) => string
}

/** Which colour is which, what they come to, and a switch for each. Where somebody points at a step: what is there. */
export function ChartLegend({ view, hiddenKeys, crosshair, format }: ChartLegendProps) {
  const text = speak(messages)
  const at = crosshair.value
  const place = at === undefined ? -1 : placeOf(view.times, view.stepMs, at)
  const time = view.times[place]
  const hidden = hiddenKeys.value
  function toggle(key: string): void {
    hiddenKeys.value = hidden.includes(key) ? hidden.filter((each) => each !== key) : [...hidden, key]
  }
  return (
    <div class="chart-legend">
      {view.series.map((series) => (
        <button
          key={series.key}
          type="button"
          class="chart-key"
          aria-pressed={!hidden.includes(series.key)}
          title={text('show', { name: series.label })}
          onClick={() => toggle(series.key)}
        >
          <span class="chart-swatch" style={{ background: `var(${series.colour})` }} />
          {series.label}
          <span class="chart-value">{valueOf(series, view.look, place, format)}</span>
        </button>
      ))}
      <span class="hint chart-moment">{time === undefined ? '' : formatMoment(time)}</span>
    </div>
  )
}

function valueOf(
  { values }: ChartSeries,
  look: ChartView['look'],
  place: number,
  format: (value: number) => string,
): string {
  const facts = place < 0 ? factsOf(values) : undefined
  const value = place < 0 ? (look === 'stacked' ? facts?.total : facts?.latest) : values[place]
  return value === undefined || value === null ? '–' : format(value)
}

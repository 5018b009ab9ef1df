import { formatNumber, formatMoment } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { outcomes, type Bars } from './bars.ts'
import { messages } from './messages.ts'

interface LegendProps {
  bars: Bars
  /** The bar somebody points at: then its numbers are shown. */
  pointed: number | undefined
  isCounting: boolean
}

export function Legend({ bars: { bars, stepMs, totals }, pointed, isCounting }: LegendProps) {
  const text = speak(messages)
  const bar = pointed === undefined ? undefined : bars[pointed]
  const shown = bar ?? totals
  const failed = shown.total - shown.ok
  return (
    <div class="histogram-legend">
      <p>
        <strong>{text('summary', { count: shown.total, failed: formatNumber(failed) })}</strong>{' '}
        {bar !== undefined && (
          <span class="hint">
            {text('chosen', { from: formatMoment(bar.at), to: formatMoment(bar.at + stepMs) })}
          </span>
        )}
        {isCounting && <span class="hint">{text('counting')}</span>}
      </p>
      <ul>
        {outcomes.map((name) => (
          <li key={name} class={shown[name] === 0 ? 'none' : undefined}>
            <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
              <rect class={`bar-${name}`} width="10" height="10" rx="2" />
            </svg>
            {text(name)} <span class="number">{formatNumber(shown[name])}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

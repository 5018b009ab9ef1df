import { speak } from '../../i18n/messages.ts'
import { messages } from './messages.ts'
import { drawLine, rangeOf, type Series } from './series.ts'

const WIDTH = 240
const HEIGHT = 32

/** A line without axes; those who cannot see it are told its range. */
export function Sparkline({ series, format }: { series: Series; format: (value: number) => string }) {
  const text = speak(messages)
  const range = rangeOf(series)
  const label =
    range === undefined
      ? text('noData')
      : text('course', { least: format(range.least), most: format(range.most) })
  return (
    <svg
      class="sparkline"
      viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path class="foot" d={`M0 ${HEIGHT}H${WIDTH}`} />
      <path class="line" d={drawLine(series, { width: WIDTH, height: HEIGHT })} />
    </svg>
  )
}

import { formatMoment } from '../i18n/format.ts'
import { speak } from '../i18n/messages.ts'
import { toRows, type ChartView } from './chart-view.ts'
import { messages } from './messages.ts'

const MOST_ROWS = 60

interface ChartTableProps {
  title: string
  view: ChartView
  format: (value: number) => string
}

/** The same numbers to be read, the latest first. */
export function ChartTable({ title, view, format }: ChartTableProps) {
  const text = speak(messages)
  const rows = toRows(view, MOST_ROWS).toReversed()
  if (rows.length === 0) return <p class="hint chart-nothing">{text('nothing')}</p>
  return (
    <div class="chart-table" role="region" aria-label={title} tabIndex={0}>
      <table class="table">
        <caption class="hint">{text('rows')}</caption>
        <thead>
          <tr>
            <th scope="col">{text('time')}</th>
            {view.series.map(({ key, label }) => (
              <th key={key} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, values }) => (
            <tr key={at}>
              <th scope="row">{formatMoment(at)}</th>
              {values.map((value, index) => (
                <td key={view.series[index]?.key} class="number">
                  {value === null ? text('none') : format(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

import { useState } from 'preact/hooks'
import { formatNumber, formatMoment } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { outcomes, type Bars } from './bars.ts'
import { messages } from './messages.ts'

/** The same in numbers, for those who do not see the bars, or want them exactly. */
export function BarTable({ bars: { bars } }: { bars: Bars }) {
  const text = speak(messages)
  const [isOpen, setOpen] = useState(false)
  const shown = bars.filter(({ total }) => total > 0)
  return (
    <details class="histogram-numbers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text('asTable')}</summary>
      {isOpen && shown.length === 0 && <p class="hint">{text('none')}</p>}
      {isOpen && shown.length > 0 && (
        <div class="table-frame" tabIndex={0} role="region" aria-label={text('title')}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{text('time')}</th>
                <th scope="col" class="number">
                  {text('total')}
                </th>
                {outcomes.map((name) => (
                  <th key={name} scope="col" class="number">
                    {text(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((bar) => (
                <tr key={bar.at}>
                  <td>{formatMoment(bar.at)}</td>
                  <td class="number">{formatNumber(bar.total)}</td>
                  {outcomes.map((name) => (
                    <td key={name} class="number">
                      {formatNumber(bar[name])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}

import { speak } from '../i18n/messages.ts'
import { factsOf, type ChartView } from './chart-view.ts'
import { messages } from './messages.ts'

interface ChartWordsProps {
  id: string
  view: ChartView
  format: (value: number) => string
}

/** What those hear who do not see the lines. */
export function ChartWords({ id, view, format }: ChartWordsProps) {
  const text = speak(messages)
  return (
    <figcaption id={id} class="unseen">
      {view.series.map(({ key, label: name, values }) => {
        const facts = factsOf(values)
        if (facts === undefined) return <p key={key}>{text('unknown', { name })}</p>
        const most = format(facts.most)
        return (
          <p key={key}>
            {view.look === 'stacked'
              ? text('sumOf', { name, total: format(facts.total), most })
              : text('spanOf', { name, least: format(facts.least), most, latest: format(facts.latest) })}
          </p>
        )
      })}
      <p>{text('keys')}</p>
    </figcaption>
  )
}

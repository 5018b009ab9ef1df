import { formatMoment } from '../i18n/format.ts'
import { speak } from '../i18n/messages.ts'
import { Link } from '../parts/link.tsx'
import type { ChartMark } from './chart-view.ts'
import { messages } from './messages.ts'

const MOST_LISTED = 4

/** What the marks of a chart stand for, the latest first. */
export function MarkList({ marks }: { marks: readonly ChartMark[] }) {
  const text = speak(messages)
  if (marks.length === 0) return null
  const listed = marks.toSorted((a, b) => b.at - a.at).slice(0, MOST_LISTED)
  const more = marks.length - listed.length
  return (
    <ul class="chart-marks" aria-label={text('marks')}>
      {listed.map(({ at, label, href }) => (
        <li key={`${at} ${label}`}>
          <span class="hint">{formatMoment(at)}</span>{' '}
          {href === undefined ? label : <Link href={href}>{label}</Link>}
        </li>
      ))}
      {more > 0 && <li class="hint">{text('moreMarks', { count: more })}</li>}
    </ul>
  )
}

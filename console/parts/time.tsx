import { formatSpan, formatTime } from '../i18n/format.ts'
import { now } from '../state/now.ts'

/** "3 minutes ago"; the exact time is shown to those who point at it. */
export function Time({ at }: { at: string | number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at)}>
      {formatSpan(at, now.value)}
    </time>
  )
}

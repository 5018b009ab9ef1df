import { speak } from '../../i18n/messages.ts'
import { BEAT_HEIGHT, BEAT_WIDTH, beatKinds, countBeats, drawBeats } from './beat-path.ts'
import { messages } from './messages.ts'

const MINUTES = 60
const SILENT = '-'.repeat(MINUTES)

/** Sixty minutes of an account. `minutes` undefined: there was no request. */
export function Beats({ minutes = SILENT }: { minutes: string | undefined }) {
  const text = speak(messages)
  const busy = MINUTES - countBeats(minutes, 'none')
  const label =
    busy === 0
      ? text('beatsNone')
      : text('beatsAre', {
          busy,
          throttled: countBeats(minutes, 'throttled'),
          failed: countBeats(minutes, 'failed'),
        })
  return (
    <svg
      class="beats"
      viewBox={`0 0 ${MINUTES * BEAT_WIDTH - 1} ${BEAT_HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {beatKinds.map((kind) => (
        <path key={kind} class={kind} d={drawBeats(minutes, kind)} />
      ))}
    </svg>
  )
}

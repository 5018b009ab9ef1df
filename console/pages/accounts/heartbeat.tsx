import { speak } from '../../i18n/messages.ts'
import { beats } from '../../state/traffic.ts'
import { BEAT_HEIGHT, BEAT_STEP, beatPaths, type BeatKind } from './beat-paths.ts'
import { beatMessages } from './state-messages.ts'

const MINUTES = 60
const SILENT = '-'.repeat(MINUTES)

/** The last hour of an account. */
export function Heartbeat({ id }: { id: string }) {
  const text = speak(beatMessages)
  if (beats.value === undefined) return <span class="hint no-beats">—</span>
  const minutes = beats.value.get(id) ?? SILENT
  const paths = beatPaths(minutes)
  const countOf = (kind: BeatKind) => paths.find((each) => each.kind === kind)?.minutes ?? 0
  const busy = minutes.length - countOf('none')
  const label =
    busy === 0
      ? text('beatsNone')
      : text('beatsAre', { busy, throttled: countOf('throttled'), failed: countOf('failed') })
  return (
    <svg
      class="beats"
      viewBox={`0 0 ${MINUTES * BEAT_STEP - 1} ${BEAT_HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {paths.map(({ kind, path }) => (
        <path key={kind} class={kind} d={path} />
      ))}
    </svg>
  )
}

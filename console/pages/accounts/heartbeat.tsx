import { speak } from '../../i18n/messages.ts'
import { beats } from '../../state/traffic.ts'
import { BEAT_HEIGHT, BEAT_STEP, beatPaths, type BeatKind } from './beat-paths.ts'
import { beatMessages } from './state-messages.ts'

const MINUTES = 60
const SILENT = '-'.repeat(MINUTES)
const SILENT_PATHS = beatPaths(SILENT)

/** Undefined: nobody knows yet. To be called while a component renders. */
export function beatsOf(id: string): string | undefined {
  return beats.value && (beats.value.get(id) ?? SILENT)
}

/** The last hour of an account. */
export function Heartbeat({ id }: { id: string }) {
  return drawBeats(beatsOf(id))
}

export function drawBeats(minutes: string | undefined) {
  const text = speak(beatMessages)
  if (minutes === undefined) return <span class="hint no-beats">—</span>
  const paths = minutes === SILENT ? SILENT_PATHS : beatPaths(minutes)
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

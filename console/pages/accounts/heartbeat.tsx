import { speak } from '../../i18n/messages.ts'
import { BEAT_HEIGHT, BEAT_STEP, beatPaths, type BeatKind } from './beat-paths.ts'
import { beats } from './beats-store.ts'
import { messages } from './messages.ts'

/** The last hour of an account. */
export function Heartbeat({ id }: { id: string }) {
  const text = speak(messages)
  const minutes = beats.value.get(id)
  if (minutes === undefined) return <span class="hint no-beats">—</span>
  const paths = beatPaths(minutes)
  const countOf = (kind: BeatKind) => paths.find((each) => each.kind === kind)?.minutes ?? 0
  const label = text('beatsOf', {
    busy: minutes.length - countOf('none'),
    throttled: countOf('throttled'),
    failed: countOf('failed'),
  })
  return (
    <svg
      class="beats"
      viewBox={`0 0 ${60 * BEAT_STEP} ${BEAT_HEIGHT}`}
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

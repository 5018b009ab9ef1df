import { speak } from '../../i18n/messages.ts'
import { Skeleton } from '../../parts/states.tsx'
import { isLinkDown, liveState } from '../../state/live.ts'
import { messages } from './messages.ts'

/** In the place of what the feed tells while it has told nothing: on its way, or not to be had. */
export function NoFigures({ rows }: { rows: number }) {
  const text = speak(messages)
  if (isLinkDown.value) return <p class="hint">{text('noFeed')}</p>
  if (liveState.value.kind === 'paused') return <p class="hint">{text('feedPaused')}</p>
  return <Skeleton rows={rows} />
}

import { speak } from '../../i18n/messages.ts'
import { Skeleton } from '../../parts/states.tsx'
import { liveState } from '../../state/live.ts'
import { messages } from './messages.ts'

/** In the place of what the feed tells while it has told nothing: on its way, or not to be had. */
export function NoFigures({ rows }: { rows: number }) {
  const text = speak(messages)
  switch (liveState.value.kind) {
    case 'waiting':
      return <p class="hint">{text('noFeed')}</p>
    case 'paused':
      return <p class="hint">{text('feedPaused')}</p>
    case 'connecting':
    case 'open':
    default:
      return <Skeleton rows={rows} />
  }
}

import { useEffect } from 'preact/hooks'
import { speak } from '../i18n/messages.ts'
import { connectFeed, liveState, pauseFeed } from '../state/live.ts'
import { now } from '../state/now.ts'
import { unreachable } from '../unreachable.ts'
import { messages } from './messages.ts'

/** Whether what is shown is of now, and the button that stops it. */
export function LiveState() {
  const text = speak(messages)
  const { value: state } = liveState
  useEffect(() => {
    connectFeed()
    return pauseFeed
  }, [])
  const isPaused = state.kind === 'paused'
  return (
    <button
      type="button"
      class={`live ${state.kind}`}
      aria-pressed={isPaused}
      title={text(isPaused ? 'resume' : 'pause')}
      onClick={isPaused ? connectFeed : pauseFeed}
    >
      <span class="live-dot" aria-hidden="true" />
      {wordFor(text)}
    </button>
  )
}

function wordFor(text: ReturnType<typeof speak<(typeof messages)['en']>>): string {
  const { value: state } = liveState
  switch (state.kind) {
    case 'open':
      return text('live')
    case 'paused':
      return text('paused')
    case 'connecting':
      return text('connecting')
    case 'waiting':
      return text('reconnecting', { seconds: Math.max(0, Math.ceil((state.until - now.value) / 1000)) })
    default:
      return unreachable(state)
  }
}

import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import type { TailState } from './live-tail.ts'
import { messages } from './messages.ts'
import type { RequestPages } from './request-pages.ts'

const words = { on: 'liveOn', pointer: 'livePointer', chosen: 'liveChosen', failed: 'liveFailed' } as const

/** Why the list moves by itself or does not, and how many came too quickly. */
export function LiveNote({
  state,
  pages,
  onReload,
}: {
  state: TailState
  pages: RequestPages | undefined
  onReload: () => void
}) {
  const text = speak(messages)
  const count = pages?.passedBy ?? 0
  return (
    <div class="actions requests-live">
      <span class="hint" role="status">
        {text(words[state])}
      </span>
      {count > 0 && (
        <Button look="quiet" icon="up" onClick={onReload}>
          {text(pages?.isPassedByMore === true ? 'passedByMore' : 'passedBy', { count })}
        </Button>
      )}
    </div>
  )
}

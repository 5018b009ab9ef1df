import type { Setting } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { showToast } from '../../state/toasts.ts'
import { messages } from './messages.ts'
import { faultOf } from './setting-drafts.ts'
import { drafts } from './settings-store.ts'

/** In view as long as something is not saved. */
export function SaveBar({ list, onReview }: { list: readonly Setting[]; onReview: () => void }) {
  const text = speak(messages)
  const edited = list.filter(({ name }) => drafts.value.has(name))
  if (edited.length === 0) return null
  const faulty = edited.filter(
    (each) => faultOf(each, drafts.value.get(each.name)?.text ?? null) !== undefined,
  )

  return (
    <div class="save-bar" role="region" aria-label={text('changes', { count: edited.length })}>
      <p role="status">
        {text('changes', { count: edited.length })}
        {faulty.length > 0 && <span class="field-error"> · {text('faulty', { count: faulty.length })}</span>}
      </p>
      <div class="actions">
        <Button onClick={discard}>{text('discard')}</Button>
        <Button
          look="primary"
          aria-disabled={faulty.length > 0}
          onClick={() => {
            if (faulty.length === 0) onReview()
          }}
        >
          {text('review')}
        </Button>
      </div>
    </div>
  )
}

function discard(): void {
  const before = drafts.value
  drafts.value = new Map()
  showToast({ kind: 'done', text: () => speak(messages)('discarded'), undo: () => (drafts.value = before) })
}

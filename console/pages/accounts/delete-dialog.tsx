import type { TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { isPrivate } from '../../state/settings.ts'
import { shownName } from './account-deeds.ts'
import { toDelete } from './account-menu.ts'
import { confirmationWord } from './confirmation.ts'
import { messages } from './messages.ts'
import { planRemoval } from './removals.ts'

/** Deleting cannot be taken back for long, so it has to be meant. */
export function DeleteDialog({ onDeleted }: { onDeleted: () => void }) {
  const text = speak(messages)
  const [typed, setTyped] = useState('')
  const chosen = toDelete.value
  const [first] = chosen
  if (first === undefined) return null
  const word = confirmationWord(chosen, isPrivate.value)
  const close = () => {
    setTyped('')
    toDelete.value = []
  }
  function submit(event: TargetedEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (typed.trim() !== word) return
    planRemoval(chosen)
    close()
    onDeleted()
  }
  return (
    <Dialog
      title={chosen.length > 1 ? text('deleteTitleMany', { count: chosen.length }) : text('deleteTitle')}
      onClose={close}
    >
      <form class="form" onSubmit={submit}>
        {chosen.length === 1 && (
          <p class="break">
            <bdi>{shownName(first)}</bdi>
          </p>
        )}
        <p>{text('deleteReason')}</p>
        <TextField
          label={text('deleteType', { word })}
          value={typed}
          onText={setTyped}
          autofocus
          autocomplete="off"
          spellcheck={false}
        />
        <div class="actions">
          <Button type="submit" look="danger" icon="trash" aria-disabled={typed.trim() !== word}>
            {text('delete')}
          </Button>
          <Button onClick={close}>{text('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  )
}

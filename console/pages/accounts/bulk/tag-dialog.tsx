import type { TargetedEvent } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { Account } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field } from '../../../parts/field.tsx'
import { changeAccount } from '../account-requests.ts'
import { accounts } from '../accounts-store.ts'
import { messages } from '../messages.ts'
import { changeTags } from './change-tags.ts'
import { startRun } from './current-run.ts'

interface TagDialogProps {
  how: 'add' | 'remove'
  chosen: readonly Account[]
  onClose: () => void
}

/** Adds a tag to all that are selected, or takes it from them. Offers those that there are. */
export function TagDialog({ how, chosen, onClose }: TagDialogProps) {
  const text = speak(messages)
  const listId = useId()
  const [tag, setTag] = useState('')
  const name = tag.trim()
  const source = how === 'add' ? (accounts.state.value.value ?? []) : chosen
  const known = [...new Set(source.flatMap(({ tags }) => tags))].toSorted()

  function apply(event: TargetedEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (name === '') return
    void startRun({
      kind: how === 'add' ? 'addTag' : 'removeTag',
      accounts: chosen,
      async work(account) {
        const tags = changeTags(account.tags, { how, tag: name })
        return tags === undefined ? account : changeAccount(account.id, { tags })
      },
    })
    onClose()
  }
  return (
    <Dialog title={text(how === 'add' ? 'addTag' : 'removeTag')} onClose={onClose}>
      <form class="form" onSubmit={apply}>
        <Field
          label={text('tagName')}
          control={(ties) => (
            <input
              {...ties}
              type="text"
              list={listId}
              autofocus
              required
              maxLength={200}
              autocomplete="off"
              value={tag}
              onInput={(event) => setTag(event.currentTarget.value)}
            />
          )}
        />
        <datalist id={listId}>
          {known.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <div class="actions">
          <Button type="submit" look="primary" aria-disabled={name === ''}>
            {text('apply')}
          </Button>
          <Button onClick={onClose}>{text('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  )
}

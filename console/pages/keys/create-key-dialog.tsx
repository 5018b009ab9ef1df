import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { NewKey } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { formMessages } from './form-messages.ts'
import { blankKey, faultsOf, wishesOf } from './key-draft.ts'
import { KeyFormDialog } from './key-form-dialog.tsx'
import { showNewKey } from './keys-store.ts'

export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const text = speak(formMessages)
  const [draft, setDraft] = useState(blankKey)
  const [hasTried, setTried] = useState(false)

  async function create(): Promise<void> {
    setTried(true)
    if (faultsOf(draft, Date.now()).length > 0) return
    showNewKey(await ask<NewKey>('/v2/keys', { method: 'POST', body: wishesOf(draft, Date.now()) }))
    onClose()
  }
  return (
    <KeyFormDialog
      title={text('createTitle')}
      save={text('create')}
      draft={draft}
      faults={hasTried ? faultsOf(draft, Date.now()) : []}
      onEdit={(edits) => setDraft({ ...draft, ...edits })}
      onSave={create}
      onClose={onClose}
    />
  )
}

import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Key } from '../../api/types.ts'
import { formatDate } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { showToast } from '../../state/toasts.ts'
import { formMessages } from './form-messages.ts'
import { changesOfKey, draftOfKey, faultsOf } from './key-draft.ts'
import { KeyFormDialog } from './key-form-dialog.tsx'
import { pathOfKey, prefixOf, putKey } from './keys-store.ts'

interface EditKeyDialogProps {
  keyShown: Key
  onClose: () => void
}

export function EditKeyDialog({ keyShown: key, onClose }: EditKeyDialogProps) {
  const text = speak(formMessages)
  // Against what the form began with, as what nobody touches here stays as others have set it.
  const [opened] = useState(key)
  const [draft, setDraft] = useState(() => draftOfKey(key))
  const faults = faultsOf(draft, Date.now())
  const hasChanges = Object.keys(changesOfKey(opened, draft, Date.now())).length > 0

  async function save(): Promise<void> {
    if (faults.length > 0 || !hasChanges) return
    const body = changesOfKey(opened, draft, Date.now())
    const saved = await ask<Key>(pathOfKey(key), { method: 'PATCH', body })
    putKey(saved)
    showToast({ kind: 'done', text: text('saved', { prefix: prefixOf(saved) }) })
    onClose()
  }
  return (
    <KeyFormDialog
      title={text('editTitle', { prefix: prefixOf(key) })}
      save={text('save')}
      isDisabled={!hasChanges || faults.length > 0}
      draft={draft}
      faults={faults}
      expiryNow={key.expires_at === null ? text('never') : formatDate(key.expires_at)}
      onEdit={(edits) => setDraft({ ...draft, ...edits })}
      onSave={save}
      onClose={onClose}
    />
  )
}

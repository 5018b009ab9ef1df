import { useEffect, useId, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Key } from '../../api/types.ts'
import { formatDate } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { SaveButtons } from '../../parts/save-buttons.tsx'
import { Failed } from '../../parts/states.tsx'
import { useSubmit } from '../../parts/use-submit.ts'
import { showToast } from '../../state/toasts.ts'
import { accounts } from '../accounts/accounts-store.ts'
import { knownTags } from '../accounts/form/known-tags.ts'
import { formMessages } from './form-messages.ts'
import { changesOfKey, draftOfKey, faultsOf } from './key-draft.ts'
import { KeyFields } from './key-fields.tsx'
import { isShownByKeyField } from './key-problems.ts'
import { pathOfKey, prefixOf, putKey } from './keys-store.ts'

interface EditKeyDialogProps {
  keyShown: Key
  onClose: () => void
}

export function EditKeyDialog({ keyShown: key, onClose }: EditKeyDialogProps) {
  const text = speak(formMessages)
  const formId = useId()
  // Against what the form began with, as what nobody touches here stays as others have set it.
  const [opened] = useState(key)
  const [draft, setDraft] = useState(() => draftOfKey(key))
  const faults = faultsOf(draft, Date.now())
  const hasChanges = Object.keys(changesOfKey(opened, draft, Date.now())).length > 0
  useEffect(() => {
    if (accounts.state.value.value === undefined) void accounts.load()
  }, [])

  const { error, isBusy, onSubmit } = useSubmit(async () => {
    if (faults.length > 0 || !hasChanges) return
    const body = changesOfKey(opened, draft, Date.now())
    const saved = await ask<Key>(pathOfKey(key), { method: 'PATCH', body })
    putKey(saved)
    showToast({ kind: 'done', text: text('saved', { prefix: prefixOf(saved) }) })
    onClose()
  })
  return (
    <Dialog
      title={text('editTitle', { prefix: prefixOf(key) })}
      onClose={onClose}
      footer={
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={text('save')}
          isBusy={isBusy}
          isDisabled={!hasChanges || faults.length > 0}
          onCancel={onClose}
        />
      }
    >
      <form id={formId} class="form" noValidate onSubmit={onSubmit}>
        {error !== undefined && !isShownByKeyField(error, draft) && <Failed error={error} />}
        <KeyFields
          draft={draft}
          error={error}
          faults={faults}
          knownTags={knownTags(accounts.state.value.value ?? [])}
          expiryNow={key.expires_at === null ? text('never') : formatDate(key.expires_at)}
          onEdit={(edits) => setDraft({ ...draft, ...edits })}
        />
      </form>
    </Dialog>
  )
}

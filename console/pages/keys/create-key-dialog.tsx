import { useEffect, useId, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { NewKey } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { SaveButtons } from '../../parts/save-buttons.tsx'
import { Failed } from '../../parts/states.tsx'
import { useSubmit } from '../../parts/use-submit.ts'
import { accounts } from '../accounts/accounts-store.ts'
import { knownTags } from '../accounts/form/known-tags.ts'
import { formMessages } from './form-messages.ts'
import { blankKey, faultsOf, wishesOf } from './key-draft.ts'
import { KeyFields } from './key-fields.tsx'
import { isShownByKeyField } from './key-problems.ts'
import { putKey } from './keys-store.ts'
import { NewKeySheet } from './new-key-sheet.tsx'

export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const text = speak(formMessages)
  const formId = useId()
  const [draft, setDraft] = useState(blankKey)
  const [hasTried, setTried] = useState(false)
  const [made, setMade] = useState<NewKey>()
  useEffect(() => {
    if (accounts.state.value.value === undefined) void accounts.load()
  }, [])

  const { error, isBusy, onSubmit } = useSubmit(async () => {
    setTried(true)
    if (faultsOf(draft, Date.now()).length > 0) return
    const { key: secret, ...key } = await ask<NewKey>('/v2/keys', {
      method: 'POST',
      body: wishesOf(draft, Date.now()),
    })
    putKey(key)
    setMade({ ...key, key: secret })
  })
  if (made !== undefined) return <NewKeySheet made={made} onClose={onClose} />
  return (
    <Dialog
      title={text('createTitle')}
      onClose={onClose}
      footer={
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={text('create')}
          isBusy={isBusy}
          onCancel={onClose}
        />
      }
    >
      <form id={formId} class="form" noValidate onSubmit={onSubmit}>
        {error !== undefined && !isShownByKeyField(error, draft) && <Failed error={error} />}
        <KeyFields
          draft={draft}
          error={error}
          faults={hasTried ? faultsOf(draft, Date.now()) : []}
          knownTags={knownTags(accounts.state.value.value ?? [])}
          onEdit={(edits) => setDraft({ ...draft, ...edits })}
        />
      </form>
    </Dialog>
  )
}

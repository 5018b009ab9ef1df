import { useId, useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import { fieldProblem, isShownByField } from '../../../api/field-problem.ts'
import type { Account } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { Switch, TextField } from '../../../parts/field.tsx'
import { SaveButtons } from '../../../parts/save-buttons.tsx'
import { Failed } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { showToast } from '../../../state/toasts.ts'
import { shownName } from '../account-deeds.ts'
import { nameOf } from '../account-name.ts'
import { accounts, putAccount } from '../accounts-store.ts'
import { pathOf } from '../drawer/account-deeds.ts'
import {
  changesOf,
  conflictsOf,
  draftOf,
  numberFaults,
  settingFields,
  type AccountDraft,
} from './account-draft.ts'
import { AccountFields } from './account-fields.tsx'
import { ChangeList } from './change-list.tsx'
import { knownTags } from './known-tags.ts'
import { messages } from './messages.ts'

const fields = [...settingFields, 'proxyUrl']

interface EditFormProps {
  account: Account
  onClose: () => void
}

/** What is edited stays as typed while news of the account come in. */
export function EditForm({ account, onClose }: EditFormProps) {
  const text = speak(messages)
  const formId = useId()
  const [opened] = useState(account)
  const [draft, setDraft] = useState(() => draftOf(account))
  const faults = numberFaults(draft)
  const list = accounts.state.value.value ?? [account]
  const latest = list.find(({ id }) => id === account.id)
  // Against what the form began with: a field that nobody has touched here stays as others have set it.
  const changes = changesOf(opened, draft)
  const count = Object.keys(changes).length

  const { error, isBusy, onSubmit } = useSubmit(async () => {
    if (faults.length > 0 || count === 0) return
    const saved = await ask<Account>(pathOf(account), { method: 'PATCH', body: changes })
    putAccount(saved)
    showToast({ kind: 'done', text: () => speak(messages)('saved', { name: shownName(saved) }) })
    onClose()
  })
  return (
    <Dialog
      title={text('edit', { name: nameOf(account) })}
      onClose={onClose}
      footer={
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={count === 0 ? text('nothingToSave') : text('save', { count })}
          isBusy={isBusy}
          isDisabled={count === 0 || faults.length > 0}
          onCancel={onClose}
        />
      }
    >
      <form id={formId} class="form" onSubmit={onSubmit}>
        {latest === undefined && <p class="field-error">{text('gone')}</p>}
        {error !== undefined && !isShownByField(error, fields) && <Failed error={error} />}
        <EditedFields
          draft={draft}
          error={error}
          faults={faults}
          hasProxy={account.hasProxyUrl}
          knownTags={knownTags(list)}
          onEdit={(edits) => setDraft({ ...draft, ...edits })}
        />
        {count > 0 && (
          <ChangeList
            account={latest ?? opened}
            changes={changes}
            conflicts={conflictsOf(opened, latest ?? opened, changes)}
          />
        )}
      </form>
    </Dialog>
  )
}

type EditedFieldsProps = Parameters<typeof AccountFields>[0] & {
  onEdit: (edits: Partial<AccountDraft>) => void
}

function EditedFields(props: EditedFieldsProps) {
  const text = speak(messages)
  const { draft, error, onEdit } = props
  return (
    <>
      <TextField
        label={text('label')}
        hint={text('labelHint')}
        error={fieldProblem(error, 'label')}
        autofocus
        maxLength={200}
        value={draft.label}
        onText={(label) => onEdit({ label })}
      />
      <Switch label={text('enabled')} isOn={draft.enabled} onToggle={(enabled) => onEdit({ enabled })} />
      <AccountFields {...props} />
    </>
  )
}

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
import { accounts, putAccount } from '../accounts-store.ts'
import { blankDraft, newAccountOf, numberFaults, settingFields } from './account-draft.ts'
import { AccountFields } from './account-fields.tsx'
import { CredentialFields } from './credential-fields.tsx'
import { knownTags } from './known-tags.ts'
import { messages } from './messages.ts'

const fields = [...settingFields, 'clientId', 'clientSecret', 'refreshToken', 'proxyUrl']

export function CreateForm({ onClose }: { onClose: () => void }) {
  const text = speak(messages)
  const formId = useId()
  const [draft, setDraft] = useState(blankDraft)
  const [credentials, setCredentials] = useState({ clientId: '', clientSecret: '', refreshToken: '' })
  const faults = numberFaults(draft)

  const { error, isBusy, onSubmit } = useSubmit(async () => {
    if (faults.length > 0) return
    const body = newAccountOf(credentials, draft)
    const made = await ask<Account>('/v2/accounts', { method: 'POST', body })
    putAccount(made)
    showToast({ kind: 'done', text: () => speak(messages)('added', { name: shownName(made) }) })
    onClose()
  })
  return (
    <Dialog
      title={text('create')}
      onClose={onClose}
      footer={
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={text('add')}
          isBusy={isBusy}
          onCancel={onClose}
        />
      }
    >
      <form id={formId} class="form" onSubmit={onSubmit}>
        {error !== undefined && !isShownByField(error, fields) && <Failed error={error} />}
        <TextField
          label={text('label')}
          hint={text('labelHint')}
          error={fieldProblem(error, 'label')}
          autofocus
          maxLength={200}
          value={draft.label}
          onText={(label) => setDraft({ ...draft, label })}
        />
        <CredentialFields
          credentials={credentials}
          error={error}
          onEdit={(edits) => setCredentials({ ...credentials, ...edits })}
        />
        <Switch
          label={text('enabled')}
          isOn={draft.enabled}
          onToggle={(enabled) => setDraft({ ...draft, enabled })}
        />
        <MoreFields
          draft={draft}
          error={error}
          faults={faults}
          onEdit={(edits) => setDraft({ ...draft, ...edits })}
        />
      </form>
    </Dialog>
  )
}

type MoreFieldsProps = Pick<Parameters<typeof AccountFields>[0], 'draft' | 'error' | 'faults' | 'onEdit'>

function MoreFields(props: MoreFieldsProps) {
  const text = speak(messages)
  return (
    <details class="form-more" open={hasFaultWithin(props.error) || props.faults.length > 0}>
      <summary>{text('more')}</summary>
      <div class="form">
        <AccountFields {...props} hasProxy={false} knownTags={knownTags(accounts.state.value.value ?? [])} />
      </div>
    </details>
  )
}

/** What is at fault must not be folded away. */
function hasFaultWithin(error: unknown): boolean {
  return isShownByField(error, [...settingFields.filter((field) => field !== 'label'), 'proxyUrl'])
}

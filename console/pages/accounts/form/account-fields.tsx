import { fieldProblem } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { ChipsField } from '../../../parts/chips-field.tsx'
import { Switch, TextField } from '../../../parts/field.tsx'
import type { AccountDraft, NumberField } from './account-draft.ts'
import { messages } from './messages.ts'

interface AccountFieldsProps {
  draft: AccountDraft
  onEdit: (edits: Partial<AccountDraft>) => void
  error: unknown
  faults: readonly NumberField[]
  hasProxy: boolean
  knownTags: readonly string[]
}

/** What an operator may say of an account, whether it is new or not. */
export function AccountFields(props: AccountFieldsProps) {
  const { draft, onEdit, error } = props
  const text = speak(messages)
  return (
    <>
      <ChipsField
        label={text('tags')}
        hint={text('tagsHint')}
        placeholder={text('listPlaceholder')}
        error={fieldProblem(error, 'tags')}
        list={draft.tags}
        known={props.knownTags}
        onList={(tags) => onEdit({ tags })}
      />
      <Numbers {...props} />
      <ChipsField
        label={text('models')}
        hint={text('modelsHint')}
        placeholder={text('listPlaceholder')}
        error={fieldProblem(error, 'models')}
        list={draft.models}
        onList={(models) => onEdit({ models })}
      />
      <div class="field-row">
        <TextField
          label={text('region')}
          error={fieldProblem(error, 'region')}
          spellcheck={false}
          value={draft.region}
          onText={(region) => onEdit({ region })}
        />
        <TextField
          label={text('profileArn')}
          hint={text('profileArnHint')}
          error={fieldProblem(error, 'profileArn')}
          spellcheck={false}
          maxLength={2048}
          value={draft.profileArn}
          onText={(profileArn) => onEdit({ profileArn })}
        />
      </div>
      <ProxyField {...props} />
    </>
  )
}

function Numbers({ draft, onEdit, error, faults }: AccountFieldsProps) {
  const text = speak(messages)
  const fields = [
    ['weight', 'weightHint'],
    ['priority', 'priorityHint'],
    ['concurrencyLimit', 'concurrencyLimitHint'],
  ] as const
  return (
    <div class="field-row">
      {fields.map(([field, hint]) => (
        <TextField
          key={field}
          label={text(field)}
          hint={text(hint)}
          error={faults.includes(field) ? text('notNumber') : fieldProblem(error, field)}
          inputMode="numeric"
          autocomplete="off"
          maxLength={20}
          value={draft[field]}
          onText={(typed) => onEdit({ [field]: typed })}
        />
      ))}
    </div>
  )
}

function ProxyField({ draft, onEdit, error, hasProxy }: AccountFieldsProps) {
  const text = speak(messages)
  return (
    <>
      {!draft.removesProxy && (
        <TextField
          isSecret
          label={text('proxyUrl')}
          hint={text(hasProxy ? 'proxySet' : 'proxyUrlHint')}
          error={fieldProblem(error, 'proxyUrl')}
          maxLength={4096}
          value={draft.proxyUrl}
          onText={(proxyUrl) => onEdit({ proxyUrl })}
        />
      )}
      {hasProxy && (
        <Switch
          label={text('removesProxy')}
          isOn={draft.removesProxy}
          onToggle={(removesProxy) => onEdit({ removesProxy })}
        />
      )}
    </>
  )
}

import { fieldProblem } from '../../api/field-problem.ts'
import { speak } from '../../i18n/messages.ts'
import { ChipsField } from '../../parts/chips-field.tsx'
import { Field, SelectField, TextField } from '../../parts/field.tsx'
import { formMessages } from './form-messages.ts'
import { expiryChoices, limitFields, type ExpiryChoice, type KeyDraft, type KeyFault } from './key-draft.ts'

interface KeyFieldsProps {
  draft: KeyDraft
  onEdit: (edits: Partial<KeyDraft>) => void
  error: unknown
  /** Shown once somebody has tried to send it. */
  faults: readonly KeyFault[]
  knownTags: readonly string[]
  /** When it ends now, in words; undefined: the key is new. */
  expiryNow?: string | undefined
}

const expiryTexts = { '30': 'in30', '90': 'in90', '365': 'in365', never: 'never', date: 'onDate' } as const

export function KeyFields(props: KeyFieldsProps) {
  const { draft, onEdit, error, faults } = props
  const text = speak(formMessages)
  return (
    <>
      <TextField
        label={text('name')}
        hint={text('nameHint')}
        error={faults.includes('name') ? text('nameNeeded') : fieldProblem(error, 'name')}
        autofocus
        autocomplete="off"
        maxLength={200}
        value={draft.name}
        onText={(name) => onEdit({ name })}
      />
      <ExpiryFields {...props} />
      <details class="form-more" open={props.expiryNow !== undefined || error !== undefined}>
        <summary>{text('scopeAndLimits')}</summary>
        <div class="form">
          <ScopeFields {...props} />
          <LimitFields {...props} />
        </div>
      </details>
    </>
  )
}

function ExpiryFields({ draft, onEdit, error, faults, expiryNow }: KeyFieldsProps) {
  const text = speak(formMessages)
  const choices: { value: ExpiryChoice; label: string }[] = expiryChoices.map((value) => ({
    value,
    label: text(expiryTexts[value]),
  }))
  if (expiryNow !== undefined) choices.unshift({ value: 'keep', label: text('keep', { when: expiryNow }) })
  return (
    <div class="field-row">
      <SelectField
        label={text('expiry')}
        value={draft.expiry}
        options={choices}
        onChoice={(expiry) => onEdit({ expiry })}
      />
      {draft.expiry === 'date' && (
        <Field
          label={text('lastDay')}
          error={faults.includes('lastDay') ? text('dayNeeded') : fieldProblem(error, 'expires_at')}
          control={(ties) => (
            <input
              {...ties}
              type="date"
              value={draft.lastDay}
              onInput={(event) => onEdit({ lastDay: event.currentTarget.value })}
            />
          )}
        />
      )}
    </div>
  )
}

function ScopeFields({ draft, onEdit, error, knownTags }: KeyFieldsProps) {
  const text = speak(formMessages)
  return (
    <>
      <ChipsField
        label={text('models')}
        hint={text('modelsHint')}
        placeholder={text('placeholder')}
        error={fieldProblem(error, 'models')}
        list={draft.models}
        onList={(models) => onEdit({ models })}
      />
      <ChipsField
        label={text('accountTags')}
        hint={text('accountTagsHint')}
        placeholder={text('placeholder')}
        error={fieldProblem(error, 'account_tags')}
        list={draft.accountTags}
        known={knownTags}
        onList={(accountTags) => onEdit({ accountTags })}
      />
      <ChipsField
        label={text('addresses')}
        hint={text('addressesHint')}
        placeholder={text('placeholder')}
        error={fieldProblem(error, 'addresses')}
        list={draft.addresses}
        onList={(addresses) => onEdit({ addresses })}
      />
    </>
  )
}

function LimitFields({ draft, onEdit, error, faults }: KeyFieldsProps) {
  const text = speak(formMessages)
  return (
    <fieldset class="field-set">
      <legend>{text('limits')}</legend>
      <p class="hint">{text('limitsHint')}</p>
      <div class="field-row">
        {limitFields.map((field) => (
          <TextField
            key={field}
            label={text(field)}
            error={
              faults.includes(field)
                ? text(field.startsWith('credits') ? 'numberNeeded' : 'wholeNeeded')
                : fieldProblem(error, `limits.${field}`)
            }
            inputMode="decimal"
            autocomplete="off"
            maxLength={20}
            value={draft.limits[field]}
            onText={(typed) => onEdit({ limits: { ...draft.limits, [field]: typed } })}
          />
        ))}
      </div>
    </fieldset>
  )
}

import { useId } from 'preact/hooks'
import { fieldProblem } from '../../../api/field-problem.ts'
import { Problem } from '../../../api/problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { SelectField, TextField } from '../../../parts/field.tsx'
import { exportFaults, type ExportDraft } from './export-draft.ts'
import { messages } from './messages.ts'

interface ExportFieldsProps {
  draft: ExportDraft
  error: unknown
  hasTried: boolean
  needsPassword: boolean
  onEdit: (edits: Partial<ExportDraft>) => void
}

export function ExportFields({ draft, error, hasTried, needsPassword, onEdit }: ExportFieldsProps) {
  const text = speak(messages)
  return (
    <>
      <fieldset class="field-set">
        <legend>{text('exportWhat')}</legend>
        <Choice
          label={text('metadata')}
          hint={text('metadataHint')}
          isChosen={!draft.withSecrets}
          onChoose={() => onEdit({ withSecrets: false })}
        />
        <Choice
          label={text('withSecrets')}
          hint={text('withSecretsHint')}
          isChosen={draft.withSecrets}
          onChoose={() => onEdit({ withSecrets: true })}
        />
      </fieldset>
      {draft.withSecrets ? (
        <SecretFields
          draft={draft}
          error={error}
          hasTried={hasTried}
          needsPassword={needsPassword}
          onEdit={onEdit}
        />
      ) : (
        <SelectField
          label={text('format')}
          value={draft.format}
          options={[
            { value: 'json', label: 'JSON' },
            { value: 'csv', label: 'CSV' },
          ]}
          onChoice={(format) => onEdit({ format })}
        />
      )}
    </>
  )
}

interface ChoiceProps {
  label: string
  hint: string
  isChosen: boolean
  onChoose: () => void
}

function Choice({ label, hint, isChosen, onChoose }: ChoiceProps) {
  const id = useId()
  return (
    <label class="choice">
      <input type="radio" name="export-what" checked={isChosen} aria-describedby={id} onChange={onChoose} />
      <span>
        {label}
        <span class="hint" id={id}>
          {hint}
        </span>
      </span>
    </label>
  )
}

function SecretFields({ draft, error, hasTried, needsPassword, onEdit }: ExportFieldsProps) {
  const text = speak(messages)
  const faults = exportFaults(draft)
  return (
    <>
      <TextField
        isSecret
        label={text('newPassphrase')}
        hint={text('newPassphraseHint')}
        error={hasTried && faults.includes('short') ? text('tooShort') : fieldProblem(error, 'passphrase')}
        maxLength={1000}
        value={draft.passphrase}
        onText={(passphrase) => onEdit({ passphrase })}
      />
      <TextField
        isSecret
        label={text('again')}
        error={hasTried && faults.includes('different') ? text('notSame') : undefined}
        maxLength={1000}
        value={draft.again}
        onText={(again) => onEdit({ again })}
      />
      {needsPassword && (
        <TextField
          isSecret
          label={text('password')}
          hint={text('passwordHint')}
          error={passwordError(error, text)}
          maxLength={1000}
          value={draft.password}
          onText={(password) => onEdit({ password })}
        />
      )}
    </>
  )
}

function passwordError(
  error: unknown,
  text: ReturnType<typeof speak<(typeof messages)['en']>>,
): string | undefined {
  if (!(error instanceof Problem) || error.field !== 'password') return undefined
  return text(error.code === 'password_needed' ? 'passwordNeeded' : 'passwordWrong')
}

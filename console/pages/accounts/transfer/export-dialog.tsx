import type { TargetedEvent } from 'preact'
import { useId, useState } from 'preact/hooks'
import { open } from '../../../api/client.ts'
import { Problem } from '../../../api/problem.ts'
import { fieldProblem, isShownByField } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { SelectField } from '../../../parts/field.tsx'
import { SecretField } from '../../../parts/secret-field.tsx'
import { Failed } from '../../../parts/states.tsx'
import { session } from '../../../state/session.ts'
import { showToast } from '../../../state/toasts.ts'
import { blankExport, exportBodyOf, exportFaults, type ExportDraft } from './export-draft.ts'
import { messages } from './messages.ts'
import { datedName, saveFile } from './save-file.ts'

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const text = speak(messages)
  const formId = useId()
  const [draft, setDraft] = useState(blankExport)
  const [error, setError] = useState<unknown>()
  const [hasTried, setTried] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const needsPassword = asksForPassword(error)

  async function submit(event: TargetedEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    setTried(true)
    if (isBusy || exportFaults(draft).length > 0) return
    setBusy(true)
    try {
      const answer = await open('/v2/accounts/export', { method: 'POST', body: exportBodyOf(draft) })
      const stem = draft.withSecrets ? 'aqueduct-accounts-sealed' : 'aqueduct-accounts'
      saveFile(datedName(stem, draft.withSecrets ? 'json' : draft.format), await answer.blob())
      showToast({ kind: 'done', text: text('exported') })
      onClose()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={text('exportTitle')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button type="submit" form={formId} look="primary" icon="download" isBusy={isBusy}>
            {text('doExport')}
          </Button>
        </>
      }
    >
      <form id={formId} class="form" noValidate onSubmit={(event) => void submit(event)}>
        {error !== undefined && !isShownByField(error, ['passphrase', 'password']) && (
          <Failed error={error} />
        )}
        <ExportFields
          draft={draft}
          error={error}
          hasTried={hasTried}
          needsPassword={needsPassword}
          onEdit={(edits) => setDraft({ ...draft, ...edits })}
        />
      </form>
    </Dialog>
  )
}

/** Whoever came by a session or a token has to show once more who they are; the gateway says so in any case. */
function asksForPassword(error: unknown): boolean {
  const { value } = session
  const cameOtherwise =
    value.kind === 'operator' && (value.view.via === 'session' || value.view.via === 'token')
  return cameOtherwise || (error instanceof Problem && error.field === 'password')
}

interface ExportFieldsProps {
  draft: ExportDraft
  error: unknown
  hasTried: boolean
  needsPassword: boolean
  onEdit: (edits: Partial<ExportDraft>) => void
}

function ExportFields({ draft, error, hasTried, needsPassword, onEdit }: ExportFieldsProps) {
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
      <SecretField
        label={text('newPassphrase')}
        hint={text('newPassphraseHint')}
        error={hasTried && faults.includes('short') ? text('tooShort') : fieldProblem(error, 'passphrase')}
        maxLength={1000}
        value={draft.passphrase}
        onText={(passphrase) => onEdit({ passphrase })}
      />
      <SecretField
        label={text('again')}
        error={hasTried && faults.includes('different') ? text('notSame') : undefined}
        maxLength={1000}
        value={draft.again}
        onText={(again) => onEdit({ again })}
      />
      {needsPassword && (
        <SecretField
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

import type { TargetedEvent } from 'preact'
import { useId, useState } from 'preact/hooks'
import { open } from '../../../api/client.ts'
import { Problem } from '../../../api/problem.ts'
import { isShownByField } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { SaveButtons } from '../../../parts/save-buttons.tsx'
import { Failed } from '../../../parts/states.tsx'
import { session } from '../../../state/session.ts'
import { showToast } from '../../../state/toasts.ts'
import { blankExport, exportBodyOf, exportFaults } from './export-draft.ts'
import { ExportFields } from './export-fields.tsx'
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
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={text('doExport')}
          isBusy={isBusy}
          icon="download"
          onCancel={onClose}
        />
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

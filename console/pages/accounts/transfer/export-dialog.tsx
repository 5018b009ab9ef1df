import { useId, useState } from 'preact/hooks'
import { open } from '../../../api/client.ts'
import { Problem } from '../../../api/problem.ts'
import { isShownByField } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { SaveButtons } from '../../../parts/save-buttons.tsx'
import { Failed } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
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
  const [hasTried, setTried] = useState(false)

  const { error, isBusy, onSubmit } = useSubmit(async () => {
    setTried(true)
    if (exportFaults(draft).length > 0) return
    const answer = await open('/v2/accounts/export', { method: 'POST', body: exportBodyOf(draft) })
    const stem = draft.withSecrets ? 'aqueduct-accounts-sealed' : 'aqueduct-accounts'
    saveFile(datedName(stem, draft.withSecrets ? 'json' : draft.format), await answer.blob())
    showToast({ kind: 'done', text: text('exported') })
    onClose()
  })
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
      <form id={formId} class="form" noValidate onSubmit={onSubmit}>
        {error !== undefined && !isShownByField(error, ['passphrase', 'password']) && (
          <Failed error={error} />
        )}
        <ExportFields
          draft={draft}
          error={error}
          hasTried={hasTried}
          needsPassword={asksForPassword(error)}
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

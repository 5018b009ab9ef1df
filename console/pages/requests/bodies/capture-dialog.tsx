import { useEffect, useId } from 'preact/hooks'
import type { Captures } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { SaveButtons } from '../../../parts/save-buttons.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { showToast } from '../../../state/toasts.ts'
import { keys } from '../../keys/key-list.ts'
import { CaptureFields, listKnownKeys, useCaptureDraft } from './capture-fields.tsx'
import { captures, startCapture } from './captures-store.ts'
import { KeptBodies } from './kept-bodies.tsx'
import { messages } from './messages.ts'
import { RunningRules } from './running-rules.tsx'

export function CaptureDialog({ onClose }: { onClose: () => void }) {
  const text = speak(messages)
  const formId = useId()
  const { value: state, error } = captures.state.value
  const [draft, setDraft] = useCaptureDraft()
  const { minutes, scope } = draft
  const keyId = draft.keyId === '' ? (listKnownKeys()[0]?.value ?? '') : draft.keyId
  const submit = useSubmit(async () => {
    await startCapture(scope, { minutes: Number(minutes), ...(scope === 'key' && { keyId }) })
    showToast({ kind: 'done', text: text('startedToast') })
  })
  useEffect(() => void keys.load(), [])

  const isRunning = state?.rules.some((rule) => rule.scope === scope) === true
  const canStart = state !== undefined && state.keepHours > 0 && (scope !== 'key' || keyId !== '')
  return (
    <Dialog
      title={text('title')}
      onClose={onClose}
      footer={
        state?.keepHours === 0 ? (
          <Button onClick={onClose}>{text('close')}</Button>
        ) : (
          <SaveButtons
            formId={formId}
            cancel={text('close')}
            save={text(isRunning ? 'replace' : 'start')}
            isBusy={submit.isBusy}
            isDisabled={!canStart}
            onCancel={onClose}
          />
        )
      }
    >
      <div class="form">
        {state === undefined && error === undefined && <Skeleton />}
        {error !== undefined && <Failed error={error} onRetry={() => void captures.load()} />}
        {state !== undefined && <RunningRules rules={state.rules} />}
        {state !== undefined && <Facts state={state} />}
        {state !== undefined && state.keepHours > 0 && (
          <form id={formId} class="form" noValidate onSubmit={canStart ? submit.onSubmit : stopHere}>
            {submit.error !== undefined && <Failed error={submit.error} />}
            <CaptureFields draft={draft} onEdit={(edits) => setDraft({ ...draft, ...edits })} />
          </form>
        )}
        {state !== undefined && <KeptBodies state={state} />}
      </div>
    </Dialog>
  )
}

function stopHere(event: Event): void {
  event.preventDefault()
}

function Facts({ state: { keepHours, most } }: { state: Captures }) {
  const text = speak(messages)
  if (keepHours === 0) return <p>{text('impossible')}</p>
  return (
    <>
      <p>{text('why')}</p>
      <ul class="capture-facts">
        <li>{text('fact1', { kilobytes: Math.floor(most.bodyBytes / 1024), hours: keepHours })}</li>
        <li>{text('fact2')}</li>
        <li>{text('fact3')}</li>
        <li>{text('fact4')}</li>
      </ul>
    </>
  )
}

import type { Setting } from '../../api/types.ts'
import { useId } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { SaveButtons } from '../../parts/save-buttons.tsx'
import { Failed } from '../../parts/states.tsx'
import { useSubmit } from '../../parts/use-submit.ts'
import { showToast } from '../../state/toasts.ts'
import { messages } from './messages.ts'
import { sayTitle, sayValue } from './say-setting.ts'
import { heldBy } from './setting-drafts.ts'
import { drafts, isOvertakenBy, saveDrafts } from './settings-store.ts'

interface ReviewDialogProps {
  list: readonly Setting[]
  onRefused: (error: unknown) => void
  onClose: () => void
}

/** What is about to be changed, side by side with what holds. */
export function ReviewDialog({ list, onRefused, onClose }: ReviewDialogProps) {
  const text = speak(messages)
  const formId = useId()
  const changed = list.filter(({ name }) => drafts.value.has(name))
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    try {
      const count = await saveDrafts()
      showToast({ kind: 'done', text: () => speak(messages)('saved', { count }) })
      onRefused(undefined)
      onClose()
    } catch (failure) {
      onRefused(failure)
      throw failure
    }
  })
  return (
    <Dialog
      title={text('reviewTitle')}
      look="wide"
      onClose={onClose}
      footer={
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={text('save')}
          isBusy={isBusy}
          onCancel={onClose}
        />
      }
    >
      <form id={formId} class="form" onSubmit={onSubmit}>
        {isOvertakenBy(error) ? (
          <p class="settings-newer" role="alert">
            {text('newer')}
          </p>
        ) : (
          error !== undefined && <Failed error={error} />
        )}
        <div class="table-frame">
          <table class="table review-table">
            <thead>
              <tr>
                <th scope="col">{text('setting')}</th>
                <th scope="col">{text('before')}</th>
                <th scope="col">{text('after')}</th>
                <th scope="col">{text('holds')}</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((setting) => (
                <ReviewRow key={setting.name} setting={setting} />
              ))}
            </tbody>
          </table>
        </div>
      </form>
    </Dialog>
  )
}

function ReviewRow({ setting }: { setting: Setting }) {
  const text = speak(messages)
  const { name, applies } = setting
  const draft = drafts.value.get(name)
  if (draft === undefined) return null
  const next = draft.text ?? setting.default
  return (
    <tr>
      <th scope="row">
        {sayTitle(name)} <code class="hint">{name}</code>
      </th>
      <td data-label={text('before')}>
        <del>{sayValue(setting, heldBy(setting))}</del>
      </td>
      <td data-label={text('after')}>
        <ins>
          {draft.text === null
            ? text('default', { value: sayValue(setting, next) })
            : sayValue(setting, next)}
        </ins>
      </td>
      <td data-label={text('holds')}>{text(applies === 'at-once' ? 'atOnce' : 'restart')}</td>
    </tr>
  )
}

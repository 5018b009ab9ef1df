import type { ComponentProps } from 'preact'
import { useEffect, useId } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { SaveButtons } from '../../parts/save-buttons.tsx'
import { Failed } from '../../parts/states.tsx'
import { useSubmit } from '../../parts/use-submit.ts'
import { accounts } from '../accounts/accounts-store.ts'
import { knownTags } from '../accounts/form/known-tags.ts'
import { formMessages } from './form-messages.ts'
import { KeyFields } from './key-fields.tsx'
import { isShownByKeyField } from './key-problems.ts'

interface KeyFormDialogProps extends Omit<ComponentProps<typeof KeyFields>, 'error' | 'knownTags'> {
  title: string
  save: string
  isDisabled?: boolean
  /** Throws what is shown. */
  onSave: () => Promise<void>
  onClose: () => void
}

/** A key's settings, to make one or to change it. */
export function KeyFormDialog({
  title,
  save,
  isDisabled = false,
  onSave,
  onClose,
  ...fields
}: KeyFormDialogProps) {
  const text = speak(formMessages)
  const formId = useId()
  const { error, isBusy, onSubmit } = useSubmit(onSave)
  useEffect(() => {
    if (accounts.state.value.value === undefined) void accounts.load()
  }, [])
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={save}
          isBusy={isBusy}
          isDisabled={isDisabled}
          onCancel={onClose}
        />
      }
    >
      <form id={formId} class="form" noValidate onSubmit={onSubmit}>
        {error !== undefined && !isShownByKeyField(error, fields.draft) && <Failed error={error} />}
        <KeyFields {...fields} error={error} knownTags={knownTags(accounts.state.value.value ?? [])} />
      </form>
    </Dialog>
  )
}

import { Button } from './button.tsx'
import type { IconName } from './icon.tsx'

interface SaveButtonsProps {
  /** Of the form that is sent. */
  formId: string
  cancel: string
  save: string
  icon?: IconName
  isBusy: boolean
  /** There is nothing to send, or something is wrong with it. */
  isDisabled?: boolean
  onCancel: () => void
}

/** At the foot of a dialog with a form. */
export function SaveButtons(props: SaveButtonsProps) {
  return (
    <>
      <Button onClick={props.onCancel}>{props.cancel}</Button>
      <Button
        type="submit"
        form={props.formId}
        look="primary"
        isBusy={props.isBusy}
        aria-disabled={props.isDisabled === true}
        {...(props.icon !== undefined && { icon: props.icon })}
      >
        {props.save}
      </Button>
    </>
  )
}

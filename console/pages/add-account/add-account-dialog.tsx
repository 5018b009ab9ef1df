import { Dialog } from '../../parts/dialog.tsx'

interface AddAccountDialogProps {
  /** The account to sign in again; undefined: a new one. */
  accountId?: string | undefined
  /** A sign-in that is on its way. */
  authId?: string | undefined
  onClose: () => void
}

export function AddAccountDialog({ onClose }: AddAccountDialogProps) {
  return (
    <Dialog look="wide" title="" onClose={onClose}>
      <p />
    </Dialog>
  )
}

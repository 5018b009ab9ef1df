import type { Account } from '../../api/types.ts'
import { Dialog } from '../../parts/dialog.tsx'

interface AccountFormProps {
  /** Undefined: a new one, by hand. */
  account?: Account
  onClose: () => void
}

export function AccountForm({ account, onClose }: AccountFormProps) {
  return (
    <Dialog title={account?.id ?? ''} onClose={onClose}>
      <p />
    </Dialog>
  )
}

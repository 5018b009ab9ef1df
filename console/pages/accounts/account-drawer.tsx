import type { Account } from '../../api/types.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { mask } from '../../parts/private.tsx'

interface AccountDrawerProps {
  account: Account
  onClose: () => void
  /** To the account before (-1) or behind (1) it in the list. */
  onStep: (step: -1 | 1) => void
}

export function AccountDrawer({ account, onClose }: AccountDrawerProps) {
  return (
    <Dialog look="drawer" title={mask(account.label ?? account.id)} onClose={onClose}>
      <p />
    </Dialog>
  )
}

import type { Account } from '../../api/types.ts'
import { CreateForm } from './form/create-form.tsx'
import { EditForm } from './form/edit-form.tsx'

interface AccountFormProps {
  /** Undefined: a new one, by hand. */
  account?: Account
  onClose: () => void
}

export function AccountForm({ account, onClose }: AccountFormProps) {
  return account === undefined ? (
    <CreateForm onClose={onClose} />
  ) : (
    <EditForm key={account.id} account={account} onClose={onClose} />
  )
}

import type { Account } from '../../api/types.ts'
import { mask } from '../../parts/private.tsx'
import { isPrivate } from '../../state/settings.ts'

/** As a text, masked in privacy mode: an account is called by its label, else by its id. */
export function nameOf({ id, label }: Pick<Account, 'id' | 'label'>): string {
  if (label === null || label === '') return id
  return isPrivate.value ? mask(label) : label
}

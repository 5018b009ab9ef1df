import type { Account } from '../../api/types.ts'
import { mask } from '../../parts/private.tsx'
import { isPrivate } from '../../state/settings.ts'

/** They would turn the words around a name as well. */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g

/** As a text, masked in privacy mode: an account is called by its label, else by its id. */
export function nameOf({ id, label }: Pick<Account, 'id' | 'label'>): string {
  if (label === null || label === '') return id
  return isPrivate.value ? mask(label) : label.replace(DIRECTION_MARKS, '')
}

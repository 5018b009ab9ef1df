import type { Account } from '../../api/types.ts'
import { mask } from '../../parts/private.tsx'
import { shorten } from '../../parts/shorten.ts'
import { isPrivate } from '../../state/settings.ts'

/** They would turn the words around a name as well. */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g

/** As a text, masked in privacy mode: an account is called by its label, else by its id. */
export function nameOf({ id, label }: Pick<Account, 'id' | 'label'>): string {
  if (label === null || label === '') return id
  return isPrivate.value ? mask(label) : label.replace(DIRECTION_MARKS, '')
}

/** Where one of many is to be chosen: what is masked may look the same. */
export function nameToChoose(account: Pick<Account, 'id' | 'label'>): string {
  const name = nameOf(account)
  return isPrivate.value && name !== account.id ? `${name} (${shorten(account.id)})` : name
}

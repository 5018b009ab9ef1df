import type { Account } from '../../api/types.ts'
import { mask } from '../../parts/private.tsx'
import { isPrivate } from '../../state/settings.ts'

/** What an account is called in a sentence, masked in privacy mode. To be called while a component renders. */
export function maskedName(list: readonly Account[] | undefined, accountId: string): string {
  const account = list?.find(({ id }) => id === accountId)
  const name = account?.label ?? account?.identity?.email ?? accountId.slice(0, 8)
  return isPrivate.value ? mask(name) : name
}

import type { Account } from '../../../api/types.ts'

/** All that accounts have, for whoever types one. */
export function knownTags(accounts: readonly Account[]): string[] {
  return [...new Set(accounts.flatMap(({ tags }) => tags))].toSorted()
}

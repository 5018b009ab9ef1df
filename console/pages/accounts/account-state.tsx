import type { Account } from '../../api/types.ts'
import { Badge } from '../../parts/badge.tsx'

/** What an account's state is, in a badge with its reason. */
export function AccountState({ account }: { account: Account }) {
  return <Badge tone="idle">{account.status.kind}</Badge>
}

/** What went through each account in the last day, and what is under way. */
import { computed } from '@preact/signals'
import { ask } from '../../api/client.ts'
import type { AccountTraffic } from '../../api/types.ts'
import { followWhileSeen } from '../../state/follow-while-seen.ts'
import { createResource } from '../../state/resource.ts'
import type { AccountCounts } from './account-facts.ts'

const EVERY_MS = 20_000

const day = createResource((signal) => ask<AccountTraffic>('/v2/traffic/accounts', { signal }))

/** By the id of the account; those without a request are not in it. Undefined: nobody knows yet. */
export const accountCounts = computed<ReadonlyMap<string, AccountCounts> | undefined>(() => {
  const { value } = day.state.value
  return value && new Map(value.accounts.map((each) => [each.accountId, each]))
})

/** For as long as they are shown. Answers how to stop. */
export function followAccountTraffic(): () => void {
  return followWhileSeen(day, EVERY_MS)
}

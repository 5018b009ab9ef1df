/** The accounts, for every page that shows them: asked for once, and again when there is news of them. */
import { ask } from '../../api/client.ts'
import type { Account, AccountList } from '../../api/types.ts'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'

export const accounts = createResource<readonly Account[]>(async (signal) => {
  const { accounts: list } = await ask<AccountList>('/v2/accounts', { signal })
  return list
})

/** For as long as a page shows them. Answers how to stop. */
export function followAccounts(): () => void {
  return whenNews(['accounts'], () => void accounts.load())
}

/** Shows what the gateway has answered about one of them, without asking for all. */
export function putAccount(account: Account): void {
  const list = accounts.state.value.value ?? []
  const isNew = !list.some(({ id }) => id === account.id)
  accounts.set(isNew ? [account, ...list] : list.map((each) => (each.id === account.id ? account : each)))
}

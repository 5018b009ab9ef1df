/** The accounts, for every page that shows them: asked for once, and again when there is news of them. */
import { ask } from '../../api/client.ts'
import type { Account, AccountList } from '../../api/types.ts'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'

export const accounts = createResource<readonly Account[]>(async (signal) => {
  const { accounts: list } = await ask<AccountList>('/v2/accounts', { signal })
  return list
})

/** Ten thousand accounts are some megabytes: asking takes at most a fifth of the time. */
const REST_PER_LOAD = 4

/** For as long as a page shows them. News while they are being asked for is told by asking once more. Answers how to stop. */
export function followAccounts(): () => void {
  let state: 'idle' | 'asking' | 'asking-again' = 'idle'
  let timer: number | undefined

  async function load(): Promise<void> {
    state = 'asking'
    const startedAt = performance.now()
    await accounts.load()
    timer = window.setTimeout(goOn, (performance.now() - startedAt) * REST_PER_LOAD)
  }
  function goOn(): void {
    const isWanted = state === 'asking-again'
    state = 'idle'
    if (isWanted) void load()
  }
  const stop = whenNews(['accounts'], () => {
    if (state !== 'idle') state = 'asking-again'
    // What it reads is not what this waits for.
    else queueMicrotask(() => void load())
  })
  return () => {
    stop()
    window.clearTimeout(timer)
  }
}

/** Shows what the gateway has answered about one of them, without asking for all. */
export function putAccount(account: Account): void {
  putAccounts([account])
}

export function putAccounts(changed: readonly Account[]): void {
  const list = accounts.state.peek().value
  // To show a few as all there are would be wrong.
  if (list === undefined) return void accounts.load()
  const byId = new Map(changed.map((account) => [account.id, account]))
  const known = list.map((each) => {
    const account = byId.get(each.id)
    byId.delete(each.id)
    return account ?? each
  })
  accounts.set([...byId.values(), ...known])
}

/** They are not there any more. */
export function dropAccounts(ids: ReadonlySet<string>): void {
  const list = accounts.state.peek().value
  if (list !== undefined) accounts.set(list.filter(({ id }) => !ids.has(id)))
}

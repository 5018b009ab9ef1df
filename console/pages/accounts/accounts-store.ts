/** The accounts, for every page that shows them: asked for once, and again when there is news of them. */
import { ask } from '../../api/client.ts'
import { signal } from '@preact/signals'
import type { Account, AccountChangeList, AccountPage } from '../../api/types.ts'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'
import { createAccountReader, mergeChanges } from './read-accounts.ts'

const MOST_CHANGES = 500

/** How many there are while not all of them have come; undefined: they have. */
export const expectedAccounts = signal<number | undefined>(undefined)

export const accounts = createResource(
  createAccountReader({
    page: ({ limit, cursor, signal: stop }) => {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor !== undefined && { cursor }) })
      return ask<AccountPage>(`/v2/accounts/page?${query.toString()}`, { signal: stop })
    },
    changes: (since, stop) =>
      ask<AccountChangeList>(`/v2/accounts/changes?since=${since}&limit=${MOST_CHANGES}`, { signal: stop }),
    expect: (total) => (expectedAccounts.value = total),
    now: () => performance.now(),
  }),
)

/** Reading takes at most a fifth of the time, as what has changed may be many accounts, or all. */
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
  accounts.set(mergeChanges(list, changed))
}

/** They are not there any more. */
export function dropAccounts(ids: ReadonlySet<string>): void {
  const list = accounts.state.peek().value
  if (list !== undefined) accounts.set(list.filter(({ id }) => !ids.has(id)))
}

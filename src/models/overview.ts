/** What all accounts together have, worked out once for many requests: with 10,000 accounts it takes a while. */

import type { Account } from '../accounts/account.ts'
import type { Clock } from '../clock.ts'
import type { ModelList, ModelLists } from './model-lists.ts'

export interface Overview {
  readonly byId: ReadonlyMap<string, Account>
  /** Lists of accounts, each once. */
  readonly lists: readonly ModelList[]
  /** Whether the list of an account that can serve is not known. */
  readonly isPartial: boolean
}

interface OverviewParts {
  accounts: () => readonly Account[]
  isUsable: (account: Account) => boolean
  lists: Pick<ModelLists, 'of' | 'version'>
  clock: Clock
}

/** Pauses of accounts end by themselves, which nothing tells; so long it may take to be noticed. */
const MOST_AGE_MS = 1000
/** Of thousands of accounts one changes, or gets its list, all the time. */
const ACCOUNTS_LOOKED_UP_PER_MS = 100

/** Answers the overview as it is now, looked up anew when accounts or lists have changed. */
export function createOverview({ accounts, isUsable, lists, clock }: OverviewParts): () => Overview {
  let latest: (Overview & { accounts: readonly Account[]; version: number; at: number }) | undefined

  return () => {
    const now = clock.elapsed()
    const current = accounts()
    const version = lists.version()
    if (latest !== undefined) {
      const isSame = latest.accounts === current && latest.version === version
      const mostAgeMs = isSame ? MOST_AGE_MS : Math.floor(current.length / ACCOUNTS_LOOKED_UP_PER_MS)
      if (now - latest.at < mostAgeMs) return latest
    }
    latest = {
      accounts: current,
      version,
      at: now,
      byId: new Map(current.map((account) => [account.id, account])),
      lists: [...new Set(current.flatMap(({ id }) => lists.of(id) ?? []))],
      isPartial: current.some((account) => lists.of(account.id) === undefined && isUsable(account)),
    }
    return latest
  }
}

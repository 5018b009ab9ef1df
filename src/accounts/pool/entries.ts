import { isEnabled, type Account } from '../account.ts'
import { createEntry, type Entry } from './entry.ts'

/** All accounts, each with what the pool knows of it. */
export interface Entries {
  readonly size: number
  get(id: string): Entry | undefined
  /** The account as it is now; it may be new. */
  set(account: Account): Entry
  delete(id: string): Entry | undefined
  ids(): Iterable<string>
  all(): Iterable<Entry>
  /** Accounts that are not disabled. The array is replaced only when it has to be, as 10,000 accounts are asked for often. */
  enabled(): readonly Account[]
}

export function createEntries(accounts: Iterable<Account>): Entries {
  const entries = new Map([...accounts].map((account) => [account.id, createEntry(account)]))
  let enabled: readonly Account[] | undefined

  return {
    get size() {
      return entries.size
    },
    get: (id) => entries.get(id),
    set(account) {
      enabled = undefined
      const known = entries.get(account.id)
      if (known === undefined) {
        const entry = createEntry(account)
        entries.set(account.id, entry)
        return entry
      }
      known.account = account
      return known
    },
    delete(id) {
      enabled = undefined
      const entry = entries.get(id)
      entries.delete(id)
      return entry
    },
    ids: () => entries.keys(),
    all: () => entries.values(),
    enabled: () => (enabled ??= [...entries.values()].map(({ account }) => account).filter(isEnabled)),
  }
}

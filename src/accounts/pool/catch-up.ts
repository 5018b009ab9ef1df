/** Brings the accounts in memory up to date with what is read of the database. */
import type { AccountStore } from '../account-store.ts'
import type { Account } from '../account.ts'
import type { Counters } from '../standing/counters.ts'
import { newsOf, type News } from './news.ts'

/** Ids of all accounts, and those that have changed. */
export type StoredChanges = Awaited<ReturnType<AccountStore['changedSince']>>

export interface CaughtUp {
  changed: readonly Account[]
  /** Ids of those that are gone. */
  removed: readonly string[]
  /** False: some were changed here meanwhile and were left alone. The same is to be read once more. */
  isWhole: boolean
}

export interface CatchUp {
  /** The account is put, updated or removed here: what is being read of it may be older. */
  touch(id: string): void
  /** Keeps what was counted here and is not written yet. */
  run(read: () => Promise<StoredChanges>): Promise<CaughtUp>
}

interface KnownAccounts {
  find(id: string): Account | undefined
  set(account: Account): void
  ids(): Iterable<string>
}

interface CatchUpParts {
  accounts: KnownAccounts
  counters: Pick<Counters, 'rebase' | 'betweenWrites'>
  now: () => number
  /** Told of accounts whose change, as it now stands, has to be acted upon. */
  onNews: (account: Account, news: Exclude<News, 'none'>) => void
  forget: (id: string) => void
}

export function createCatchUp({ accounts, counters, now, onNews, forget }: CatchUpParts): CatchUp {
  /** What was touched since, for each reading that is under way. */
  const readings = new Set<Set<string>>()

  function learn(stored: Account): void {
    const known = accounts.find(stored.id)
    const account = counters.rebase(stored)
    accounts.set(account)
    const news = newsOf(known, account, now())
    if (news !== 'none') onNews(account, news)
  }

  async function readAndLearn(read: () => Promise<StoredChanges>, touched: Set<string>): Promise<CaughtUp> {
    const { ids, changed } = await read()
    const present = new Set(ids)
    const untouched = changed.filter(({ id }) => !touched.has(id))
    const removed = [...accounts.ids()].filter((id) => !present.has(id) && !touched.has(id))
    untouched.forEach(learn)
    removed.forEach(forget)
    return { changed: untouched, removed, isWhole: touched.size === 0 }
  }

  return {
    touch: (id) => readings.forEach((touched) => touched.add(id)),
    async run(read) {
      const touched = new Set<string>()
      readings.add(touched)
      try {
        // Between writes it is known which of the counts that were made here are in there already.
        return await counters.betweenWrites(() => readAndLearn(read, touched))
      } finally {
        readings.delete(touched)
      }
    },
  }
}

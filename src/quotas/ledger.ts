/** What this process knows of every account's quota: the last reading, less what answers have cost since. */
import { afterSpending, creditsLeft, resetsAt, type Quota } from '../accounts/quota.ts'
import type { AccountStatus } from '../accounts/status.ts'
import type { ReadingHistory } from './due.ts'
import type { QuotaStore, Spending, StoredReading, StoredSpending } from './quota-store.ts'

export interface Ledger {
  /** As it is now, as far as known. */
  quotaOf(accountId: string): Quota | undefined
  /** As it was read, without what was spent since. */
  readingOf(accountId: string): Quota | undefined
  historyOf(accountId: string): ReadingHistory
  /** Why the last reading failed, and when it was tried. */
  lastTryOf(accountId: string): { triedAt?: Date; error?: string }
  noteReading(accountId: string, quota: Quota, status: AccountStatus['kind']): void
  noteFailure(accountId: string, failure: { error: string; at: Date; status: AccountStatus['kind'] }): void
  noteSpending(spending: Spending): void
  /**
   * What all processes have stored of the account. This and the next are to be read and told between writes: what is
   * being stored would count twice.
   */
  learn(stored: StoredReading): void
  learnSpending(spending: StoredSpending): void
  /** Forgets all other accounts: nothing is stored of them, so they are gone, whatever was noted since. */
  keepOnly(accountIds: ReadonlySet<string>): void
  /** What is not stored yet. It is for the taker to store, and to say how that went. */
  takeUnstored(): Spending[]
  noteStored(spending: readonly Spending[]): void
  putBack(spending: readonly Spending[]): void
}

interface Entry {
  quota?: Quota
  triedAt?: Date
  error?: string
  failures: number
  /** Credits since the reading that are stored, by this process or another. */
  stored: number
  /** Those that this process has not stored yet, and those that it is storing. */
  unstored: number
  storing: number
  isUnstored: boolean
  usedAt?: Date
  statusAtTry?: AccountStatus['kind']
}

/** What all processes have stored until now, for whoever only looks. */
export async function readLedger(
  store: Pick<QuotaStore, 'changedSince'>,
  now: () => number,
): Promise<Pick<Ledger, 'quotaOf'>> {
  const ledger = createLedger(now)
  for (const stored of await store.changedSince(0)) ledger.learn(stored)
  return ledger
}

export function createLedger(now: () => number): Ledger {
  const entries = new Map<string, Entry>()

  function entryOf(accountId: string): Entry {
    const known = entries.get(accountId)
    if (known !== undefined) return known
    const entry = createEntry()
    entries.set(accountId, entry)
    return entry
  }

  const spentOf = ({ stored, unstored, storing }: Entry) => stored + unstored + storing

  function quotaOf(accountId: string): Quota | undefined {
    const entry = entries.get(accountId)
    if (entry?.quota === undefined) return undefined
    const spent = spentOf(entry)
    return spent > 0 ? afterSpending(entry.quota, spent, now()) : entry.quota
  }

  function noteUse(entry: Entry, usedAt: Date | undefined): void {
    if (usedAt !== undefined && usedAt.getTime() > (entry.usedAt?.getTime() ?? 0)) entry.usedAt = usedAt
  }

  return {
    quotaOf,
    readingOf: (accountId) => entries.get(accountId)?.quota,
    historyOf(accountId) {
      const entry = entries.get(accountId) ?? createEntry()
      const { triedAt, failures, usedAt, statusAtTry } = entry
      const quota = quotaOf(accountId)
      const left = quota && creditsLeft(quota, now())
      const reset = entry.quota && resetsAt(entry.quota)
      return {
        failures,
        spent: spentOf(entry),
        ...(triedAt !== undefined && { triedAt: triedAt.getTime() }),
        ...(usedAt !== undefined && { usedAt: usedAt.getTime() }),
        ...(left !== undefined && { left }),
        ...(reset !== undefined && { resetsAt: reset.getTime() }),
        ...(statusAtTry !== undefined && { statusAtTry }),
      }
    },
    lastTryOf(accountId) {
      const { triedAt, error } = entries.get(accountId) ?? createEntry()
      return { ...(triedAt !== undefined && { triedAt }), ...(error !== undefined && { error }) }
    },
    noteReading(accountId, quota, statusAtTry) {
      const entry = entryOf(accountId)
      delete entry.error
      // The service knows of every answer by then: an answer is paid for when it begins.
      Object.assign(entry, { quota, triedAt: quota.readAt, failures: 0, statusAtTry })
      Object.assign(entry, { stored: 0, unstored: 0, storing: 0 })
    },
    noteFailure(accountId, { error, at, status }) {
      const entry = entryOf(accountId)
      Object.assign(entry, { error, triedAt: at, failures: entry.failures + 1, statusAtTry: status })
    },
    noteSpending({ accountId, credits, at }) {
      const entry = entryOf(accountId)
      entry.unstored += credits
      entry.isUnstored = true
      noteUse(entry, at)
    },
    learn({ accountId, quota, triedAt, error, failures, spent, usedAt }) {
      const entry = entryOf(accountId)
      // One of our own that is being stored is newer than what was read of the database.
      if ((triedAt?.getTime() ?? 0) < (entry.triedAt?.getTime() ?? 0)) return
      if (triedAt?.getTime() !== entry.triedAt?.getTime()) delete entry.statusAtTry
      delete entry.error
      Object.assign(entry, { failures, stored: spent }, quota && { quota }, triedAt && { triedAt })
      if (error !== undefined) entry.error = error
      const isAllRead = quota !== undefined && (entry.usedAt?.getTime() ?? 0) <= quota.readAt.getTime()
      if (isAllRead) Object.assign(entry, { unstored: 0, storing: 0 })
      noteUse(entry, usedAt)
    },
    learnSpending({ accountId, spent, usedAt, readAt }) {
      const entry = entryOf(accountId)
      // What was spent before the reading that is known here is in there already, or will be told with the next one.
      if (readAt?.getTime() === entry.quota?.readAt.getTime()) entry.stored = spent
      noteUse(entry, usedAt)
    },
    keepOnly(accountIds) {
      for (const [accountId, { isUnstored }] of entries) {
        if (!accountIds.has(accountId) && !isUnstored) entries.delete(accountId)
      }
    },
    takeUnstored() {
      return [...entries].flatMap(([accountId, entry]) => {
        if (!entry.isUnstored) return []
        const taken = { accountId, credits: entry.unstored, at: entry.usedAt ?? new Date(now()) }
        Object.assign(entry, { isUnstored: false, unstored: 0, storing: entry.storing + entry.unstored })
        return [taken]
      })
    },
    noteStored(spending) {
      for (const { accountId, credits } of spending) {
        const entry = entryOf(accountId)
        // A reading that came meanwhile has counted them.
        const counted = Math.min(credits, entry.storing)
        entry.storing -= counted
        entry.stored += counted
      }
    },
    putBack(spending) {
      for (const { accountId, credits } of spending) {
        const entry = entryOf(accountId)
        const counted = Math.min(credits, entry.storing)
        entry.storing -= counted
        entry.unstored += counted
        entry.isUnstored = true
      }
    },
  }
}

function createEntry(): Entry {
  return { failures: 0, stored: 0, unstored: 0, storing: 0, isUnstored: false }
}

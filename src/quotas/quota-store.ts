import type { CreditSample, Quota } from '../accounts/quota.ts'

/** What all processes know of an account's quota. Instants are those of the processes. */
export interface StoredReading {
  accountId: string
  /** As it was last read. Undefined: it never was. */
  quota?: Quota
  /** When it was last tried to read it, with or without success; absent: never. */
  triedAt?: Date
  /** Why the last reading failed; absent: it did not. */
  error?: string
  /** Readings in a row that failed. */
  failures: number
  /** Credits that answers have told since the last reading, in all processes. */
  spent: number
  /** When the last answer was given. */
  usedAt?: Date
}

/** What answers have told since the reading that is stored. */
export interface StoredSpending extends Pick<StoredReading, 'accountId' | 'spent' | 'usedAt'> {
  /** When that was read; absent: it never was. */
  readAt?: Date
}

export interface Spending {
  accountId: string
  /** 0: answers that did not tell their price. */
  credits: number
  /** Of the last of them. */
  at: Date
}

/** Where readings are kept, for all processes and over restarts. Nothing is written for accounts that are gone. */
export interface QuotaStore {
  /** Counts readings and failures; spending is no news. */
  readRevision(): Promise<number>
  changedSince(revision: number): Promise<StoredReading[]>
  /** Of every account that anything is stored of. */
  listSpending(): Promise<StoredSpending[]>
  /** Ends the run of failures, and begins anew to count what is spent. `used`: for the sample of its day. */
  saveReading(accountId: string, quota: Quota, used: number): Promise<void>
  saveFailure(accountId: string, failure: { error: string; at: Date }): Promise<void>
  /** What was spent before the last reading is in there already, and not added. */
  addSpending(spending: readonly Spending[]): Promise<void>
  /** One a day, the day's last; the oldest first. */
  listSamples(accountId: string): Promise<CreditSample[]>
  /** Of several accounts, from a moment on, by the account. */
  listRecentSamples(accountIds: readonly string[], since: Date): Promise<Map<string, CreditSample[]>>
  /** Forgets samples of before. */
  prune(before: Date): Promise<void>
}

/** Who knows how much of an account's `concurrencyLimit` is in use, where several processes lend accounts. */
export interface Slots {
  /** Whether there was one left; it is to be released. */
  take(accountId: string, limit: number): Promise<boolean>
  release(accountId: string): void
  /** Whether one was refused at this limit, and this process's turn has not come since. */
  wasRefused(accountId: string, limit: number): boolean
  /** Told when the turn has come: whoever takes that account now, gets it. */
  onRelease(listener: () => void): void
}

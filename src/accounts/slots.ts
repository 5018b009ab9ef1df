/** Who knows how much of an account's `concurrencyLimit` is in use, where several processes lend accounts. */
export interface Slots {
  /** Whether there was one left; it is to be released. */
  take(accountId: string, limit: number): Promise<boolean>
  release(accountId: string): void
  /** Whether one was refused, and none was released since. */
  areTaken(accountId: string): boolean
  /** Told whenever one may have become free. */
  onRelease(listener: () => void): void
}

import type { Account, Credentials } from './account.ts'

/** Credentials as stored, with the version that a writer must name to replace them. */
export interface StoredCredentials extends Credentials {
  version: number
}

/** What a refresh brought. Without a refresh token the stored one stays. */
export interface RefreshedTokens {
  accessToken: string
  refreshToken?: string
  expiresAt: Date
}

/** What to add to an account's counters. `strikesReset`: set the strikes to zero before `strikes` is added. */
export interface CounterChange {
  id: string
  successes: number
  strikes: number
  strikesReset: boolean
}

/** Where accounts are kept. A promise that resolves means that the change survives a crash. */
export interface AccountStore {
  /** `fingerprints` and `readable` of the account are ignored: they follow from the credentials. */
  insert(account: Account, credentials: Credentials): Promise<void>
  /** In order of creation. */
  list(): Promise<Account[]>
  find(id: string): Promise<Account | undefined>
  /** False when there was no such account. */
  remove(id: string): Promise<boolean>
  /** Throws when what is stored was damaged. */
  readCredentials(id: string): Promise<StoredCredentials | undefined>
  /** Compare-and-swap: false, and nothing changed, when `version` is no longer the stored one. */
  saveTokens(id: string, version: number, refreshed: { tokens: RefreshedTokens; at: Date }): Promise<boolean>
  /** Notes that a refresh of this version failed; nothing when the credentials changed meanwhile. */
  saveRefreshFailure(id: string, version: number, at: Date): Promise<void>
  /** All or none of the changes; accounts that are gone are passed over. */
  addCounters(changes: readonly CounterChange[]): Promise<void>
}

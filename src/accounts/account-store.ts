import type { Happening } from '../events/event.ts'
import type { Account, Credentials, Identity, LearnedProfile } from './account.ts'

/** Credentials as stored, with the version that a writer must name to replace them. */
export interface StoredCredentials extends Credentials {
  version: number
  /** When the access token was made, if a refresh made it. */
  refreshedAt?: Date
}

/** What a refresh brought. Without a refresh token the stored one stays. */
export interface RefreshedTokens {
  accessToken: string
  refreshToken?: string
  expiresAt: Date
}

export interface RefreshLease {
  /** Names the process. */
  owner: string
  /** After so long the owner counts as dead. */
  durationMs: number
}

/** An account to be stored, and what is told of that. */
export interface NewRow {
  account: Account
  credentials: Credentials
  happening?: Happening | undefined
}

export type Standing = Pick<Account, 'status' | 'backoff'>

/** A process's change, and what it took the standing to be before. */
export interface StandingChange {
  from: Standing
  to: Standing
  /**
   * Of the credentials that the account had then. Absent: whichever they are, the change holds. Not their version: refreshes are no
   * news to other processes, so the one that a process knows may be old while what it says is true.
   */
  clientId?: string
}

/** What to add to an account's counters. `strikesReset`: set the strikes to zero before `strikes` is added. */
export interface CounterChange {
  id: string
  successes: number
  strikes: number
  strikesReset: boolean
  /** How the account's status changed, when it did. */
  standing?: StandingChange
}

/** What an operator's change touches beside the settings. */
export interface SavedParts {
  /** In place of the stored ones. */
  credentials?: Credentials
  /** Status and strikes are written too. */
  standing: boolean
  /** What is told of it; with `insert` and `remove` likewise. */
  happening?: Happening | undefined
}

/** The place of an account in the order of creation. */
export interface CreationPlace {
  createdAt: Date
  id: string
}

/** A part of the list, in order of creation. */
export interface PageWishes {
  order: 'asc' | 'desc'
  limit: number
  /** Behind which it begins. */
  after?: CreationPlace
  enabled?: boolean
}

/**
 * Where accounts are kept. A promise that resolves means that the change survives a crash. A happening that comes with a change
 * is recorded with it or the change is not made: that throws `overloaded-here`.
 */
export interface AccountStore {
  /** `fingerprints` and `readable` of the account are ignored: they follow from the credentials. */
  insert(account: Account, credentials: Credentials, happening?: Happening): Promise<void>
  /** All or none of them; the happening is told last. */
  insertAll(rows: readonly NewRow[], happening: Happening): Promise<void>
  /** In order of creation. */
  list(): Promise<Account[]>
  readPage(wishes: PageWishes): Promise<Account[]>
  /** How many there are. */
  count(wishes: Pick<PageWishes, 'enabled'>): Promise<number>
  /** Those that have changed after `revision`, as `changedSince` has it; undefined when they are more than `most`. */
  readChanged(revision: number, most: number): Promise<Account[] | undefined>
  find(id: string): Promise<Account | undefined>
  /** Those of them that are there, in any order. */
  findAll(ids: readonly string[]): Promise<Account[]>
  /** Of each, in their order, the id of an account that was made with the same client and refresh token. */
  findDuplicates(
    credentials: readonly Pick<Credentials, 'clientId' | 'refreshToken'>[],
  ): Promise<(string | undefined)[]>
  /** Id of the account that the model service said is this person; the one that was made first. */
  findByIdentity(userId: string): Promise<string | undefined>
  /** Nothing when the account is gone, as for the next. */
  saveIdentity(id: string, identity: Identity): Promise<void>
  /** Undefined: nothing is known any more. Nothing is saved when the account was changed since that revision. */
  saveLearnedProfile(id: string, learned: LearnedProfile | undefined, revision?: number): Promise<void>
  /**
   * Writes what the operator decides about an account. False, and nothing is changed, when it is gone or was changed since it
   * was read; with credentials, also when those were.
   */
  save(account: Account, parts: SavedParts): Promise<boolean>
  /** False when there was no such account. */
  remove(id: string, happening?: Happening): Promise<boolean>
  /** Throws when what is stored was damaged. */
  readCredentials(id: string): Promise<StoredCredentials | undefined>
  /**
   * Reserves the next refresh of these credentials for `owner`, by the database's own time. False when they were changed
   * meanwhile, or another process holds the lease. Saving tokens or a failure ends it.
   */
  leaseRefresh(id: string, version: number, lease: RefreshLease): Promise<boolean>
  /** Compare-and-swap: false, and nothing changed, when `version` is no longer the stored one. */
  saveTokens(id: string, version: number, refreshed: { tokens: RefreshedTokens; at: Date }): Promise<boolean>
  /** Notes that a refresh of this version failed; nothing when the credentials changed meanwhile. */
  saveRefreshFailure(id: string, version: number, at: Date): Promise<void>
  /**
   * All or none of the changes; accounts that are gone are passed over. Statuses are merged with what other processes have
   * stored meanwhile, and no account is disabled for its strikes beyond half of all. What then has become of a status is
   * recorded with it, unless it is a mere pause.
   */
  addCounters(changes: readonly CounterChange[]): Promise<void>
  /**
   * Counts the changes that other processes want to know of: everything but tokens that were refreshed and successes that end no run of strikes.
   * 0: nothing was ever changed.
   */
  readRevision(): Promise<number>
  /** Ids of all accounts, and the accounts whose last such change came after `revision`. */
  changedSince(revision: number): Promise<{ ids: string[]; changed: Account[] }>
}

/** Lends accounts to requests, from memory, and keeps the score of how that went. */
import type { Clock } from '../../clock.ts'
import type { AccountStore } from '../account-store.ts'
import { hasTokens, type Account } from '../account.ts'
import type { Outcome } from '../standing/after-outcome.ts'
import { createAssessment } from './assessment.ts'
import { nobodyReady, noSuchAccount } from '../standing/availability.ts'
import { createCatchUp, type CatchUp } from './catch-up.ts'
import { createChoosing } from './choosing.ts'
import { explain, type Consideration, type PlacementKind } from './considerations.ts'
import { createCounters } from '../standing/counters.ts'
import { createDueProbes } from './due-probes.ts'
import { createEntries } from './entries.ts'
import { setQuota, type Entry } from './entry.ts'
import type { LazyPoolSettings } from './lazy-pool.ts'
import { createLazySelection } from './lazy-selection.ts'
import { createLending } from './lending.ts'
import { probationAt } from '../standing/probation.ts'
import { createModelPauses } from '../standing/model-pauses.ts'
import { afterSpending, isExhausted, type Quota } from '../quota.ts'
import { createReadyIndex, type Wanted } from './ready-index.ts'
import { createScore } from './score.ts'
import type { SessionRef } from './session-ref.ts'
import type { Sessions } from './sessions.ts'
import type { Slots } from '../slots/slots.ts'
import { presentStatus } from '../status.ts'
import type { Strategy } from './strategies/strategy.ts'
import { leasesOf, tallyEntries, type PoolTally } from './tally.ts'

/** Figures of the account that was chosen, from before this request had it. */
export interface StrategyPick {
  rules: readonly string[]
  underWay: number
  priority: number
  weight: number
  quotaLeft?: number
}

export interface Lease {
  readonly account: Account
  readonly placement: PlacementKind
  /** Where the strategy chose it: by what, and how the account then stood. */
  readonly choice?: StrategyPick
  /** What speaks for and against each account now: right after the lease, why this one was chosen. At most 50. */
  explain(): readonly Consideration[]
  /** The service has begun to answer: an account that is being tried again is trusted from now on. */
  noteAnswered(): void
  /** To be called once, however the attempt ends. The first call counts, later ones do nothing. */
  settle(outcome: Outcome): void
}

export interface LeaseWishes {
  /** Id of the model, as the service calls it; absent: every account will do. */
  model?: string | undefined
  /** Ids of accounts that this request has tried. */
  exclude?: ReadonlySet<string> | undefined
  /** Only this account, whatever its status: the operator asks for it. */
  accountId?: string | undefined
  /** Only accounts that have one of these; absent: whichever. */
  tags?: readonly string[] | undefined
  /** Who asks: keys take turns, and each may have only so much under way. */
  key?: string | undefined
  /** Requests at once of this key; absent: the limit of all keys. */
  keyConcurrency?: number | undefined
  /** The conversation that the request belongs to. */
  session?: SessionRef | undefined
  /** Accounts to be passed over as long as another one is ready. */
  avoid?: ((account: Account) => boolean) | undefined
  /** Ends the wait for an account (`client-gone`). */
  signal?: AbortSignal | undefined
}

export interface Pool {
  /**
   * A first attempt waits a little for an account that is ready soon; a further one does not, and gets undefined when no
   * other account is ready: the last failure then is the answer.
   * Throws `no-account`, `accounts-cooling`, `accounts-parked`, `overloaded-here`, `model-not-found` or `capacity` by why none is,
   * `rate-limited` when the key has too much under way, and `not-found` when the one asked for does not exist.
   */
  lease(wishes?: LeaseWishes): Promise<Lease | undefined>
  /** Why such a request gets no account: what speaks against each. At most 50. */
  explain(wishes: LeaseWishes): readonly Consideration[]
  /** How work on an account went that was no lease, such as a refresh in the background. */
  note(id: string, outcome: Outcome): void
  /** What was read of the account's quota; undefined: it is unknown. One that is used up rests until it is renewed. */
  setQuota(id: string, quota: Quota | undefined): void
  /** A reply of the account cost so many credits. */
  spend(id: string, credits: number): void
  /** For `Retry-After`: until some account that suits is ready and the model has room; undefined when that is so, or time will not help. */
  retryAfterSeconds(wanted: Wanted): number | undefined
  /** A new account, or a known one whose status the operator has set. */
  put(account: Account): void
  /** A known account with other settings; its status stays as it is here. */
  update(account: Account): void
  remove(id: string): void
  /** The limits are other ones than before, and so is the strategy if one is given. */
  heedSettings(strategy: Strategy | undefined): void
  /** Takes over what is read of the database, and keeps what was counted here and is not written yet. */
  catchUp: CatchUp['run']
  /** Those that are not disabled; their counters may be some requests old. */
  enabled(): readonly Account[]
  /** Whether the account is to be kept signed in: with a lazy pool not all are. */
  isRefreshed(id: string): boolean
  /** Since when the account comes and goes, in milliseconds since the epoch: until it has been well for a minute. */
  unsteadySince(id: string): number | undefined
  /** How many could serve a request now. */
  usableCount(): number
  /**
   * How all accounts stand; `waiting`: requests of this process that wait for one; `oldestLentAt`: since when the one has its account that
   * has had one for the longest.
   */
  tally(): PoolTally & { waiting: number; oldestLentAt: number | undefined }
  /** How many requests of this process each account is lent to; those without one are left out. */
  inFlight(): ReadonlyMap<string, number>
  /** Resolves when counters and statuses are stored. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Who knows which models accounts have, and wants to know of accounts. */
interface AccountModels {
  offers(accountId: string, model: string): boolean
  /** An account was added or changed. */
  noteAccount(account: Account): void
  forgetAccount(accountId: string): void
  /** The service refused the account a model that it was thought to have. */
  noteModelRefused(accountId: string): void
}

export interface PoolParts {
  store: Pick<AccountStore, 'list' | 'addCounters'>
  /** Absent: every account has every model. */
  models?: AccountModels
  /** Absent: no other process lends these accounts. */
  slots?: Slots
  /** Absent: conversations stick to nothing. */
  sessions?: Sessions
  strategy: Strategy
  /** Absent: all accounts serve. */
  lazyPool?: LazyPoolSettings | undefined
  random: () => number
  clock: Clock
  limits: PoolLimits
  /** Told of counters that could not be written; they are tried again. */
  report: (error: unknown) => void
}

/** Read at each use: they may change while the pool is in use. */
export interface PoolLimits {
  /** Strikes in a row at which an account is disabled. */
  readonly maxStrikes: number
  /** How long a request waits for an account that is ready soon. */
  readonly waitMs: number
  /** Requests that wait at once. */
  readonly maxWaiting: number
  /** Requests at once of an account that has no limit of its own; infinite: no limit. */
  readonly accountConcurrency: number
  /** Requests at once of one key; infinite: no limit. */
  readonly keyConcurrency: number
  /** So many requests conversations bring back to an account without a limit. */
  readonly sessionsPerAccount: number
}

export async function createPool(parts: PoolParts): Promise<Pool> {
  const { store, models, slots, sessions, strategy, random, clock, limits, report } = parts
  const entries = createEntries(await store.list())
  const counters = createCounters({ store, clock, report })
  const now = () => clock.now()
  const pauses = createModelPauses({ now, random })
  const assessment = createAssessment({ now, models, pauses, slots, limits })
  const lazy = createLazySelection({ entries, settings: parts.lazyPool, clock })
  const index = createReadyIndex({ entries, assessment, lazy, strategy, clock })
  const probes = createDueProbes({ entries, clock })
  const choose = createChoosing({
    entries,
    assessment,
    index,
    probes,
    sessions,
    random,
    limits,
  })
  const score = createScore({
    entries,
    counters,
    pauses,
    onModelRefused: (id) => models?.noteModelRefused(id),
    onChange: noteChange,
    clock,
    random,
    limits,
  })
  const lending = createLending({
    entries,
    assessment,
    index,
    choose,
    pauses,
    score,
    sessions,
    slots,
    clock,
    limits,
  })
  const changes = createCatchUp({
    accounts: {
      find: (id) => entries.get(id)?.account,
      set: (account) => noteChange(entries.set(account)),
      ids: () => entries.ids(),
    },
    counters,
    now,
    onNews(account, news) {
      if (news === 'used-otherwise') noteUse(account)
    },
    forget: forgetAccount,
  })

  /** The account may be ready, or no longer. */
  function noteChange(entry: Entry): void {
    const concernsOthers = index.touch(entry)
    probes.touch(entry)
    lending.offer(concernsOthers ? undefined : entry.account.id)
  }

  /** It is new, or set up otherwise. */
  function noteUse(account: Account): void {
    pauses.forget(account.id)
    models?.noteAccount(account)
    const entry = entries.get(account.id)
    if (entry !== undefined) noteChange(entry)
  }

  function forgetAccount(id: string): void {
    const entry = entries.delete(id)
    pauses.forget(id)
    models?.forgetAccount(id)
    sessions?.forgetAccount(id)
    if (entry !== undefined) noteChange(entry)
  }

  async function lease(wishes: LeaseWishes): Promise<Lease | undefined> {
    const { accountId, exclude, model } = wishes
    if (accountId === undefined) return lending.lease(wishes)
    if (exclude?.has(accountId) === true) return undefined
    const entry = entries.get(accountId)
    if (entry === undefined) throw noSuchAccount()
    if (hasTokens(entry.account)) return lending.leaseOne(entry, model)
    throw nobodyReady([assessment.of(entry, undefined)], { model, now: now() })
  }

  function noteQuota(entry: Entry, quota: Quota | undefined): void {
    const wasUsedUp = entry.quota !== undefined && isExhausted(entry.quota, now())
    setQuota(entry, quota, now())
    const isUsedUp = quota !== undefined && isExhausted(quota, now())
    if (isUsedUp || wasUsedUp) noteChange(entry)
    else index.rerank(entry)
  }

  return {
    lease: (wishes = {}) => lease(wishes),
    explain: (wishes) => explain(entries.all(), assessment, wishes),
    note(id, outcome) {
      const entry = entries.get(id)
      if (entry !== undefined) score.note(entry, outcome)
    },
    setQuota(id, quota) {
      const entry = entries.get(id)
      if (entry !== undefined) noteQuota(entry, quota)
    },
    spend(id, credits) {
      const entry = entries.get(id)
      if (entry?.quota !== undefined) noteQuota(entry, afterSpending(entry.quota, credits, now()))
    },
    retryAfterSeconds: (wanted) => lending.retryAfterSeconds(wanted),
    put(account) {
      changes.touch(account.id)
      counters.overrule(account)
      entries.set(account).probation = undefined
      // The operator has done something and wants to see what comes of it.
      pauses.endPauses()
      noteUse(account)
      lending.offer()
    },
    update(account) {
      changes.touch(account.id)
      const known = entries.get(account.id)
      if (known === undefined) return
      const { status, backoff, strikes, successes } = known.account
      const updated = { ...account, status, backoff, strikes, successes }
      entries.set(updated)
      noteUse(updated)
    },
    remove(id) {
      changes.touch(id)
      forgetAccount(id)
    },
    heedSettings(next) {
      if (next !== undefined) index.setStrategy(next)
      for (const entry of entries.all()) index.touch(entry)
      lending.offer()
    },
    catchUp: (read) => changes.run(read),
    enabled: () => entries.enabled(),
    isRefreshed: (id) => lazy.isRefreshed(id),
    unsteadySince: (id) => probationAt(entries.get(id)?.probation, clock.now())?.since,
    usableCount: () =>
      entries
        .enabled()
        .filter((account) => hasTokens(account) && presentStatus(account, now()).kind === 'ready').length,
    tally: () => ({
      ...tallyEntries(entries.all(), { now: now(), limitOf: (account) => assessment.limitOf(account) }),
      waiting: lending.waiting(),
      oldestLentAt: lending.oldestLentAt(),
    }),
    inFlight: () => leasesOf(entries.all()),
    flush: () => counters.flush(),
    close: () => counters.close(),
  }
}

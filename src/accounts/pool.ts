/** Lends accounts to requests, from memory, and keeps the score of how that went. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { AccountStore } from './account-store.ts'
import { hasTokens, isEnabled, type Account } from './account.ts'
import { afterOutcome, type Outcome } from './after-outcome.ts'
import {
  availabilityOf,
  nobodyReady,
  noneEnabled,
  noSuchAccount,
  retryAfterSeconds,
  soonestOf,
  type Availability,
} from './availability.ts'
import { createCatchUp, type CatchUp } from './catch-up.ts'
import { createCounters, standingOf } from './counters.ts'
import { mayDisableOneMore } from './disabling-limit.ts'
import { createModelPauses } from './model-pauses.ts'
import type { Slots } from './slots.ts'
import { statusAt } from './status.ts'
import type { Strategy } from './strategies.ts'
import { takeInTime } from './take-in-time.ts'
import { waitFor } from './wait-for.ts'

export interface Lease {
  readonly account: Account
  /** To be called once, however the attempt ends. The first call counts, later ones do nothing. */
  settle(outcome: Outcome): void
}

export interface LeaseWishes {
  /** Id of the model, as the service calls it; absent: every account will do. */
  model?: string
  /** Ids of accounts that this request has tried. */
  exclude?: ReadonlySet<string>
  /** Only this account, whatever its status: the operator asks for it. */
  accountId?: string
  /** Ends the wait for an account (`client-gone`). */
  signal?: AbortSignal
}

export interface Pool {
  /**
   * A first attempt waits a little for an account that is ready soon; a further one does not, and gets undefined when no
   * other account is ready: the last failure then is the answer.
   * Throws `no-account`, `accounts-cooling`, `accounts-parked`, `overloaded-here`, `model-not-found` or `capacity` by why none is, and
   * `not-found` when the one asked for does not exist.
   */
  lease(wishes?: LeaseWishes): Promise<Lease | undefined>
  /** How work on an account went that was no lease, such as a refresh in the background. */
  note(id: string, outcome: Outcome): void
  /** For `Retry-After`: until some account is ready for the model and the model has room; undefined when that is so, or time will not help. */
  retryAfterSeconds(model: string): number | undefined
  /** A new account, or a known one whose status the operator has set. */
  put(account: Account): void
  /** A known account with other settings; its status stays as it is here. */
  update(account: Account): void
  remove(id: string): void
  /** Takes over what is read of the database, and keeps what was counted here and is not written yet. */
  catchUp: CatchUp['run']
  /** Those that are not disabled, as they are now. */
  enabled(): readonly Account[]
  /** How many could serve a request now. */
  usableCount(): number
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
  strategy: Strategy
  random: () => number
  clock: Clock
  limits: PoolLimits
  /** Told of counters that could not be written; they are tried again. */
  report: (error: unknown) => void
}

export interface PoolLimits {
  /** Strikes in a row at which an account is disabled. */
  maxStrikes: number
  /** How long a request waits for an account that is ready soon. */
  waitMs: number
}

export async function createPool(parts: PoolParts): Promise<Pool> {
  const { store, models, slots, strategy, random, clock, limits, report } = parts
  const accounts = new Map((await store.list()).map((account) => [account.id, account]))
  const counters = createCounters({ store, clock, report })
  const pauses = createModelPauses({ now: () => clock.now(), random })

  /** Leases that are not settled, by account. */
  const leases = new Map<string, number>()
  /** Of requests that wait for an account; the first to come is the first to look again. */
  const wakers = new Set<() => void>()
  const wakeAll = () => [...wakers].forEach((wake) => wake())
  slots?.onRelease(wakeAll)
  const changes = createCatchUp({
    accounts,
    counters,
    now: () => clock.now(),
    onNews(account, news) {
      if (news === 'used-otherwise') {
        pauses.forget(account.id)
        models?.noteAccount(account)
      }
      wakeAll()
    },
    forget: forgetAccount,
  })

  function availability(account: Account, model: string | undefined): Availability {
    const { id } = account
    const { concurrencyLimit } = account.settings
    const isFullElsewhere = concurrencyLimit !== undefined && slots?.wasRefused(id, concurrencyLimit) === true
    const lacksModel =
      model !== undefined &&
      (pauses.droppedUntil(id, model) !== undefined || models?.offers(id, model) === false)
    return availabilityOf(account, {
      model,
      now: clock.now(),
      lacksModel,
      leases: isFullElsewhere ? Number.POSITIVE_INFINITY : (leases.get(id) ?? 0),
    })
  }

  const enabled = () => [...accounts.values()].filter(isEnabled)

  function chooseReady({ model, exclude }: LeaseWishes): Account | undefined {
    const candidates = enabled().filter(
      (account) => exclude?.has(account.id) !== true && availability(account, model).kind === 'ready',
    )
    return strategy(candidates, random)
  }

  /** Undefined: the request may go to an account at once, as far as the model is concerned. */
  function pauseOf({ model, exclude }: LeaseWishes): number | undefined {
    // A request that has begun already waits for itself, and goes on.
    if (model === undefined || (exclude?.size ?? 0) > 0) return undefined
    return pauses.pausedUntil(model)
  }

  async function lease(wishes: LeaseWishes): Promise<Lease | undefined> {
    const { exclude, model, signal } = wishes
    if (wishes.accountId !== undefined) return leaseOne(wishes.accountId, wishes)
    const lastMoment = clock.now() + limits.waitMs
    for (;;) {
      if (signal?.aborted === true) throw new GatewayError('client-gone', 'The client left.')
      const pausedUntil = pauseOf(wishes)
      const chosen = pausedUntil === undefined ? chooseReady(wishes) : undefined
      if (chosen !== undefined) {
        const lent = await lendSlot(chosen, { model, signal, lastMoment })
        if (lent !== undefined) return lent
        continue
      }
      if ((exclude?.size ?? 0) > 0) return undefined
      const others = enabled()
      if (others.length === 0) throw noneEnabled(accounts.size > 0)
      const availabilities = others.map((account) => availability(account, model))
      const isBusy = availabilities.some(({ kind }) => kind === 'busy') && clock.now() < lastMoment
      // A busy account has room again nobody knows when.
      const next =
        pausedUntil ??
        Math.min(
          soonestOf(availabilities) ?? Number.POSITIVE_INFINITY,
          isBusy ? lastMoment : Number.POSITIVE_INFINITY,
        )
      if (next > lastMoment) throw refuse(availabilities, model, pausedUntil)
      await waitFor(Math.max(0, next - clock.now()), { clock, signal, wakers })
    }
  }

  function refuse(
    availabilities: readonly Availability[],
    model: string | undefined,
    pausedUntil: number | undefined,
  ): GatewayError {
    const now = clock.now()
    if (pausedUntil === undefined) return nobodyReady(availabilities, { model, now })
    return new GatewayError(
      'capacity',
      'Amazon Q has no capacity left for this model at the moment. Send the request again later, or choose another model.',
      { retryAfterSeconds: retryAfterSeconds(pausedUntil - now) },
    )
  }

  function leaseOne(id: string, { exclude, model }: LeaseWishes): Lease | undefined {
    if (exclude?.has(id) === true) return undefined
    const account = accounts.get(id)
    if (account === undefined) throw noSuchAccount()
    if (hasTokens(account)) return lend(account, model)
    throw nobodyReady([availability(account, undefined)], { model, now: clock.now() })
  }

  /** Undefined: other processes answer all that the account may answer at once. */
  async function lendSlot(
    account: Account,
    { model, ...wait }: { model: string | undefined; signal: AbortSignal | undefined; lastMoment: number },
  ): Promise<Lease | undefined> {
    const { id, settings } = account
    const { concurrencyLimit: limit } = settings
    if (slots === undefined || limit === undefined) return lend(account, model)
    const lent = lend(account, model, () => slots.release(id))
    let isGranted = false
    try {
      isGranted = await takeInTime(slots, { accountId: id, limit }, { clock, ...wait })
    } finally {
      // The reservation is given back; there was nothing to release.
      if (!isGranted) takeBack(id)
    }
    return isGranted ? lent : undefined
  }

  function lend(account: Account, model: string | undefined, giveBack?: () => void): Lease {
    let settled = false
    const lentAt = clock.now()
    leases.set(account.id, (leases.get(account.id) ?? 0) + 1)
    return {
      account,
      settle(outcome) {
        if (settled) return
        settled = true
        giveBack?.()
        takeBack(account.id)
        const withModel = outcome.kind === 'failed' && model !== undefined
        note(account.id, withModel ? { model, ...outcome } : outcome)
        if (outcome.kind === 'success' && model !== undefined) pauses.noteSuccess(account.id, model, lentAt)
      },
    }
  }

  function takeBack(id: string): void {
    const left = (leases.get(id) ?? 0) - 1
    if (left > 0) leases.set(id, left)
    else leases.delete(id)
    if (accounts.get(id)?.settings.concurrencyLimit !== undefined) wakeAll()
  }

  function note(id: string, outcome: Outcome): void {
    const before = accounts.get(id)
    if (before === undefined) return
    const now = clock.now()
    const mayDisable = mayDisableOneMore(accounts.values(), now)
    const after = afterOutcome(before, outcome, { now, random, maxStrikes: limits.maxStrikes, mayDisable })
    accounts.set(id, outcome.kind === 'success' ? { ...after, successes: after.successes + 1 } : after)
    if (outcome.kind === 'success') counters.countSuccess(id)
    if (after.strikes > before.strikes) counters.countStrikes(id, after.strikes - before.strikes)
    if (outcome.kind === 'failed' && outcome.model !== undefined) {
      pauses.note(id, outcome.model, outcome.failure)
      if (outcome.failure.kind === 'model-not-found') models?.noteModelRefused(id)
    }
    if (after.status === before.status && after.backoff === before.backoff) return
    counters.noteStanding(id, { from: standingOf(before), to: standingOf(after) })
    // What only a person ends is worth a write of its own: a crash must not bring a suspended account back.
    if (!('until' in after.status) && after.status.kind !== 'ready') void counters.flush()
  }

  function forgetAccount(id: string): void {
    accounts.delete(id)
    pauses.forget(id)
    models?.forgetAccount(id)
  }

  return {
    lease: (wishes = {}) => lease(wishes),
    note,
    retryAfterSeconds(model) {
      const availabilities = enabled().map((account) => availability(account, model))
      const isReady = availabilities.some(({ kind }) => kind === 'ready' || kind === 'busy')
      const soonest = isReady ? undefined : soonestOf(availabilities)
      if (!isReady && soonest === undefined) return undefined
      const until = Math.max(soonest ?? 0, pauses.pausedUntil(model) ?? 0)
      return until === 0 ? undefined : retryAfterSeconds(until - clock.now())
    },
    put(account) {
      changes.touch(account.id)
      counters.overrule(account)
      accounts.set(account.id, account)
      pauses.forget(account.id)
      models?.noteAccount(account)
      // The operator has done something and wants to see what comes of it.
      pauses.endPauses()
      wakeAll()
    },
    update(account) {
      const known = accounts.get(account.id)
      changes.touch(account.id)
      if (known === undefined) return
      const { status, backoff, strikes, successes } = known
      const updated = { ...account, status, backoff, strikes, successes }
      accounts.set(account.id, updated)
      pauses.forget(account.id)
      models?.noteAccount(updated)
      wakeAll()
    },
    remove(id) {
      changes.touch(id)
      forgetAccount(id)
    },
    catchUp: (read) => changes.run(read),
    enabled,
    usableCount: () =>
      enabled().filter(
        (account) => hasTokens(account) && statusAt(account.status, clock.now()).kind === 'ready',
      ).length,
    flush: () => counters.flush(),
    close: () => counters.close(),
  }
}

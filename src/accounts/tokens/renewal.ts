/** One renewal of an account's access token: from the row, from what waits to be stored, or from the sign-in service. */
import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { AccountStore, StoredCredentials } from '../account-store.ts'
import type { Account } from '../account.ts'
import { hasRegistrationEnded } from '../standing/registration.ts'
import type { Turn } from './refresh-pace.ts'
import {
  failureOf,
  noRefreshToken,
  registrationEnded,
  type RefreshFailure,
  type RefreshRequest,
  type RefreshResult,
} from './refresh-result.ts'
import type { Refreshed, TokenKeeper } from './token-keeper.ts'
import type { TokenLife, TokenLives } from './token-lives.ts'
import { waitFor } from '../../background/wait-for.ts'

/** Which of the stored tokens will do, so that nothing has to be asked. */
export type Demand =
  | { kind: 'living' }
  | { kind: 'other-than'; token: string }
  /** One that is neither old nor near its end. */
  | { kind: 'young' }
  /** One that was stored after this was demanded. */
  | { kind: 'newer' }

export interface RenewalParts {
  store: Pick<AccountStore, 'readCredentials' | 'leaseRefresh' | 'saveRefreshFailure'>
  keeper: Pick<TokenKeeper, 'find' | 'keep'>
  lives: TokenLives
  /** Names this process among those that share the database. */
  processId: string
  refreshTokens: (request: RefreshRequest) => Promise<RefreshResult>
  clock: Clock
  /** Told when the note that a refresh failed could not be stored; the refresh's own failure is thrown. */
  report: (error: unknown) => void
}

export interface Renewal {
  /** `turn`: nobody waits for it, so that asking the sign-in service has to wait its turn. */
  renew(account: Account, demand: Demand, turn?: Turn): Promise<string>
  /** The token at hand, if it lives for longer than that; without a number, long enough for a request. */
  livingToken(id: string, leastLifeMs?: number): string | undefined
  forget(id: string): void
  /** A later version than these is stored. */
  forgetBefore(id: string, version: number): void
}

const REFRESH_BEFORE_EXPIRY_MS = 60_000
/** Longer than the sign-in service may take to answer. One for all that take it: a shorter one would pass for a clock set back. */
export const REFRESH_LEASE_MS = 20_000
/** Soon at first, for the sign-in service answers fast; requests wait for this. */
const LOOK_AGAIN_MS = 20
const LOOK_AGAIN_AT_MOST_MS = 100
/** After a failure the sign-in service is left alone for a while, however many requests come. */
const PAUSE_AFTER_UNAVAILABLE_MS = 5000
const PAUSE_AFTER_REFUSAL_MS = 60_000
/** Each round but the last ends because another writer changed the credentials. */
const MOST_ROUNDS = 3

/** One round of a renewal. */
interface Round {
  account: Account
  stored: StoredCredentials
  demand: Demand
  turn: Turn | undefined
  /** Of leases: two renewals of one process must not both refresh, either. */
  owner: string
}

interface Held {
  version: number
  token: string | undefined
  life: TokenLife
  /** Before its end it counts as dead by no more than this. */
  mostMarginMs: number
}

interface RecentFailure {
  version: number
  error: GatewayError
  /** By the clock that is never set. */
  until: number
}

export function createRenewal(parts: RenewalParts): Renewal {
  const { store, keeper, lives, refreshTokens, processId, clock, report } = parts
  let renewals = 0
  const held = new Map<string, Held>()
  const failures = new Map<string, RecentFailure>()

  function livingToken(id: string, leastLifeMs = REFRESH_BEFORE_EXPIRY_MS): string | undefined {
    const known = held.get(id)
    if (known === undefined) return undefined
    const { endsAt } = known.life
    return endsAt - clock.elapsed() > Math.min(leastLifeMs, known.mostMarginMs) ? known.token : undefined
  }

  function hold(account: Account, stored: StoredCredentials): TokenLife {
    const { version, refreshedAt = account.createdAt, expiresAt } = stored
    const dates = { version, madeAt: refreshedAt, ...(expiresAt !== undefined && { expiresAt }) }
    const life = lives.of(account.id, dates)
    // A token that does not live long may be used for half its life: else each request would refresh it.
    const isMade = stored.refreshedAt !== undefined
    const mostMarginMs = isMade ? (life.endsAt - life.bornAt) / 2 : Number.POSITIVE_INFINITY
    held.set(account.id, { version, token: stored.accessToken, life, mostMarginMs })
    return life
  }

  async function renew(account: Account, demand: Demand, turn?: Turn): Promise<string> {
    const { id } = account
    renewals += 1
    const owner = `${processId}/${renewals}`
    let firstVersion: number | undefined
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const stored = await store.readCredentials(id)
      if (stored === undefined)
        throw new GatewayError('refresh-unavailable', 'The account was removed meanwhile.')
      const life = hold(account, stored)
      firstVersion ??= stored.version
      // Another process may have refreshed already.
      const token = livingToken(id)
      const isNewer = stored.version > firstVersion
      if (token !== undefined && satisfies(demand, { token, life, isNewer })) return token
      const refreshed = await obtain({ account, stored, demand, turn, owner })
      if (refreshed !== undefined && (await keep(account, stored, refreshed))) {
        // Dead already only if it waited for the disk that long; its refresh token brings the next one.
        const kept = livingToken(id, 0)
        if (kept !== undefined) return kept
      }
    }
    throw new GatewayError('refresh-unavailable', 'The credentials of the account keep changing; try again.')
  }

  function satisfies(demand: Demand, stored: { token: string; life: TokenLife; isNewer: boolean }): boolean {
    switch (demand.kind) {
      case 'living':
        return true
      case 'other-than':
        return stored.token !== demand.token
      case 'young':
        return !lives.isDue(stored.life)
      case 'newer':
        return stored.isNewer
      default:
        return unreachable(demand)
    }
  }

  /** False: another writer was first. */
  async function keep(account: Account, stored: StoredCredentials, refreshed: Refreshed): Promise<boolean> {
    const kept = await keeper.keep(account.id, stored.version, refreshed)
    if (kept === 'overtaken') {
      lives.forget(account.id)
      return false
    }
    const { tokens, at } = refreshed
    hold(account, { ...stored, ...tokens, refreshedAt: at, version: stored.version + 1 })
    failures.delete(account.id)
    return true
  }

  /** Undefined when the credentials were changed meanwhile, so that the answer says nothing about the present ones. */
  async function obtain(round: Round): Promise<Refreshed | undefined> {
    const { account, stored, demand, turn, owner } = round
    const unsaved = await keeper.find(account.id, stored.version)
    if (unsaved !== undefined) return unsaved
    const failure = failures.get(account.id)
    const rests = failure?.version === stored.version && clock.elapsed() < failure.until
    if (rests && demand.kind !== 'newer') throw failure.error
    if (stored.refreshToken === undefined) throw noRefreshToken()
    await turn?.begin()
    let called = false
    try {
      if (!(await lead(account.id, stored.version, owner))) return undefined
      called = true
      return await ask(account, stored, stored.refreshToken)
    } finally {
      turn?.end(called)
    }
  }

  async function ask(
    account: Account,
    stored: StoredCredentials,
    refreshToken: string,
  ): Promise<Refreshed | undefined> {
    const { clientId, clientSecret, version } = stored
    const startedAt = { wall: clock.now(), steady: clock.elapsed() }
    const result = await refreshTokens({
      clientId,
      clientSecret,
      refreshToken,
      region: account.signInRegion,
      ...(account.proxyUrl !== undefined && { proxyUrl: account.proxyUrl }),
    })
    if (result.kind === 'refreshed') {
      const lifeMs = result.expiresInSeconds * 1000
      lives.note(account.id, version + 1, { bornAt: startedAt.steady, endsAt: startedAt.steady + lifeMs })
      const tokens = {
        accessToken: result.accessToken,
        ...(result.refreshToken !== undefined && { refreshToken: result.refreshToken }),
        expiresAt: new Date(startedAt.wall + lifeMs),
      }
      return { tokens, at: new Date(clock.now()) }
    }
    // The refusal may be about a refresh token that another process has just replaced.
    const present = result.kind === 'refused' ? await store.readCredentials(account.id) : stored
    if (present?.version !== version) return undefined
    throw await noteFailure(account.id, stored, result)
  }

  /** Waits until this process may refresh. False: another one has done it, or the credentials were replaced. */
  async function lead(id: string, version: number, owner: string): Promise<boolean> {
    const lease = { owner, durationMs: REFRESH_LEASE_MS }
    const lastMoment = clock.elapsed() + REFRESH_LEASE_MS + LOOK_AGAIN_AT_MOST_MS
    let waitMs = LOOK_AGAIN_MS
    while (!(await store.leaseRefresh(id, version, lease))) {
      const present = await store.readCredentials(id)
      if (present?.version !== version) return false
      // It could not store what it got: so it is here, and is found in the next round.
      if ((await keeper.find(id, version)) !== undefined) return false
      if (clock.elapsed() > lastMoment) {
        throw new GatewayError(
          'refresh-unavailable',
          'Another process refreshes this account and does not end.',
        )
      }
      await waitFor(waitMs, { clock, signal: undefined })
      waitMs = Math.min(2 * waitMs, LOOK_AGAIN_AT_MOST_MS)
    }
    // Between the look for it and the lease another process may have put it there.
    return (await keeper.find(id, version)) === undefined
  }

  async function noteFailure(
    id: string,
    stored: StoredCredentials,
    result: RefreshFailure,
  ): Promise<GatewayError> {
    const { version } = stored
    // Asked all the same: our record is read by a wall clock, which may be wrong.
    const isOver = result.kind === 'refused' && hasRegistrationEnded(stored, clock.now())
    const error = isOver ? registrationEnded(result) : failureOf(result)
    // A proxy that was repaired is tried at once; until then the account's status keeps requests away.
    if (result.kind !== 'own-proxy-failed') {
      const pause = result.kind === 'refused' ? PAUSE_AFTER_REFUSAL_MS : PAUSE_AFTER_UNAVAILABLE_MS
      failures.set(id, { version, error, until: clock.elapsed() + pause })
    }
    await store.saveRefreshFailure(id, version, new Date(clock.now())).catch(report)
    return error
  }

  return {
    renew,
    livingToken,
    forget(id) {
      held.delete(id)
      failures.delete(id)
      lives.forget(id)
    },
    forgetBefore(id, version) {
      const known = held.get(id)
      if (known !== undefined && known.version < version) held.delete(id)
    },
  }
}

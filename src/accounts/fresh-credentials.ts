/**
 * Keeps access tokens fresh: one refresh at a time per account, across processes, its result stored before anybody uses it.
 * A refresh may kill the old refresh token (protocol: rotation), so a token that is lost costs the operator a sign-in.
 */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { AccountStore, RefreshedTokens, StoredCredentials } from './account-store.ts'
import type { Account } from './account.ts'
import { detachable } from './detachable.ts'
import { waitFor } from './wait-for.ts'
import {
  failureOf,
  noRefreshToken,
  type RefreshFailure,
  type RefreshRequest,
  type RefreshResult,
} from './refresh-result.ts'

export interface FreshCredentials {
  /**
   * An access token that lives for a while. Throws `sign-in-needed`, or `refresh-unavailable` once the old token is
   * dead too. `signal` ends the wait (`client-gone`), never the refresh that others may share.
   */
  get(account: Account, signal?: AbortSignal): Promise<string>
  /** Another access token than the one that the model service refused. */
  refresh(account: Account, refusedToken: string, signal?: AbortSignal): Promise<string>
  /** Renews a token that is old or near its end, before a request has to wait for it; nothing to do otherwise. */
  refreshAhead(account: Account): Promise<void>
  /** Asks the sign-in service now, whatever it said a moment ago. For the operator. */
  refreshNow(account: Account): Promise<void>
  /** Drops what is known in memory, after the account was removed or its credentials were changed. */
  forget(id: string): void
  /** Other credentials are stored: what is known of versions before this one is not used on. */
  forgetBefore(id: string, version: number): void
  /** Resolves when no refresh is under way: one that is cut off may have used up its refresh token. */
  settled(): Promise<void>
}

/** Which of the stored tokens will do, so that nothing has to be asked. */
type Demand =
  | { kind: 'living' }
  | { kind: 'other-than'; token: string }
  /** One that is neither old nor near its end. */
  | { kind: 'young' }
  /** One that was stored after this was demanded. */
  | { kind: 'newer' }

interface FailedRefresh {
  id: string
  version: number
  result: RefreshFailure
}

interface FreshCredentialsParts {
  store: Pick<AccountStore, 'readCredentials' | 'leaseRefresh' | 'saveTokens' | 'saveRefreshFailure'>
  /** Names this process among those that share the database. */
  processId: string
  refreshTokens: (request: RefreshRequest) => Promise<RefreshResult>
  clock: Clock
  /** Told when the note that a refresh failed could not be stored; the refresh's own failure is thrown. */
  report: (error: unknown) => void
}

const REFRESH_BEFORE_EXPIRY_MS = 60_000
/** In the background tokens are renewed earlier, so that requests need not wait. */
const OLD_AFTER_MS = 25 * 60_000
const NEAR_EXPIRY_MS = 10 * 60_000
/** Longer than the sign-in service may take to answer. */
const REFRESH_LEASE_MS = 20_000
const LOOK_AGAIN_MS = 250
/** After a failure the sign-in service is left alone for a while, however many requests come. */
const PAUSE_AFTER_UNAVAILABLE_MS = 5000
const PAUSE_AFTER_REFUSAL_MS = 60_000
/** Each round but the last ends because another writer changed the credentials. */
const MOST_ROUNDS = 3

/** What happened to the credentials of one version, as long as it is worth remembering. */
interface Memory {
  version: number
  /** Tokens that were received but could not be stored. They are tried again before any other refresh. */
  unsaved?: RefreshedTokens
  failure?: { error: GatewayError; until: number }
}

/** Whether a token of that age and expiry is renewed in the background. */
export function isDue(token: { refreshedAt?: Date; expiresAt?: Date }, now: number): boolean {
  const { refreshedAt, expiresAt } = token
  const isOld = refreshedAt === undefined || now - refreshedAt.getTime() > OLD_AFTER_MS
  return isOld || (expiresAt !== undefined && expiresAt.getTime() - now < NEAR_EXPIRY_MS)
}

function isGone(error: unknown): boolean {
  return error instanceof GatewayError && error.failure.kind === 'client-gone'
}

interface Flight {
  kind: Demand['kind']
  token: Promise<string>
}

export function createFreshCredentials(parts: FreshCredentialsParts): FreshCredentials {
  const { store, refreshTokens, processId, clock, report } = parts
  const known = new Map<string, StoredCredentials>()
  const memories = new Map<string, Memory>()
  const flights = new Map<string, Flight>()
  const underWay = new Set<Promise<unknown>>()

  function livingToken(id: string, leastLifeMs: number): string | undefined {
    const credentials = known.get(id)
    // An expiry that nobody told counts as far away: the service's refusal will tell.
    const expiry = credentials?.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    return expiry - clock.now() > leastLifeMs ? credentials?.accessToken : undefined
  }

  function join(account: Account, demand: Demand): Promise<string> {
    const flying = flights.get(account.id)
    if (flying !== undefined) return flying.token
    const token = renew(account, demand).finally(() => {
      if (flights.get(account.id)?.token === token) flights.delete(account.id)
      underWay.delete(token)
    })
    flights.set(account.id, { kind: demand.kind, token })
    underWay.add(token)
    return token
  }

  /** Like `join`, but a flight that set out for less than this is only waited for. */
  async function joinStrictly(account: Account, demand: Demand): Promise<string> {
    for (;;) {
      const flying = flights.get(account.id)
      if (flying === undefined || flying.kind === demand.kind) return join(account, demand)
      await flying.token.catch(() => {})
    }
  }

  async function renew(account: Account, demand: Demand): Promise<string> {
    const { id } = account
    let firstVersion: number | undefined
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const stored = await store.readCredentials(id)
      if (stored === undefined)
        throw new GatewayError('refresh-unavailable', 'The account was removed meanwhile.')
      known.set(id, stored)
      firstVersion ??= stored.version
      // Another process may have refreshed already.
      const token = livingToken(id, REFRESH_BEFORE_EXPIRY_MS)
      const isNewer = stored.version > firstVersion
      if (token !== undefined && satisfies(demand, { ...stored, token, isNewer })) return token
      const tokens = await obtain(account, stored, demand)
      if (tokens !== undefined && (await save(id, stored.version, tokens))) {
        known.set(id, { ...stored, ...tokens, version: stored.version + 1 })
        // Dead already only if it waited for the disk that long; its refresh token brings the next one.
        const saved = livingToken(id, 0)
        if (saved !== undefined) return saved
      }
    }
    throw new GatewayError('refresh-unavailable', 'The credentials of the account keep changing; try again.')
  }

  function satisfies(
    demand: Demand,
    stored: StoredCredentials & { token: string; isNewer: boolean },
  ): boolean {
    switch (demand.kind) {
      case 'living':
        return true
      case 'other-than':
        return stored.token !== demand.token
      case 'young':
        return !isDue(stored, clock.now())
      case 'newer':
        return stored.isNewer
      default:
        return unreachable(demand)
    }
  }

  /** Undefined when the credentials were changed meanwhile, so that the answer says nothing about the present ones. */
  async function obtain(
    account: Account,
    stored: StoredCredentials,
    demand: Demand,
  ): Promise<RefreshedTokens | undefined> {
    const memory = memories.get(account.id)
    if (memory?.version === stored.version) {
      if (memory.unsaved !== undefined) return memory.unsaved
      const { failure } = memory
      const rests = failure !== undefined && clock.now() < failure.until
      if (rests && demand.kind !== 'newer') throw failure.error
    }
    const { clientId, clientSecret, refreshToken } = stored
    if (refreshToken === undefined) throw noRefreshToken()
    if (!(await lead(account.id, stored.version))) return undefined
    const startedAt = clock.now()
    const result = await refreshTokens({
      clientId,
      clientSecret,
      refreshToken,
      region: account.signInRegion,
      ...(account.proxyUrl !== undefined && { proxyUrl: account.proxyUrl }),
    })
    if (result.kind === 'refreshed') {
      return {
        accessToken: result.accessToken,
        ...(result.refreshToken !== undefined && { refreshToken: result.refreshToken }),
        expiresAt: new Date(startedAt + result.expiresInSeconds * 1000),
      }
    }
    // The refusal may be about a refresh token that another process has just replaced.
    const present = result.kind === 'refused' ? await store.readCredentials(account.id) : stored
    if (present?.version !== stored.version) return undefined
    throw await noteFailure({ id: account.id, version: stored.version, result })
  }

  /** Waits until this process may refresh. False: another one has done it, or the credentials were replaced. */
  async function lead(id: string, version: number): Promise<boolean> {
    const lease = { owner: processId, durationMs: REFRESH_LEASE_MS }
    const lastMoment = clock.elapsed() + REFRESH_LEASE_MS + LOOK_AGAIN_MS
    while (!(await store.leaseRefresh(id, version, lease))) {
      const present = await store.readCredentials(id)
      if (present?.version !== version) return false
      if (clock.elapsed() > lastMoment) {
        throw new GatewayError(
          'refresh-unavailable',
          'Another process refreshes this account and does not end.',
        )
      }
      await waitFor(LOOK_AGAIN_MS, { clock, signal: undefined })
    }
    return true
  }

  async function noteFailure({ id, version, result }: FailedRefresh): Promise<GatewayError> {
    const error = failureOf(result)
    // A proxy that was repaired is tried at once; until then the account's status keeps requests away.
    if (result.kind !== 'own-proxy-failed') {
      const pause = result.kind === 'refused' ? PAUSE_AFTER_REFUSAL_MS : PAUSE_AFTER_UNAVAILABLE_MS
      memories.set(id, { version, failure: { error, until: clock.now() + pause } })
    }
    await store.saveRefreshFailure(id, version, new Date(clock.now())).catch(report)
    return error
  }

  async function save(id: string, version: number, tokens: RefreshedTokens): Promise<boolean> {
    try {
      const saved = await store.saveTokens(id, version, { tokens, at: new Date(clock.now()) })
      memories.delete(id)
      return saved
    } catch (error) {
      memories.set(id, { version, unsaved: tokens })
      throw new GatewayError(
        'refresh-unavailable',
        'A refreshed access token could not be stored, and is not used before it is: look at the disk.',
        { cause: error },
      )
    }
  }

  return {
    async get(account, signal) {
      const token = livingToken(account.id, REFRESH_BEFORE_EXPIRY_MS)
      if (token !== undefined) return token
      try {
        return await detachable(() => join(account, { kind: 'living' }), signal)
      } catch (error) {
        const unavailable = error instanceof GatewayError && error.failure.kind === 'refresh-unavailable'
        // A refusal met by a renewal ahead of time says nothing about a token with some life left.
        const oldToken = livingToken(account.id, unavailable ? 0 : REFRESH_BEFORE_EXPIRY_MS)
        if (oldToken !== undefined && !isGone(error)) return oldToken
        throw error
      }
    },

    async refresh(account, refusedToken, signal) {
      const token = livingToken(account.id, REFRESH_BEFORE_EXPIRY_MS)
      if (token !== undefined && token !== refusedToken) return token
      const demand: Demand = { kind: 'other-than', token: refusedToken }
      const joined = await detachable(() => join(account, demand), signal)
      // A flight that began before the refusal may have found the refused token still good.
      return joined === refusedToken ? detachable(() => join(account, demand), signal) : joined
    },

    async refreshAhead(account) {
      await join(account, { kind: 'young' })
    },

    async refreshNow(account) {
      await joinStrictly(account, { kind: 'newer' })
    },

    forget(id) {
      known.delete(id)
      memories.delete(id)
      flights.delete(id)
    },

    forgetBefore(id, version) {
      const credentials = known.get(id)
      // A refresh that is under way stays: two at once would use up each other's refresh token.
      if (credentials !== undefined && credentials.version < version) known.delete(id)
    },

    async settled() {
      await Promise.allSettled(underWay)
    },
  }
}

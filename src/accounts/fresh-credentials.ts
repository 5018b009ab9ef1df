/**
 * Keeps access tokens fresh: one refresh at a time per account, its result stored before anybody uses it.
 * A refresh may kill the old refresh token (protocol: rotation), so a token that is lost costs the operator a sign-in.
 */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { AccountStore, RefreshedTokens, StoredCredentials } from './account-store.ts'
import type { Account } from './account.ts'
import { detachable } from './detachable.ts'
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
  /** Drops what is known in memory, after the account was removed or its credentials were changed. */
  forget(id: string): void
}

interface FailedRefresh {
  id: string
  version: number
  result: RefreshFailure
}

interface FreshCredentialsParts {
  store: Pick<AccountStore, 'readCredentials' | 'saveTokens' | 'saveRefreshFailure'>
  refreshTokens: (request: RefreshRequest) => Promise<RefreshResult>
  clock: Clock
  /** Told when the note that a refresh failed could not be stored; the refresh's own failure is thrown. */
  report: (error: unknown) => void
}

const REFRESH_BEFORE_EXPIRY_MS = 60_000
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

export function createFreshCredentials(parts: FreshCredentialsParts): FreshCredentials {
  const { store, refreshTokens, clock, report } = parts
  const known = new Map<string, StoredCredentials>()
  const memories = new Map<string, Memory>()
  const flights = new Map<string, Promise<string>>()

  function livingToken(id: string, leastLifeMs: number): string | undefined {
    const credentials = known.get(id)
    // An expiry that nobody told counts as far away: the service's refusal will tell.
    const expiry = credentials?.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    return expiry - clock.now() > leastLifeMs ? credentials?.accessToken : undefined
  }

  function join(account: Account, refusedToken?: string): Promise<string> {
    const flying = flights.get(account.id)
    if (flying !== undefined) return flying
    const flight = renew(account, refusedToken).finally(() => {
      if (flights.get(account.id) === flight) flights.delete(account.id)
    })
    flights.set(account.id, flight)
    return flight
  }

  async function renew(account: Account, refusedToken: string | undefined): Promise<string> {
    const { id } = account
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const stored = await store.readCredentials(id)
      if (stored === undefined)
        throw new GatewayError('refresh-unavailable', 'The account was removed meanwhile.')
      known.set(id, stored)
      // Another process may have refreshed already.
      const token = livingToken(id, REFRESH_BEFORE_EXPIRY_MS)
      if (token !== undefined && token !== refusedToken) return token
      const tokens = await obtain(account, stored)
      if (tokens !== undefined && (await save(id, stored.version, tokens))) {
        known.set(id, { ...stored, ...tokens, version: stored.version + 1 })
        // Dead already only if it waited for the disk that long; its refresh token brings the next one.
        const saved = livingToken(id, 0)
        if (saved !== undefined) return saved
      }
    }
    throw new GatewayError('refresh-unavailable', 'The credentials of the account keep changing; try again.')
  }

  /** Undefined when the credentials were changed meanwhile, so that the answer says nothing about the present ones. */
  async function obtain(account: Account, stored: StoredCredentials): Promise<RefreshedTokens | undefined> {
    const memory = memories.get(account.id)
    if (memory?.version === stored.version) {
      if (memory.unsaved !== undefined) return memory.unsaved
      if (memory.failure !== undefined && clock.now() < memory.failure.until) throw memory.failure.error
    }
    const { clientId, clientSecret, refreshToken } = stored
    if (refreshToken === undefined) throw noRefreshToken()
    const startedAt = clock.now()
    const result = await refreshTokens({ clientId, clientSecret, refreshToken, region: account.signInRegion })
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

  async function noteFailure({ id, version, result }: FailedRefresh): Promise<GatewayError> {
    const error = failureOf(result)
    const pause = result.kind === 'refused' ? PAUSE_AFTER_REFUSAL_MS : PAUSE_AFTER_UNAVAILABLE_MS
    memories.set(id, { version, failure: { error, until: clock.now() + pause } })
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
        return await detachable(() => join(account), signal)
      } catch (error) {
        const oldToken = livingToken(account.id, 0)
        const unavailable = error instanceof GatewayError && error.failure.kind === 'refresh-unavailable'
        if (unavailable && oldToken !== undefined) return oldToken
        throw error
      }
    },

    async refresh(account, refusedToken, signal) {
      const token = livingToken(account.id, REFRESH_BEFORE_EXPIRY_MS)
      if (token !== undefined && token !== refusedToken) return token
      const joined = await detachable(() => join(account, refusedToken), signal)
      // A flight that began before the refusal may have found the refused token still good.
      return joined === refusedToken ? detachable(() => join(account, refusedToken), signal) : joined
    },

    forget(id) {
      known.delete(id)
      memories.delete(id)
      flights.delete(id)
    },
  }
}

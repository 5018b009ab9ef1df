/**
 * Keeps access tokens fresh: one refresh at a time per account, across processes, its result stored before anybody uses it.
 * A refresh may kill the old refresh token (protocol: rotation), so a token that is lost costs the operator a sign-in.
 */
import { GatewayError } from '../../conversation/failures.ts'
import type { Account } from '../account.ts'
import { detachable } from '../../background/detachable.ts'
import type { RefreshPace, Turn } from './refresh-pace.ts'
import { createRenewal, type Demand, type RenewalParts } from './renewal.ts'
import type { TokenKeeper } from './token-keeper.ts'

export interface FreshCredentials {
  /**
   * An access token that lives for a while. Throws `sign-in-needed`, or `refresh-unavailable` once the old token is
   * dead too. `signal` ends the wait (`client-gone`), never the refresh that others may share.
   */
  get(account: Account, signal?: AbortSignal): Promise<string>
  /** The same for work that no request waits for: it waits its turn if the sign-in service has to be asked. */
  getInTurn(account: Account, signal?: AbortSignal): Promise<string>
  /** Another access token than the one that the model service refused. */
  refresh(account: Account, refusedToken: string, signal?: AbortSignal): Promise<string>
  /**
   * Renews a token that is old or near its end, in its turn, before a request has to wait for it; nothing to do otherwise.
   * Throws like `get`, once no token is left that lives.
   */
  refreshAhead(account: Account): Promise<AheadResult>
  /** Asks the sign-in service now, whatever it said a moment ago. For the operator. */
  refreshNow(account: Account): Promise<void>
  /** Drops what is known in memory, after the account was removed or its credentials were changed. */
  forget(id: string): void
  /** Other credentials are stored: what is known of versions before this one is not used on. */
  forgetBefore(id: string, version: number): void
  /** Resolves when no refresh is under way: one that is cut off may have used up its refresh token. */
  settled(): Promise<void>
}

/** `kept`: it could not be renewed, but the old token lives on. */
export type AheadResult = { kind: 'young' } | { kind: 'kept'; error: unknown }

interface FreshCredentialsParts extends Omit<RenewalParts, 'keeper'> {
  keeper: Pick<TokenKeeper, 'find' | 'keep' | 'forget'>
  pace: Pick<RefreshPace, 'turn'>
}

interface Flight {
  kind: Demand['kind']
  token: Promise<string>
  /** Absent: it waits for no turn. */
  turn: Turn | undefined
}

export function createFreshCredentials(parts: FreshCredentialsParts): FreshCredentials {
  const { keeper, pace } = parts
  const renewal = createRenewal(parts)
  const livingToken = (id: string, leastLifeMs?: number) => renewal.livingToken(id, leastLifeMs)
  const flights = new Map<string, Flight>()
  const underWay = new Set<Promise<unknown>>()

  /** `turn`: nobody waits for it. */
  function join(account: Account, demand: Demand, turn?: Turn): Promise<string> {
    const flying = flights.get(account.id)
    if (flying !== undefined) {
      if (turn === undefined) flying.turn?.hurry()
      return flying.token
    }
    const token = renew(account, demand, turn).finally(() => {
      if (flights.get(account.id)?.token === token) flights.delete(account.id)
      underWay.delete(token)
    })
    flights.set(account.id, { kind: demand.kind, token, turn })
    underWay.add(token)
    return token
  }

  async function renew(account: Account, demand: Demand, turn: Turn | undefined): Promise<string> {
    try {
      return await renewal.renew(account, demand, turn)
    } catch (error) {
      throw error instanceof GatewayError ? error : outOfReach(error)
    }
  }

  /** Like `join`, but a flight that set out for less than this is only waited for. */
  async function joinStrictly(account: Account, demand: Demand): Promise<string> {
    for (;;) {
      const flying = flights.get(account.id)
      if (flying === undefined || flying.kind === demand.kind) return join(account, demand)
      flying.turn?.hurry()
      await flying.token.catch(() => {})
    }
  }

  async function get(account: Account, signal: AbortSignal | undefined, turn?: Turn): Promise<string> {
    const token = livingToken(account.id)
    if (token !== undefined) return token
    try {
      return await detachable(() => join(account, { kind: 'living' }, turn), signal)
    } catch (error) {
      // Whatever became of its renewal, a token works until it ends.
      const oldToken = isGone(error) ? undefined : livingToken(account.id, 0)
      if (oldToken !== undefined) return oldToken
      throw error
    }
  }

  return {
    get: (account, signal) => get(account, signal),

    getInTurn: (account, signal) => get(account, signal, pace.turn()),

    async refresh(account, refusedToken, signal) {
      const token = livingToken(account.id)
      if (token !== undefined && token !== refusedToken) return token
      const demand: Demand = { kind: 'other-than', token: refusedToken }
      const joined = await detachable(() => join(account, demand), signal)
      // A flight that began before the refusal may have found the refused token still good.
      return joined === refusedToken ? detachable(() => joinStrictly(account, demand), signal) : joined
    },

    async refreshAhead(account) {
      try {
        await join(account, { kind: 'young' }, pace.turn())
        return { kind: 'young' }
      } catch (error) {
        if (livingToken(account.id) === undefined) throw error
        return { kind: 'kept', error }
      }
    },

    async refreshNow(account) {
      await joinStrictly(account, { kind: 'newer' })
    },

    forget(id) {
      renewal.forget(id)
      keeper.forget(id)
      flights.delete(id)
    },

    forgetBefore(id, version) {
      // A refresh that is under way stays: two at once would use up each other's refresh token.
      renewal.forgetBefore(id, version)
    },

    async settled() {
      await Promise.allSettled(underWay)
    },
  }
}

function isGone(error: unknown): boolean {
  return error instanceof GatewayError && error.failure.kind === 'client-gone'
}

function outOfReach(cause: unknown): GatewayError {
  return new GatewayError(
    'refresh-unavailable',
    'The credentials of an account could not be read or reserved: look at the database and the disk.',
    { cause },
  )
}

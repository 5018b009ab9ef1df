/** What a refresh asks and what comes of it; a failed one becomes words for the operator. */
import { GatewayError, type AccountFault } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'

/**
 * What the sign-in service says to a refresh token. `unavailable`: nothing about it, try again later. `own-proxy-failed`: it was not
 * reached, by the fault of the account's own proxy.
 */
export type RefreshResult =
  | { kind: 'refreshed'; accessToken: string; refreshToken?: string; expiresInSeconds: number }
  | { kind: 'refused'; error: string; description: string }
  | { kind: 'unavailable' | 'own-proxy-failed'; reason: string }

export interface RefreshRequest {
  clientId: string
  clientSecret: string
  refreshToken: string
  /** Region of the sign-in service. */
  region: string
  /** The account's own outbound proxy, in place of the operator's. It may hold credentials. */
  proxyUrl?: string
}

export type RefreshFailure = Exclude<RefreshResult, { kind: 'refreshed' }>

const REFUSALS: Readonly<Record<string, { reason: string; fault: AccountFault }>> = {
  invalid_grant: { reason: 'its refresh token is no longer accepted', fault: 'refresh-token-refused' },
  expired_token: { reason: 'its refresh token has expired', fault: 'refresh-token-expired' },
  invalid_client: {
    reason: 'the registration of its client has expired or is unknown',
    fault: 'client-unknown',
  },
}

export function failureOf(result: RefreshFailure): GatewayError {
  switch (result.kind) {
    case 'refused': {
      const { reason, fault } = (Object.hasOwn(REFUSALS, result.error)
        ? REFUSALS[result.error]
        : undefined) ?? {
        reason: 'the sign-in service refuses it',
      }
      return new GatewayError(
        'sign-in-needed',
        `The operator must sign this account in again: ${reason} (${result.error}).`,
        {
          ...(fault !== undefined && { fault }),
          cause: new Error(`The sign-in service refused: ${result.error}: ${result.description}`),
        },
      )
    }
    case 'unavailable':
      return new GatewayError(
        'refresh-unavailable',
        'The sign-in service gave no new access token; try again.',
        {
          cause: new Error(result.reason),
        },
      )
    case 'own-proxy-failed':
      return new GatewayError(
        'access-denied',
        "The account's own proxy does not work: its operator should check the account's proxyUrl.",
        { fault: 'own-proxy-fails', cause: new Error(result.reason) },
      )
    default:
      return unreachable(result)
  }
}

export function noRefreshToken(): GatewayError {
  return new GatewayError(
    'sign-in-needed',
    'The operator must sign this account in again: its access token has ended, and it has no refresh token.',
    { fault: 'no-refresh-token' },
  )
}

export function registrationEnded({
  error,
  description,
}: {
  error: string
  description: string
}): GatewayError {
  return new GatewayError(
    'sign-in-needed',
    `The operator must sign this account in again: its registration with the sign-in service has ended (${error}).`,
    {
      fault: 'registration-ended',
      cause: new Error(`The sign-in service refused: ${error}: ${description}`),
    },
  )
}

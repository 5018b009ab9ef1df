/** Amazon's sign-in service (AWS IAM Identity Center OIDC), as far as the gateway needs it. */
import * as z from 'zod'
import type { RefreshRequest, RefreshResult } from '../accounts/tokens/refresh-result.ts'
import { createDeviceToken, type DeviceTokenRequest, type DeviceTokenResult } from './create-device-token.ts'
import {
  createOidcCall,
  oidcToken,
  readFailure,
  unreadable,
  type OidcAnswer,
  type OidcCallParts,
  type OidcPlace,
} from './oidc-call.ts'
import { isRegion } from './region.ts'
import { registerClient, type RegistrationResult } from './register-client.ts'
import {
  startDeviceAuthorization,
  type AuthorizationRequest,
  type AuthorizationResult,
} from './start-device-authorization.ts'
import { lifeSeconds } from './token-life.ts'

const tokenAnswer = z.looseObject({
  accessToken: oidcToken,
  refreshToken: oidcToken.nullish().catch(undefined),
  expiresIn: z.number().optional().catch(undefined),
})

/** No function of it ever throws. */
export interface Oidc {
  /** CreateToken with the grant `refresh_token`. What goes wrong on the way is `unavailable` or `own-proxy-failed`. */
  refreshTokens(refresh: RefreshRequest): Promise<RefreshResult>
  /** A client of its own for each sign-in: a second login of one client ends the first one's session. */
  registerClient(place: OidcPlace): Promise<RegistrationResult>
  startDeviceAuthorization(request: AuthorizationRequest, place: OidcPlace): Promise<AuthorizationResult>
  /** CreateToken with the grant `device_code`, once. */
  createDeviceToken(request: DeviceTokenRequest, place: OidcPlace): Promise<DeviceTokenResult>
}

export function createOidc(parts: OidcCallParts): Oidc {
  const call = createOidcCall(parts)
  return {
    async refreshTokens({ clientId, clientSecret, refreshToken, region, proxyUrl }) {
      const body = { clientId, clientSecret, refreshToken, grantType: 'refresh_token' }
      const place = { region, ...(proxyUrl !== undefined && { proxyUrl }) }
      const answer = await call('/token', body, place)
      return answer.kind === 'answered' ? readAnswer(answer, [clientSecret, refreshToken]) : answer
    },
    registerClient: (place) => registerClient(call, place),
    startDeviceAuthorization: (request, place) => startDeviceAuthorization(call, request, place),
    createDeviceToken: (request, place) => createDeviceToken(call, request, place),
  }
}

/** Where the sign-in service of a region is; `override` replaces all of them. */
export function createOidcEndpoints(override: string | undefined): (region: string) => string | undefined {
  return (region) => {
    if (!isRegion(region)) return undefined
    return override ?? `https://oidc.${region}.amazonaws.com`
  }
}

function readAnswer(answer: OidcAnswer, secrets: readonly string[]): RefreshResult {
  if (answer.status !== 200) return readFailure(answer, secrets)
  const tokens = tokenAnswer.safeParse(answer.body)
  if (!tokens.success) return unreadable()
  const { accessToken, refreshToken, expiresIn } = tokens.data
  return {
    kind: 'refreshed',
    accessToken,
    ...(refreshToken != null && { refreshToken }),
    expiresInSeconds: lifeSeconds(expiresIn),
  }
}

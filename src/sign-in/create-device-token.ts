import * as z from 'zod'
import {
  oidcToken,
  readErrorName,
  readFailure,
  unreadable,
  type OidcAnswer,
  type OidcCall,
  type OidcFailure,
  type OidcPlace,
} from './oidc-call.ts'
import { lifeSeconds } from './token-life.ts'

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code'

/** The code is used up with the answer, so only what is of no use at all makes it unreadable. */
const tokenAnswer = z.looseObject({
  accessToken: oidcToken,
  refreshToken: oidcToken.nullish(),
  expiresIn: z.number().optional().catch(undefined),
})

export interface DeviceTokenRequest {
  clientId: string
  clientSecret: string
  deviceCode: string
}

export type DeviceTokenResult =
  | { kind: 'approved'; accessToken: string; refreshToken?: string; expiresInSeconds: number }
  | { kind: 'pending' | 'slow-down' | 'expired' }
  | OidcFailure

const OUTCOMES: Readonly<Record<string, 'pending' | 'slow-down' | 'expired'>> = {
  authorization_pending: 'pending',
  slow_down: 'slow-down',
  expired_token: 'expired',
}

/** CreateToken by device code: whether the person has approved by now. */
export async function createDeviceToken(
  call: OidcCall,
  { clientId, clientSecret, deviceCode }: DeviceTokenRequest,
  place: OidcPlace,
): Promise<DeviceTokenResult> {
  const body = { clientId, clientSecret, deviceCode, grantType: GRANT_TYPE }
  const answer = await call('/token', body, place)
  if (answer.kind !== 'answered') return answer
  if (answer.status === 200) return readTokens(answer)
  const outcome = answer.status === 400 ? OUTCOMES[readErrorName(answer) ?? ''] : undefined
  return outcome === undefined ? readFailure(answer, [clientSecret, deviceCode]) : { kind: outcome }
}

function readTokens({ body }: OidcAnswer): DeviceTokenResult {
  const tokens = tokenAnswer.safeParse(body)
  if (!tokens.success) return unreadable()
  const { accessToken, refreshToken, expiresIn } = tokens.data
  return {
    kind: 'approved',
    accessToken,
    ...(refreshToken != null && { refreshToken }),
    expiresInSeconds: lifeSeconds(expiresIn),
  }
}

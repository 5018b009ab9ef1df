import * as z from 'zod'
import {
  oidcToken,
  readFailure,
  unreadable,
  type OidcCall,
  type OidcFailure,
  type OidcPlace,
} from './oidc-call.ts'
import { readOtherRegion, type OtherRegion } from './other-region.ts'
import type { OidcClient } from './register-client.ts'

/** What is meant when the service does not say: its own usual life, and the interval of RFC 8628. */
const USUAL_LIFE_SECONDS = 600
const USUAL_INTERVAL_SECONDS = 5
const LONGEST_LIFE_SECONDS = 3600
export const LONGEST_INTERVAL_SECONDS = 60

const link = z.string().max(2048)
const seconds = z.number().optional().catch(undefined)

const authorizationAnswer = z.looseObject({
  deviceCode: oidcToken,
  userCode: z.string().regex(/^[\w-]{1,64}$/),
  verificationUri: link,
  /** With the user code in it. */
  verificationUriComplete: link.nullish(),
  expiresIn: seconds,
  interval: seconds,
})

export interface AuthorizationRequest {
  client: OidcClient
  startUrl: string
}

/** What the person has to do. The links are as the service gave them: see aws-links.ts before showing one. */
export interface DeviceAuthorization {
  deviceCode: string
  userCode: string
  verificationUri: string
  verificationUriComplete: string
  expiresInSeconds: number
  intervalSeconds: number
}

export type AuthorizationResult = ({ kind: 'started' } & DeviceAuthorization) | OtherRegion | OidcFailure

/** StartDeviceAuthorization. */
export async function startDeviceAuthorization(
  call: OidcCall,
  { client, startUrl }: AuthorizationRequest,
  place: OidcPlace,
): Promise<AuthorizationResult> {
  const { clientId, clientSecret } = client
  const answer = await call('/device_authorization', { clientId, clientSecret, startUrl }, place)
  if (answer.kind !== 'answered') return answer
  if (answer.status !== 200) return readOtherRegion(answer, place) ?? readFailure(answer, [clientSecret])
  const authorization = authorizationAnswer.safeParse(answer.body)
  if (!authorization.success) return unreadable()
  const { deviceCode, userCode, verificationUri, verificationUriComplete, expiresIn, interval } =
    authorization.data
  return {
    kind: 'started',
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: verificationUriComplete ?? verificationUri,
    expiresInSeconds: within(expiresIn ?? USUAL_LIFE_SECONDS, LONGEST_LIFE_SECONDS),
    intervalSeconds: within(interval ?? USUAL_INTERVAL_SECONDS, LONGEST_INTERVAL_SECONDS),
  }
}

/** Whole seconds, at least one. */
function within(given: number, longest: number): number {
  return Math.min(Math.max(Math.ceil(given), 1), longest)
}

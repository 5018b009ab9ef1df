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

const CLIENT_NAME = 'Aqueduct'
/** Those of the Amazon Q command line. A client without any gets no refresh token. */
const SCOPES = ['codewhisperer:completions', 'codewhisperer:analysis', 'codewhisperer:conversations']
/** The year 3000: what lies beyond is no date that anybody meant. */
const LAST_SECOND = 32_503_680_000

const registrationAnswer = z.looseObject({
  clientId: oidcToken,
  clientSecret: oidcToken,
  /** Seconds since the epoch. */
  clientSecretExpiresAt: z.number().min(1).max(LAST_SECOND).optional().catch(undefined),
})

/** A client that was registered, and with which everything about one sign-in is asked. */
export interface OidcClient {
  clientId: string
  clientSecret: string
  /** Absent when the service did not say. */
  registrationExpiresAt?: Date
}

export type RegistrationResult = ({ kind: 'registered' } & OidcClient) | OtherRegion | OidcFailure

/** RegisterClient: a public client with the scopes of Amazon Q. */
export async function registerClient(call: OidcCall, place: OidcPlace): Promise<RegistrationResult> {
  const body = { clientName: CLIENT_NAME, clientType: 'public', scopes: SCOPES }
  const answer = await call('/client/register', body, place)
  if (answer.kind !== 'answered') return answer
  if (answer.status !== 200) return readOtherRegion(answer, place) ?? readFailure(answer, [])
  const registration = registrationAnswer.safeParse(answer.body)
  if (!registration.success) return unreadable()
  const { clientId, clientSecret, clientSecretExpiresAt } = registration.data
  return {
    kind: 'registered',
    clientId,
    clientSecret,
    ...(clientSecretExpiresAt !== undefined && {
      registrationExpiresAt: new Date(clientSecretExpiresAt * 1000),
    }),
  }
}

/** One sign-in as the programs of AWS keep it: a token, and the registration of the client that it belongs to. */
import { BUILDER_ID_START_URL } from '../accounts/account.ts'
import { readStartUrl } from '../sign-in/aws-links.ts'
import { isRegion } from '../sign-in/region.ts'
import { fieldsOf, type Fields } from './fields.ts'
import type { Candidate } from './judge-row.ts'
import { readInstant } from './read-instant.ts'
import type { SourceRecord } from './source.ts'

export interface SignInParts {
  label: string
  token: SourceRecord
  registration: SourceRecord
  channel: 'q-json' | 'kiro-runtime'
  /** The profile that its program has chosen, where that is not said in the token. */
  profileArn?: string | undefined
}

export type SignInReading = Candidate | { problem: string }

export function readSignIn({
  label,
  token,
  registration,
  channel,
  profileArn: chosen,
}: SignInParts): SignInReading {
  const fields = fieldsOf(token)
  const client = fieldsOf(registration)
  const problem = refusalOf(fields)
  if (problem !== undefined) return { problem }
  const signInRegion = fields.text('region') ?? client.text('region')
  if (signInRegion !== undefined && !isRegion(signInRegion)) {
    return { problem: 'Its region is none of AWS that this gateway knows.' }
  }
  const profileArn = fields.text('profileArn') ?? chosen
  const region = profileArn?.split(':')[3]
  return {
    body: {
      label,
      clientId: client.text('clientId'),
      clientSecret: client.text('clientSecret'),
      refreshToken: fields.text('refreshToken'),
      accessToken: fields.text('accessToken'),
      channel,
      ...(signInRegion !== undefined && { signInRegion }),
      ...(profileArn !== undefined && { profileArn }),
      // Where its profile is at home; where it signs in says nothing about that.
      ...(isRegion(region) && { region }),
    },
    history: historyOf(fields, client),
  }
}

/** The ways to sign in that this gateway has no refresh for. */
export function refusalOf(fields: Fields): string | undefined {
  const words = [fields.text('authMethod'), fields.text('provider')].map((word) => word?.toLowerCase() ?? '')
  if (words.some((word) => ['social', 'google', 'github'].includes(word))) return SOCIAL
  if (words.some((word) => /^external[_-]?idp$/.test(word)) || fields.has('tokenEndpoint')) return EXTERNAL
  if (words.some((word) => /^api[_-]?key$/.test(word)) || fields.has('kiroApiKey', 'apiKey')) return API_KEY
  return undefined
}

const INSTEAD = 'This gateway signs in with an AWS Builder ID or an IAM Identity Center.'
export const SOCIAL = `It signs in to Kiro with Google or GitHub, which cannot be refreshed here. ${INSTEAD}`
export const EXTERNAL = `It signs in with an identity provider of its company, which cannot be refreshed here. ${INSTEAD}`
const API_KEY = `It is an API key of Kiro, which cannot be used here. ${INSTEAD}`

function historyOf(token: Fields, client: Fields): Candidate['history'] {
  const expiresAt = readInstant(token.find('expiresAt'))
  const registrationExpiresAt = readInstant(client.find('clientSecretExpiresAt', 'expiresAt'))
  const startUrl = startUrlOf(token)
  return {
    ...(expiresAt !== undefined && { expiresAt }),
    ...(registrationExpiresAt !== undefined && { registrationExpiresAt }),
    ...(startUrl !== undefined && { startUrl }),
  }
}

function startUrlOf(token: Fields): string | undefined {
  const startUrl = token.text('startUrl')
  if (startUrl !== undefined) return readStartUrl(startUrl)
  return token.text('provider')?.toLowerCase() === 'builderid' ? BUILDER_ID_START_URL : undefined
}

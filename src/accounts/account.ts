/** An Amazon Q identity that the gateway may use. Secrets live apart, in Credentials, and never in an Account. */
import type { JsonValue } from '../conversation/conversation.ts'

/** What signs an account in. Only storage and the code that refreshes tokens ever hold one. */
export interface Credentials {
  clientId: string
  clientSecret: string
  refreshToken?: string
  accessToken?: string
  /** When the access token dies; absent when nobody told. */
  expiresAt?: Date
}

export type SecretName = 'clientSecret' | 'refreshToken' | 'accessToken'

export type LastRefresh = { status: 'never' } | { status: 'success' | 'failed'; at: Date }

export interface Account {
  id: string
  label?: string
  clientId: string
  /** Whatever the operator keeps with the account. It may hold secrets, so views mask it. */
  other?: JsonValue
  enabled: boolean
  /** How the account reaches the model service; the upstream knows the names. */
  channel: string
  /** Region of the model service. */
  region: string
  /** Region of the sign-in service: the home of the Identity Center instance, us-east-1 for a Builder ID. */
  signInRegion: string
  profileArn?: string
  lastRefresh: LastRefresh
  expiresAt?: Date
  createdAt: Date
  updatedAt: Date
  /** Failures in a row that the account caused; an unclear one counts half. */
  strikes: number
  successes: number
  /** For each secret that is there, eight hexadecimal digits that tell it from others and nothing about it. */
  fingerprints: Partial<Record<SecretName, string>>
  /** False: what is stored of its secrets was damaged or moved. The account is never lent. */
  readable: boolean
}

/** What it takes to make an account. */
export interface NewAccount {
  label?: string
  clientId: string
  clientSecret: string
  refreshToken?: string
  accessToken?: string
  other?: JsonValue
  enabled?: boolean
}

/** Whether the account could serve a request, as far as can be known without asking the service. */
export function isUsable(account: Account): boolean {
  const { refreshToken, accessToken } = account.fingerprints
  return account.enabled && account.readable && (refreshToken !== undefined || accessToken !== undefined)
}

/** An Amazon Q identity that the gateway may use. Secrets live apart, in Credentials, and never in an Account. */
import type { JsonValue } from '../conversation/conversation.ts'
import type { AccountStatus, Backoff } from './status.ts'

/** What signs an account in. Only storage and the code that refreshes tokens ever hold one. */
export interface Credentials {
  clientId: string
  clientSecret: string
  refreshToken?: string
  accessToken?: string
  /** When the access token dies; absent when nobody told. */
  expiresAt?: Date
  /** When the registration of the client ends, and every token of it; absent when nobody told. */
  registrationExpiresAt?: Date
}

/** Who the model service says the account is. Personal, so views mask it. */
export interface Identity {
  /** The service's own id of the person; it stays when an address changes. */
  userId: string
  email?: string
  /** Name of the subscription. */
  plan?: string
}

/** The profile that an account was found to work with, or that it works without one. */
export type LearnedProfile = { kind: 'arn'; arn: string } | { kind: 'none' }

/** How its person signs in. Accounts that were handed in as tokens do not tell. */
export type SignInKind = 'builder-id' | 'identity-center' | 'unknown'

export const BUILDER_ID_START_URL = 'https://view.awsapps.com/start'

export type SecretName = 'clientSecret' | 'refreshToken' | 'accessToken' | 'proxyUrl'

export type LastRefresh = { status: 'never' } | { status: 'success' | 'failed'; at: Date }

export interface Account {
  id: string
  label?: string
  clientId: string
  /** Whatever the operator keeps with the account. It may hold secrets, so views mask it. */
  other?: JsonValue
  status: AccountStatus
  backoff: Backoff
  settings: AccountSettings
  /** How the account reaches the model service; the upstream knows the names. */
  channel: string
  /** Region of the model service. */
  region: string
  /** Region of the sign-in service: the home of the Identity Center instance, us-east-1 for a Builder ID. */
  signInRegion: string
  /** Where its person signs in; absent when the account was handed in as tokens. */
  startUrl?: string
  /** The operator's choice; without one, `settings.profile` says what to do. */
  profileArn?: string
  /** Only looked at where the operator leaves the profile to us. */
  learnedProfile?: LearnedProfile
  identity?: Identity
  /** Outbound proxy of its own. It may hold a password, so views show a fingerprint. */
  proxyUrl?: string
  lastRefresh: LastRefresh
  expiresAt?: Date
  registrationExpiresAt?: Date
  createdAt: Date
  updatedAt: Date
  /** Failures in a row that the account caused; an unclear one counts half. */
  strikes: number
  successes: number
  /** For each secret that is there, eight hexadecimal digits that tell it from others and nothing about it. */
  fingerprints: Partial<Record<SecretName, string>>
  /** False: what is stored of its secrets was damaged or moved. The account is never lent. */
  readable: boolean
  /** Which credentials are stored: each change of them is another version. */
  tokenVersion: number
  /** Counts its changes, but those of tokens that were refreshed and of successes. */
  revision: number
}

/** What the operator decides about an account's use. */
export interface AccountSettings {
  tags: readonly string[]
  weight: number
  priority: number
  /** Requests at once; absent: no limit. */
  concurrencyLimit?: number
  /** Ids of the models that it may serve; absent: all. */
  models?: readonly string[]
  /** Without an explicit ARN: the one that the service tells, or none at all. */
  profile: 'auto' | 'none'
  /** The origin that its requests name, in place of the channel's. */
  origin?: string
  /** Whether the service is asked not to keep what is sent. */
  optsOut: boolean
  /** The operator lets it rest until then; what is past means nothing. */
  pausedUntil?: Date
}

export const defaultSettings: AccountSettings = {
  tags: [],
  weight: 1,
  priority: 0,
  profile: 'auto',
  optsOut: true,
}

export function signInKindOf({ startUrl }: Pick<Account, 'startUrl'>): SignInKind {
  if (startUrl === undefined) return 'unknown'
  return startUrl.replace(/\/+$/, '') === BUILDER_ID_START_URL ? 'builder-id' : 'identity-center'
}

/** Whether it may serve those who are limited to accounts with one of these tags; undefined: whoever asks is not. */
export function hasTagOf(
  { settings }: Pick<Account, 'settings'>,
  tags: readonly string[] | undefined,
): boolean {
  return tags === undefined || tags.some((tag) => settings.tags.includes(tag))
}

export function isEnabled({ status }: Pick<Account, 'status'>): boolean {
  return status.kind !== 'disabled'
}

/** Whether it has what signs a request, as far as can be known without asking the service. */
export function hasTokens({ readable, fingerprints }: Account): boolean {
  return readable && (fingerprints.refreshToken !== undefined || fingerprints.accessToken !== undefined)
}

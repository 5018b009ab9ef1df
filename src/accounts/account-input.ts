/** What the operator gives to make or change an account, and the account that becomes of it. */
import type { JsonValue } from '../conversation/conversation.ts'
import {
  defaultSettings,
  type Account,
  type AccountSettings,
  type Credentials,
  type Identity,
  type LastRefresh,
} from './account.ts'
import { noBackoff, ready, whenEnabled, whenRepaired, whenSignedInAnew, type Backoff } from './status.ts'

/** Null takes a value away, absent leaves it as it is. */
export interface AccountChange {
  label?: string | null
  clientId?: string
  clientSecret?: string
  refreshToken?: string | null
  accessToken?: string | null
  other?: JsonValue
  enabled?: boolean
  tags?: readonly string[]
  weight?: number
  priority?: number
  concurrencyLimit?: number | null
  models?: readonly string[] | null
  proxyUrl?: string | null
  channel?: string
  region?: string
  signInRegion?: string
  /** An ARN, `auto` or `none`. */
  profileArn?: string
  /** Null: the channel's own. */
  origin?: string | null
  optOut?: boolean
  /** It rests until then, or for so long from now on. */
  pausedUntil?: Date | null
  pauseSeconds?: number
  /** What a sign-in tells beside the tokens. */
  signIn?: SignInFacts
}

export interface SignInFacts {
  startUrl: string
  expiresAt: Date
  registrationExpiresAt?: Date
  identity?: Identity
}

/** What is known of an account from the program that had it before. */
export interface AccountHistory {
  createdAt?: Date
  successes?: number
  strikes?: number
  lastRefresh?: LastRefresh
  /** Where its person signs in. */
  startUrl?: string
  /** When the access token dies that comes with it. */
  expiresAt?: Date
  registrationExpiresAt?: Date
}

export type NewAccount = AccountChange & {
  clientId: string
  clientSecret: string
  history?: AccountHistory
}

/** Where an account of which nothing else is known is at home: a Builder ID, reached as its first clients did. */
const DEFAULT_CHANNEL = 'q-json'
const DEFAULT_REGION = 'us-east-1'

export function newAccount(id: string, input: NewAccount, createdAt: Date): Account {
  const blank: Account = {
    id,
    clientId: input.clientId,
    status: ready,
    backoff: noBackoff,
    settings: defaultSettings,
    channel: DEFAULT_CHANNEL,
    region: DEFAULT_REGION,
    signInRegion: DEFAULT_REGION,
    lastRefresh: { status: 'never' },
    createdAt,
    updatedAt: createdAt,
    strikes: 0,
    successes: 0,
    fingerprints: {},
    readable: true,
    tokenVersion: 1,
    revision: 0,
  }
  return withHistory(changeAccount(blank, input, createdAt), input.history)
}

/** Last, as an account that is switched on by hand starts without strikes. */
function withHistory(account: Account, history: AccountHistory = {}): Account {
  const { createdAt, successes, strikes, lastRefresh, startUrl } = history
  return {
    ...account,
    ...(createdAt !== undefined && { createdAt }),
    ...(successes !== undefined && { successes }),
    ...(strikes !== undefined && { strikes }),
    ...(lastRefresh !== undefined && { lastRefresh }),
    ...(startUrl !== undefined && { startUrl }),
  }
}

export function newCredentials(input: NewAccount): Credentials {
  const { clientId, clientSecret, history = {} } = input
  const credentials = changeCredentials({ clientId, clientSecret }, input)
  const { expiresAt, registrationExpiresAt } = history
  return {
    ...credentials,
    ...(credentials.accessToken !== undefined && expiresAt !== undefined && { expiresAt }),
    ...(registrationExpiresAt !== undefined && { registrationExpiresAt }),
  }
}

/** Everything but the credentials. */
export function changeAccount(account: Account, change: AccountChange, at: Date): Account {
  const rest = withoutOptional(account)
  const label = choose(account.label, change.label)
  const other = choose(account.other, change.other)
  const proxyUrl = choose(account.proxyUrl, change.proxyUrl)
  const wantsArn = change.profileArn?.startsWith('arn:') ?? account.profileArn !== undefined
  const profileArn = wantsArn ? (change.profileArn ?? account.profileArn) : undefined
  const { signIn } = change
  const startUrl = signIn?.startUrl ?? account.startUrl
  // Other tokens may be another person's.
  const identity = changesCredentials(change) ? signIn?.identity : account.identity
  const learnedProfile = repairs(change) ? undefined : account.learnedProfile
  return {
    ...rest,
    ...(label !== undefined && { label }),
    ...(other !== undefined && { other }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    ...(profileArn !== undefined && { profileArn }),
    ...(startUrl !== undefined && { startUrl }),
    ...(identity !== undefined && { identity }),
    ...(learnedProfile !== undefined && { learnedProfile }),
    clientId: change.clientId ?? account.clientId,
    channel: change.channel ?? account.channel,
    region: change.region ?? account.region,
    signInRegion: change.signInRegion ?? account.signInRegion,
    settings: changeSettings(account.settings, change, at),
    ...changeStanding(account, change),
    updatedAt: at,
  }
}

function withoutOptional(account: Account) {
  const { label: _1, other: _2, proxyUrl: _3, profileArn: _4, ...rest } = account
  const { startUrl: _5, identity: _6, learnedProfile: _7, ...required } = rest
  return required
}

function changeSettings(settings: AccountSettings, change: AccountChange, at: Date): AccountSettings {
  const concurrencyLimit = choose(settings.concurrencyLimit, change.concurrencyLimit)
  const models = choose(settings.models, change.models)
  const origin = choose(settings.origin, change.origin)
  const pausedUntil = choose(settings.pausedUntil, pauseEnd(change, at))
  return {
    tags: change.tags ?? settings.tags,
    weight: change.weight ?? settings.weight,
    priority: change.priority ?? settings.priority,
    ...(concurrencyLimit !== undefined && { concurrencyLimit }),
    ...(models !== undefined && { models }),
    profile: profileOf(change.profileArn) ?? settings.profile,
    ...(origin !== undefined && { origin }),
    optsOut: change.optOut ?? settings.optsOut,
    ...(pausedUntil !== undefined && { pausedUntil }),
  }
}

function pauseEnd({ pausedUntil, pauseSeconds }: AccountChange, at: Date): Date | null | undefined {
  return pauseSeconds === undefined ? pausedUntil : new Date(at.getTime() + pauseSeconds * 1000)
}

function profileOf(wanted: string | undefined): AccountSettings['profile'] | undefined {
  if (wanted === undefined) return undefined
  return wanted === 'none' ? 'none' : 'auto'
}

/** Switched on, an account starts anew; what was said about other credentials or another set-up is forgotten. */
function changeStanding(
  account: Account,
  change: AccountChange,
): Pick<Account, 'status' | 'backoff' | 'strikes'> {
  const { strikes } = account
  const backoff = changesCredentials(change)
    ? withoutSignInRefusals({ ...account.backoff, denials: 0 })
    : { ...account.backoff, ...(repairs(change) && { denials: 0 }) }
  if (change.enabled === false) return { status: { kind: 'disabled', by: 'operator' }, backoff, strikes }
  const repaired = repairs(change) ? whenRepaired(account.status) : account.status
  const status = changesCredentials(change) ? whenSignedInAnew(repaired) : repaired
  if (change.enabled === true) return { status: whenEnabled(status), backoff: noBackoff, strikes: 0 }
  return { status, backoff, strikes }
}

function withoutSignInRefusals({ signInRefusals: _refusals, ...backoff }: Backoff): Backoff {
  return backoff
}

export function changesStanding(account: Account, change: AccountChange): boolean {
  const wasDenied = account.status.kind === 'misconfigured' || account.backoff.denials > 0
  return change.enabled !== undefined || changesCredentials(change) || (wasDenied && repairs(change))
}

/** Whether an account that did not work as it was set up may do so after the change. */
function repairs(change: AccountChange): boolean {
  const { proxyUrl, channel, region, profileArn, signInRegion, models, origin } = change
  const settings = [proxyUrl, channel, region, profileArn, signInRegion, models, origin]
  return settings.some((given) => given !== undefined) || changesCredentials(change)
}

export function changesCredentials(change: AccountChange): boolean {
  const { clientId, clientSecret, refreshToken, accessToken } = change
  return [clientId, clientSecret, refreshToken, accessToken].some((given) => given !== undefined)
}

/**
 * An access token that is not given along with what signs the account in belongs to the sign-in before, and goes.
 * Scripts written for q2api send empty strings for tokens that they do not have.
 */
export function changeCredentials(credentials: Credentials, change: AccountChange): Credentials {
  const { clientId, clientSecret } = change
  const signsInAnew = [clientId, clientSecret, change.refreshToken].some((given) => given !== undefined)
  const refreshToken = choose(credentials.refreshToken, change.refreshToken)
  const accessToken = choose(signsInAnew ? undefined : credentials.accessToken, change.accessToken)
  const keepsExpiry = accessToken === credentials.accessToken
  const expiresAt = change.signIn?.expiresAt ?? (keepsExpiry ? credentials.expiresAt : undefined)
  const isOtherClient = clientId !== undefined || clientSecret !== undefined
  const registrationExpiresAt =
    change.signIn?.registrationExpiresAt ?? (isOtherClient ? undefined : credentials.registrationExpiresAt)
  return {
    clientId: clientId ?? credentials.clientId,
    clientSecret: clientSecret ?? credentials.clientSecret,
    ...(refreshToken !== undefined && refreshToken !== '' && { refreshToken }),
    ...(accessToken !== undefined && accessToken !== '' && { accessToken }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(registrationExpiresAt !== undefined && { registrationExpiresAt }),
  }
}

function choose<T>(current: T | undefined, wanted: T | null | undefined): T | undefined {
  return wanted === undefined ? current : (wanted ?? undefined)
}

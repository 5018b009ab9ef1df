/** The border between rows and domain types: what is sealed in a row is in clear on the other side, or left out. */
import * as z from 'zod'
import type { RefreshedTokens, Standing, StoredCredentials } from '../accounts/account-store.ts'
import type { Account, Credentials, Identity, LastRefresh, SecretName } from '../accounts/account.ts'
import { SealError, type SecretPlace, type Secrets } from '../access/secrets.ts'
import type { JsonValue } from '../conversation/conversation.ts'
import {
  readLearnedProfile,
  readSettings,
  readStanding,
  writeLearnedProfile,
  writeSettings,
  writeStanding,
} from './account-columns.ts'
import type { AccountSeals, WatchedRow } from './account-seals.ts'
import type { AccountsTable } from './tables.ts'

type SealedColumn = SecretName | 'other' | 'identity'

const identityColumn = z.object({
  userId: z.string(),
  email: z.string().exactOptional(),
  plan: z.string().exactOptional(),
})

const FIRST_TOKEN_VERSION = 1

export function sealedTextsOf(row: AccountsTable): (string | null)[] {
  const { clientSecret, refreshToken, accessToken, other, proxyUrl, identity } = row
  return [clientSecret, refreshToken, accessToken, other, proxyUrl, identity]
}

function placeOf(id: string, column: SealedColumn | 'tokens'): SecretPlace {
  return { table: 'accounts', row: id, column }
}

export function toRow(account: Account, credentials: Credentials, secrets: Secrets): AccountsTable {
  const { id, lastRefresh } = account
  return {
    id,
    ...toCredentialColumns(id, credentials, secrets),
    ...toSettingColumns(account, secrets),
    ...toStandingColumns(account),
    last_refresh_time: lastRefresh.status === 'never' ? null : lastRefresh.at.toISOString(),
    last_refresh_status: lastRefresh.status,
    created_at: account.createdAt.toISOString(),
    error_count: account.strikes,
    success_count: account.successes,
    token_version: FIRST_TOKEN_VERSION,
    refresh_lease_owner: null,
    refresh_lease_until: null,
    origin_hash: originHashOf(credentials, secrets),
    ...toIdentityColumns(id, account.identity, secrets),
    // The store sets it when it writes.
    revision: 0,
  }
}

export function toCredentialColumns(id: string, credentials: Credentials, secrets: Secrets) {
  const seal = (column: SealedColumn, value: string) => secrets.seal(value, placeOf(id, column))
  const { refreshToken, accessToken } = credentials
  return {
    clientId: credentials.clientId,
    clientSecret: seal('clientSecret', credentials.clientSecret),
    refreshToken: refreshToken === undefined ? null : seal('refreshToken', refreshToken),
    accessToken: accessToken === undefined ? null : seal('accessToken', accessToken),
    expires_at: credentials.expiresAt?.toISOString() ?? null,
    registration_expires_at: credentials.registrationExpiresAt?.toISOString() ?? null,
  }
}

export function toRefreshedColumns(
  id: string,
  { version, tokens, at }: { version: number; tokens: RefreshedTokens; at: Date },
  secrets: Secrets,
) {
  const { accessToken, refreshToken, expiresAt } = tokens
  return {
    accessToken: secrets.seal(accessToken, placeOf(id, 'accessToken')),
    ...(refreshToken !== undefined && {
      refreshToken: secrets.seal(refreshToken, placeOf(id, 'refreshToken')),
    }),
    expires_at: expiresAt.toISOString(),
    last_refresh_time: at.toISOString(),
    last_refresh_status: 'success',
    updated_at: at.toISOString(),
    token_version: version + 1,
  }
}

/** What the operator decides. */
export function toSettingColumns(account: Account, secrets: Secrets) {
  const seal = (column: SealedColumn, value: string) => secrets.seal(value, placeOf(account.id, column))
  return {
    label: account.label ?? null,
    other: account.other === undefined ? null : seal('other', JSON.stringify(account.other)),
    channel: account.channel,
    region: account.region,
    sign_in_region: account.signInRegion,
    start_url: account.startUrl ?? null,
    profile_arn: account.profileArn ?? null,
    proxyUrl: account.proxyUrl === undefined ? null : seal('proxyUrl', account.proxyUrl),
    settings: writeSettings(account.settings),
    learned_profile: writeLearnedProfile(account.learnedProfile),
    updated_at: account.updatedAt.toISOString(),
  }
}

export function toStandingColumns(standing: Standing) {
  return { status: writeStanding(standing), enabled: standing.status.kind === 'disabled' ? 0 : 1 }
}

export function toIdentityColumns(id: string, identity: Identity | undefined, secrets: Secrets) {
  if (identity === undefined) return { identity: null, identity_hash: null }
  return {
    identity: secrets.seal(JSON.stringify(identity), placeOf(id, 'identity')),
    identity_hash: identityHashOf(identity.userId, secrets),
  }
}

export function identityHashOf(userId: string, secrets: Secrets): string {
  return secrets.digest('account-identities', userId)
}

/** Null without a refresh token: then nothing tells one account of a client from another. */
export function originHashOf(
  { clientId, refreshToken }: Pick<Credentials, 'clientId' | 'refreshToken'>,
  secrets: Secrets,
): string | null {
  if (refreshToken === undefined) return null
  return secrets.digest('account-origins', JSON.stringify([clientId, refreshToken]))
}

/** Throws a SealError when a secret was damaged, or is not the last one that was stored. */
export function toCredentials(row: WatchedRow, secrets: Secrets, seals: AccountSeals): StoredCredentials {
  refuseOlder(row, seals)
  const refreshToken = open(row, 'refreshToken', secrets)
  const accessToken = open(row, 'accessToken', secrets)
  return {
    clientId: row.clientId,
    clientSecret: secrets.open(row.clientSecret, placeOf(row.id, 'clientSecret')),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(accessToken !== undefined && { accessToken }),
    ...(row.expires_at !== null && { expiresAt: new Date(row.expires_at) }),
    ...(row.registration_expires_at !== null && {
      registrationExpiresAt: new Date(row.registration_expires_at),
    }),
    version: row.token_version,
    ...(row.last_refresh_status === 'success' &&
      row.last_refresh_time !== null && { refreshedAt: new Date(row.last_refresh_time) }),
  }
}

/** A damaged secret takes its own account out of use, and never the list with all the others. */
export function toAccount(row: WatchedRow, secrets: Secrets, seals: AccountSeals): Account {
  const learnedProfile = readLearnedProfile(row.learned_profile)
  return {
    id: row.id,
    ...(row.label !== null && { label: row.label }),
    clientId: row.clientId,
    ...readStanding(row),
    settings: readSettings(row.settings),
    channel: row.channel,
    region: row.region,
    signInRegion: row.sign_in_region,
    ...(row.start_url !== null && { startUrl: row.start_url }),
    ...(learnedProfile !== undefined && { learnedProfile }),
    ...(row.profile_arn !== null && { profileArn: row.profile_arn }),
    lastRefresh: lastRefreshOf(row),
    ...(row.expires_at !== null && { expiresAt: new Date(row.expires_at) }),
    ...(row.registration_expires_at !== null && {
      registrationExpiresAt: new Date(row.registration_expires_at),
    }),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    strikes: row.error_count,
    successes: row.success_count,
    tokenVersion: row.token_version,
    revision: row.revision,
    ...sealedPartsOf(row, secrets, seals),
  }
}

function lastRefreshOf(row: AccountsTable): LastRefresh {
  const { last_refresh_status: status, last_refresh_time: time } = row
  if (time === null || (status !== 'success' && status !== 'failed')) return { status: 'never' }
  return { status, at: new Date(time) }
}

function refuseOlder(row: WatchedRow, seals: AccountSeals): void {
  if (!seals.isLast(row)) throw new SealError('is older than what was stored last', placeOf(row.id, 'tokens'))
}

function sealedPartsOf(
  row: WatchedRow,
  secrets: Secrets,
  seals: AccountSeals,
): Pick<Account, 'other' | 'proxyUrl' | 'identity' | 'fingerprints' | 'readable'> {
  try {
    refuseOlder(row, seals)
    const fingerprints: Account['fingerprints'] = {}
    for (const name of ['clientSecret', 'refreshToken', 'accessToken', 'proxyUrl'] as const) {
      const secret = open(row, name, secrets)
      if (secret !== undefined) fingerprints[name] = secrets.fingerprint(secret)
    }
    const json = open(row, 'other', secrets)
    const other: JsonValue | undefined = json === undefined ? undefined : z.json().parse(JSON.parse(json))
    const proxyUrl = open(row, 'proxyUrl', secrets)
    const identity = readIdentity(open(row, 'identity', secrets))
    return {
      fingerprints,
      readable: true,
      ...(other !== undefined && { other }),
      ...(proxyUrl !== undefined && { proxyUrl }),
      ...(identity !== undefined && { identity }),
    }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { fingerprints: {}, readable: false }
  }
}

function readIdentity(json: string | undefined): Identity | undefined {
  return json === undefined ? undefined : identityColumn.safeParse(JSON.parse(json)).data
}

function open(row: AccountsTable, column: SealedColumn, secrets: Secrets): string | undefined {
  const sealed = row[column]
  return sealed === null ? undefined : secrets.open(sealed, placeOf(row.id, column))
}

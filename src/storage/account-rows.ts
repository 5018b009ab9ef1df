/** The border between rows and domain types: what is sealed in a row is in clear on the other side, or left out. */
import { z } from 'zod'
import type { StoredCredentials } from '../accounts/account-store.ts'
import type { Account, Credentials, LastRefresh, SecretName } from '../accounts/account.ts'
import { SealError, type SecretPlace, type Secrets } from '../access/secrets.ts'
import type { JsonValue } from '../conversation/conversation.ts'
import type { AccountsTable } from './tables.ts'

type SealedColumn = SecretName | 'other'

const FIRST_TOKEN_VERSION = 1

export function placeOf(id: string, column: SealedColumn): SecretPlace {
  return { table: 'accounts', row: id, column }
}

export function toRow(account: Account, credentials: Credentials, secrets: Secrets): AccountsTable {
  const { id, lastRefresh } = account
  const seal = (column: SealedColumn, value: string) => secrets.seal(value, placeOf(id, column))
  const { refreshToken, accessToken } = credentials
  return {
    id,
    label: account.label ?? null,
    clientId: credentials.clientId,
    clientSecret: seal('clientSecret', credentials.clientSecret),
    refreshToken: refreshToken === undefined ? null : seal('refreshToken', refreshToken),
    accessToken: accessToken === undefined ? null : seal('accessToken', accessToken),
    other: account.other === undefined ? null : seal('other', JSON.stringify(account.other)),
    last_refresh_time: lastRefresh.status === 'never' ? null : lastRefresh.at.toISOString(),
    last_refresh_status: lastRefresh.status,
    created_at: account.createdAt.toISOString(),
    updated_at: account.updatedAt.toISOString(),
    enabled: account.enabled ? 1 : 0,
    error_count: account.strikes,
    success_count: account.successes,
    expires_at: credentials.expiresAt?.toISOString() ?? null,
    channel: account.channel,
    region: account.region,
    sign_in_region: account.signInRegion,
    profile_arn: account.profileArn ?? null,
    token_version: FIRST_TOKEN_VERSION,
  }
}

/** Throws a SealError when a secret was damaged. */
export function toCredentials(row: AccountsTable, secrets: Secrets): StoredCredentials {
  const refreshToken = open(row, 'refreshToken', secrets)
  const accessToken = open(row, 'accessToken', secrets)
  return {
    clientId: row.clientId,
    clientSecret: secrets.open(row.clientSecret, placeOf(row.id, 'clientSecret')),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(accessToken !== undefined && { accessToken }),
    ...(row.expires_at !== null && { expiresAt: new Date(row.expires_at) }),
    version: row.token_version,
  }
}

/** A damaged secret takes its own account out of use, and never the list with all the others. */
export function toAccount(row: AccountsTable, secrets: Secrets): Account {
  return {
    id: row.id,
    ...(row.label !== null && { label: row.label }),
    clientId: row.clientId,
    enabled: row.enabled !== 0,
    channel: row.channel,
    region: row.region,
    signInRegion: row.sign_in_region,
    ...(row.profile_arn !== null && { profileArn: row.profile_arn }),
    lastRefresh: lastRefreshOf(row),
    ...(row.expires_at !== null && { expiresAt: new Date(row.expires_at) }),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    strikes: row.error_count,
    successes: row.success_count,
    ...sealedPartsOf(row, secrets),
  }
}

function lastRefreshOf(row: AccountsTable): LastRefresh {
  const { last_refresh_status: status, last_refresh_time: time } = row
  if (time === null || (status !== 'success' && status !== 'failed')) return { status: 'never' }
  return { status, at: new Date(time) }
}

function sealedPartsOf(
  row: AccountsTable,
  secrets: Secrets,
): Pick<Account, 'other' | 'fingerprints' | 'readable'> {
  try {
    const fingerprints: Account['fingerprints'] = {}
    for (const name of ['clientSecret', 'refreshToken', 'accessToken'] as const) {
      const secret = open(row, name, secrets)
      if (secret !== undefined) fingerprints[name] = secrets.fingerprint(secret)
    }
    const json = open(row, 'other', secrets)
    const other: JsonValue | undefined = json === undefined ? undefined : z.json().parse(JSON.parse(json))
    return { fingerprints, readable: true, ...(other !== undefined && { other }) }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { fingerprints: {}, readable: false }
  }
}

function open(row: AccountsTable, column: SealedColumn, secrets: Secrets): string | undefined {
  const sealed = row[column]
  return sealed === null ? undefined : secrets.open(sealed, placeOf(row.id, column))
}

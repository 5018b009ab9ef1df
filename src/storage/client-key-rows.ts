/** The border between rows of client keys and domain types. */
import * as z from 'zod'
import type { ClientKey, KeySecret } from '../keys/client-key.ts'
import type { ClientKeysTable, ClientKeySecretsTable } from './tables.ts'

const texts = z.array(z.string())

const permissionsColumn: z.ZodType<Pick<ClientKey, 'models' | 'accountTags' | 'addresses' | 'limits'>> =
  z.object({
    models: texts.exactOptional(),
    accountTags: texts.exactOptional(),
    addresses: texts.exactOptional(),
    limits: z.object({
      requestsPerMinute: z.number().exactOptional(),
      concurrentRequests: z.number().exactOptional(),
      tokensPerDay: z.number().exactOptional(),
      tokensPerMonth: z.number().exactOptional(),
      creditsPerDay: z.number().exactOptional(),
      creditsPerMonth: z.number().exactOptional(),
    }),
  })

/** `secrets`: those of this key, in their order. */
export function toClientKey(row: ClientKeysTable, secrets: readonly ClientKeySecretsTable[]): ClientKey {
  return {
    id: row.id,
    name: row.name,
    createdAt: new Date(row.created_at),
    ...(row.expires_at !== null && { expiresAt: new Date(row.expires_at) }),
    ...(row.revoked_at !== null && { revokedAt: new Date(row.revoked_at) }),
    ...(row.last_used_at !== null && { lastUsedAt: new Date(row.last_used_at) }),
    ...permissionsColumn.parse(JSON.parse(row.permissions)),
    secrets: secrets.map(toSecret),
  }
}

function toSecret({
  digest,
  prefix,
  created_at: createdAt,
  ends_at: endsAt,
}: ClientKeySecretsTable): KeySecret {
  return {
    digest,
    prefix,
    createdAt: new Date(createdAt),
    ...(endsAt !== null && { endsAt: new Date(endsAt) }),
  }
}

/** Without `last_used_at`, which has a way of its own. */
export function toKeyColumns(key: ClientKey): Omit<ClientKeysTable, 'id' | 'last_used_at'> {
  const { models, accountTags, addresses, limits } = key
  return {
    name: key.name,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    permissions: JSON.stringify({ models, accountTags, addresses, limits }),
  }
}

export function toSecretRows({ id, secrets }: ClientKey): ClientKeySecretsTable[] {
  return secrets.map((secret, place) => ({
    digest: secret.digest,
    key_id: id,
    place,
    prefix: secret.prefix,
    created_at: secret.createdAt.toISOString(),
    ends_at: secret.endsAt?.toISOString() ?? null,
  }))
}

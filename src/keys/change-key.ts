/** What an operator may do to a key, as pure functions. */
import type { KeyLimits } from '../access/key-grant.ts'
import { GatewayError } from '../conversation/failures.ts'
import { isOver, statusOf, type ClientKey, type KeySecret } from './client-key.ts'
import { writeInstant } from './write-settings.ts'

type Removable<T> = { [Name in keyof T]?: T[Name] | null | undefined }

/** Null takes a value away, absent leaves it; limits are changed one by one. */
export interface KeyChanges extends Removable<
  Pick<ClientKey, 'expiresAt' | 'models' | 'accountTags' | 'addresses'>
> {
  name?: string
  limits?: Removable<KeyLimits> | null
}

/** Throws `invalid-request` when the key would have expired already. */
export function applyChanges(key: ClientKey, changes: KeyChanges, now: number): ClientKey {
  const { name = key.name, limits, expiresAt, models, accountTags, addresses } = changes
  refuseRevoked(key)
  if (expiresAt !== undefined) checkExpiry(expiresAt ?? undefined, now)
  const { id, createdAt, lastUsedAt, secrets } = key
  return {
    id,
    createdAt,
    secrets,
    ...(lastUsedAt && { lastUsedAt }),
    name,
    ...present({
      expiresAt: changed(expiresAt, key.expiresAt),
      models: changed(models, key.models),
      accountTags: changed(accountTags, key.accountTags),
      addresses: changed(addresses, key.addresses),
    }),
    limits: limits === null ? {} : changeLimits(key.limits, limits ?? {}),
  }
}

function changeLimits(limits: KeyLimits, changes: Removable<KeyLimits>): KeyLimits {
  return present({
    requestsPerMinute: changed(changes.requestsPerMinute, limits.requestsPerMinute),
    concurrentRequests: changed(changes.concurrentRequests, limits.concurrentRequests),
    tokensPerDay: changed(changes.tokensPerDay, limits.tokensPerDay),
    tokensPerMonth: changed(changes.tokensPerMonth, limits.tokensPerMonth),
    creditsPerDay: changed(changes.creditsPerDay, limits.creditsPerDay),
    creditsPerMonth: changed(changes.creditsPerMonth, limits.creditsPerMonth),
  })
}

/** Every secret so far works until `graceEndsAt` at most. */
export function replaceSecret(
  key: ClientKey,
  { secret, graceEndsAt, now }: { secret: KeySecret; graceEndsAt: Date; now: number },
): ClientKey {
  refuseRevoked(key)
  if (statusOf(key, now) === 'expired') {
    const message = `The key expired at ${writeInstant(key.expiresAt)}: change expires_at first.`
    throw new GatewayError('invalid-request', message, { code: 'key_expired' })
  }
  const older = key.secrets.map((each) =>
    isOver(each.endsAt, graceEndsAt.getTime()) ? each : { ...each, endsAt: graceEndsAt },
  )
  return { ...key, secrets: [...older, secret] }
}

/** For good. A key that is revoked already stays as it is. */
export function revoke(key: ClientKey, now: Date): ClientKey {
  return key.revokedAt === undefined ? { ...key, revokedAt: now } : key
}

function checkExpiry(expiresAt: Date | undefined, now: number): void {
  if (!isOver(expiresAt, now)) return
  throw new GatewayError('invalid-request', 'expires_at: must be in the future; DELETE ends a key now', {
    field: 'expires_at',
  })
}

function refuseRevoked({ revokedAt }: ClientKey): void {
  if (revokedAt === undefined) return
  const message = `The key was revoked at ${writeInstant(revokedAt)}, and that is for good: create another one.`
  throw new GatewayError('invalid-request', message, { code: 'key_revoked' })
}

function changed<T>(change: T | null | undefined, before: T | undefined): T | undefined {
  return change === undefined ? before : (change ?? undefined)
}

/** Without what is undefined. */
function present<T extends object>(members: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  const kept: { [Name in keyof T]?: NonNullable<T[Name]> } = {}
  for (const name in members) {
    const value = members[name]
    if (value != null) kept[name] = value
  }
  return kept
}

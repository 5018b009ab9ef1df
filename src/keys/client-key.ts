/** A client's key that an operator has made: what it is called, what it may do, and by which secrets it is known. */
import type { KeyLimits } from '../access/key-grant.ts'

/** What an operator says of a key. Absent: no limit of that sort. */
export interface KeySettings {
  name: string
  expiresAt?: Date
  /** Ids of models. */
  models?: readonly string[]
  /** Only accounts that have one of these. */
  accountTags?: readonly string[]
  /** Where requests may come from: addresses and CIDR ranges. */
  addresses?: readonly string[]
  limits: KeyLimits
}

export interface ClientKey extends KeySettings {
  /** Names it wherever it is counted, also after its secret was replaced. */
  id: string
  createdAt: Date
  revokedAt?: Date
  /** To the minute. */
  lastUsedAt?: Date
  /** The present one comes last; those before it were replaced. */
  secrets: readonly KeySecret[]
}

export interface KeySecret {
  digest: string
  /** The beginning of the secret, by which people know it again. */
  prefix: string
  createdAt: Date
  /** It was replaced, and works until then. */
  endsAt?: Date
}

type ClientKeyStatus = 'active' | 'rotating' | 'expired' | 'revoked'

/** `now`: milliseconds since the epoch. */
export function statusOf(key: ClientKey, now: number): ClientKeyStatus {
  if (key.revokedAt !== undefined) return 'revoked'
  if (isOver(key.expiresAt, now)) return 'expired'
  return replacedUntil(key, now) === undefined ? 'active' : 'rotating'
}

/** Until when a secret that was replaced still works, should there be one. */
export function replacedUntil({ secrets }: ClientKey, now: number): Date | undefined {
  const ends = secrets.flatMap(({ endsAt }) => (endsAt === undefined || isOver(endsAt, now) ? [] : [endsAt]))
  return ends.toSorted((a, b) => b.getTime() - a.getTime())[0]
}

export function isOver(instant: Date | undefined, now: number): boolean {
  return instant !== undefined && instant.getTime() <= now
}

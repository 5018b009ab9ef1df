import type { RequestHeaders } from '../access/request-headers.ts'
import { bearerOf, secretOf } from '../access/request-headers.ts'
import { createSecretMatch } from '../access/secret-match.ts'

/** Whose usage a request counts as. */
export type UsageClientOf = (headers: RequestHeaders) => string

/** While no key is asked for, all clients are one. */
const OPEN = 'open'
/** Chats of the operator, who needs no client key. */
const OPERATOR = 'operator'

/** By the key that lets the client in, whatever else it carries. `fingerprintOf` tells nothing about the key. */
export function createUsageClientOf(
  keys: readonly string[],
  fingerprintOf: (key: string) => string,
): UsageClientOf {
  if (keys.length === 0) return () => OPEN
  const isKnown = createSecretMatch(keys)
  const fingerprints = new Map<string, string>()
  return (headers) => {
    const carried = [bearerOf(headers), secretOf(headers, 'x-api-key'), secretOf(headers, 'api-key')]
    const key = carried.find((secret) => secret !== undefined && isKnown(secret))
    if (key === undefined) return OPERATOR
    const fingerprint = fingerprints.get(key) ?? fingerprintOf(key)
    fingerprints.set(key, fingerprint)
    return fingerprint
  }
}

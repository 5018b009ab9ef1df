import { GatewayError } from '../conversation/failures.ts'
import type { KeyGrant } from './key-grant.ts'
import { bearerOf, secretOf, type RequestHeaders } from './request-headers.ts'
import { createSecretMatch } from './secret-match.ts'

/** A key that is shorter can be guessed. */
const SAFE_KEY_LENGTH = 16

/** A key that lets a request in. */
export interface KnownKey {
  print: string
  grant: KeyGrant
}

export interface ClientKeys {
  /** While there is no key, none is asked for. */
  exist(): boolean
  /** The key that lets the request in. Throws `unauthenticated` when none of the carried keys is known. */
  check(headers: RequestHeaders): KnownKey
}

/** The allow-list of `OPENAI_KEYS`. `printOf` names a key without telling anything about it. */
export function createClientKeys(keys: readonly string[], printOf: (key: string) => string): ClientKeys {
  const placeOf = createSecretMatch(keys)
  const known = keys.map((key, index): KnownKey => {
    const name = `env-${index + 1}`
    return { print: printOf(key), grant: { id: name, name, limits: {} } }
  })
  return {
    exist: () => keys.length > 0,

    check(headers) {
      const carried = [bearerOf(headers), secretOf(headers, 'x-api-key'), secretOf(headers, 'api-key')]
      const given = carried.filter((secret): secret is string => secret !== undefined && secret !== '')
      for (const secret of given) {
        const key = known[placeOf(secret)]
        if (key !== undefined) return key
      }
      throw new GatewayError(
        'unauthenticated',
        given.length > 0
          ? 'This API key is not known here. Send one of the keys in OPENAI_KEYS.'
          : 'An API key is required: send `Authorization: Bearer KEY` or `x-api-key: KEY`.',
      )
    },
  }
}

/** How many of the keys are short enough to be guessed. */
export function countShortKeys(keys: readonly string[]): number {
  return keys.filter((key) => key.length < SAFE_KEY_LENGTH).length
}

import { GatewayError } from '../conversation/failures.ts'
import { bearerOf, secretOf, type RequestHeaders } from './request-headers.ts'
import { isSameSecret } from './same-secret.ts'

export interface ClientKeys {
  /** Throws `unauthenticated` unless one of the carried keys is known, or no key exists at all. */
  check(headers: RequestHeaders): void
}

/** The allow-list of `OPENAI_KEYS`. Empty: the model APIs are open. */
export function createClientKeys(keys: readonly string[]): ClientKeys {
  return {
    check(headers) {
      if (keys.length === 0) return
      const carried = [bearerOf(headers), secretOf(headers, 'x-api-key'), secretOf(headers, 'api-key')]
      // Every pair is compared, so that the time tells nothing about which key matched.
      const matches = carried.flatMap((secret) =>
        secret === undefined || secret === '' ? [] : keys.filter((key) => isSameSecret(secret, key)),
      )
      if (matches.length > 0) return
      throw new GatewayError(
        'unauthenticated',
        carried.some((secret) => secret !== undefined && secret !== '')
          ? 'This API key is not known here. Send one of the keys in OPENAI_KEYS.'
          : 'An API key is required: send `Authorization: Bearer KEY` or `x-api-key: KEY`.',
      )
    },
  }
}

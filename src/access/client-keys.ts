import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { KeyGrant } from './key-grant.ts'
import { bearerOf, secretOf, type RequestHeaders } from './request-headers.ts'

/** A key that is shorter can be guessed. */
const SAFE_KEY_LENGTH = 16

/** A key that lets a request in. */
export interface KnownKey {
  print: string
  grant: KeyGrant
}

/** What becomes of a request that carries a key that is known here. */
export type KeyVerdict =
  | { kind: 'usable'; key: KnownKey }
  | { kind: 'revoked' }
  | { kind: 'expired' }
  /** Another secret took the place of this one. */
  | { kind: 'replaced' }
  | { kind: 'wrong-address' }

/** Keys that were made at this gateway. */
export interface CreatedKeys {
  /** Whether there was ever one, usable or not. */
  exist(): boolean
  /** Undefined: no such key was ever made. `address`: where the request comes from. */
  admit(digest: string, address: string | undefined): KeyVerdict | undefined
}

export interface ClientKeys {
  /** While there is no key, none is asked for. One that no longer works counts: its end must not open the gateway. */
  exist(): boolean
  /** What may be known of those that the environment names: what they are called here, and what they are counted under. */
  listed(): readonly { id: string; print: string }[]
  /**
   * The key that lets the request in: the first that does, in the order `Authorization`, `x-api-key`, `api-key`. Throws
   * `unauthenticated` when none does, or `forbidden` when the first one known does not from this address.
   */
  check(headers: RequestHeaders, address: string | undefined): KnownKey
}

interface ClientKeysParts {
  /** The allow-list of OPENAI_KEYS. */
  listed: readonly string[]
  /** Names a listed key without telling anything about it. */
  printOf: (key: string) => string
  /** Keyed, so that the time a look-up takes tells nothing about keys. */
  digestOf: (secret: string) => string
  created: CreatedKeys
}

/** The keys of both sorts, looked up by their digests. */
export function createClientKeys({ listed, printOf, digestOf, created }: ClientKeysParts): ClientKeys {
  const listedByDigest = new Map(
    listed.map((key, index): [string, KeyVerdict] => {
      const name = `env-${index + 1}`
      return [
        digestOf(key),
        { kind: 'usable', key: { print: printOf(key), grant: { id: name, name, limits: {} } } },
      ]
    }),
  )

  function judge(secret: string, address: string | undefined): KeyVerdict | undefined {
    const digest = digestOf(secret)
    return listedByDigest.get(digest) ?? created.admit(digest, address)
  }

  return {
    exist: () => listed.length > 0 || created.exist(),
    listed: () => listed.map((key, index) => ({ id: `env-${index + 1}`, print: printOf(key) })),

    check(headers, address) {
      const given = secretsIn(headers)
      let refused: Refused | undefined
      for (const secret of given) {
        const verdict = judge(secret, address)
        if (verdict?.kind === 'usable') return verdict.key
        refused ??= verdict
      }
      throw refused === undefined ? unknownKey(given.size > 0) : refusal(refused)
    },
  }
}

/** Each once, in a fixed order. */
function secretsIn(headers: RequestHeaders): Set<string> {
  const carried = [bearerOf(headers), secretOf(headers, 'x-api-key'), secretOf(headers, 'api-key')]
  return new Set(carried.filter((secret): secret is string => secret !== undefined && secret !== ''))
}

type Refused = Exclude<KeyVerdict, { kind: 'usable' }>

/** Whoever has the secret may know what became of it. */
function refusal({ kind }: Refused): GatewayError {
  switch (kind) {
    case 'revoked':
      return refuse('This API key was revoked. Ask the operator of this gateway for another one.')
    case 'expired':
      return refuse(
        'This API key has expired. Ask the operator of this gateway to extend it, or for another one.',
      )
    case 'replaced':
      return refuse('This API key was replaced by a new one: send that.')
    case 'wrong-address':
      return new GatewayError('forbidden', 'This API key may not be used from your address.', {
        code: 'address_not_allowed',
      })
    default:
      return unreachable(kind)
  }
}

function unknownKey(isGiven: boolean): GatewayError {
  return refuse(
    isGiven
      ? 'This API key is not known here. Send one of the keys in OPENAI_KEYS, or one that was created at this gateway.'
      : 'An API key is required: send `Authorization: Bearer KEY` or `x-api-key: KEY`. Keys in the URL are not read.',
  )
}

function refuse(message: string): GatewayError {
  return new GatewayError('unauthenticated', message)
}

/** How many of the keys are short enough to be guessed. */
export function countShortKeys(keys: readonly string[]): number {
  return keys.filter((key) => key.length < SAFE_KEY_LENGTH).length
}

/**
 * Secrets at rest: each value is sealed with a data key (`aq2:`), and bound to the place where it is stored. Before there
 * were data keys, values were sealed with a key derived from the master key (`aq1:`); those still open.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import {
  createSealer,
  deriveSubkey,
  KEY_BYTES,
  keyIdOf,
  nameKey,
  SealError,
  type Sealer,
  type SecretPlace,
} from './sealer.ts'

export { SealError, type SecretPlace } from './sealer.ts'

const OLDEST_FORMAT = 'aq1'
export const DATA_KEY_FORMAT = 'aq2'

export interface Secrets {
  /** Names the key that the keyed hashes are made with, without telling anything about it. */
  readonly keyId: string
  /** What every text begins with that is sealed now; others wait for being sealed anew. */
  readonly currentSeal: string
  /** Whether there may be rows that were written before data keys existed. */
  readonly knowsOldRows: boolean
  seal(plaintext: string, place: SecretPlace): string
  /**
   * Throws a SealError when the text was damaged, moved, or sealed with a key that is not known. Another process may have
   * made that key a moment ago: `learn` first.
   */
  open(sealed: string, place: SecretPlace): string
  /** Reads the data keys again where one of these texts was sealed with one that is not known yet. */
  learn(sealed: Iterable<string | null>): Promise<void>
  /** Eight hexadecimal digits, keyed: without the key nobody can try guesses against them. */
  fingerprint(secret: string): string
  /** A key of 32 bytes for one purpose, independent of those for all others. It stays when other keys are rotated. */
  deriveKey(purpose: string): Buffer
  /** HMAC-SHA256 in hexadecimal, by the key of a purpose. */
  digest(purpose: string, text: string): string
}

/** The data keys that this process knows. */
export interface Keyring {
  current(): Sealer
  find(keyId: string): Sealer | undefined
  knowsOldRows(): boolean
  reload(): Promise<void>
  /** One more encryption with the current key. */
  noteUse(): void
}

interface SecretsParts {
  /** What everything is derived from that no data key seals: the root key of the database, once the master key itself. */
  masterKey: Buffer
  randomBytes: (size: number) => Buffer
  /** Without one, values are sealed as they were before there were data keys. */
  keyring?: Keyring
}

export function createSecrets({ masterKey, randomBytes, keyring }: SecretsParts): Secrets {
  if (masterKey.length !== KEY_BYTES) throw new RangeError('A master key has 32 bytes.')
  const keyId = nameKey(masterKey)
  const oldest = createSealer({
    format: OLDEST_FORMAT,
    keyId,
    key: deriveSubkey(masterKey, 'values-at-rest'),
    randomBytes,
  })
  const fingerprintKey = createSecretKey(deriveSubkey(masterKey, 'fingerprints'))
  const derived = new Map<string, Buffer>()
  const digestKeys = new Map<string, KeyObject>()
  const current = () => keyring?.current() ?? oldest

  const isUnknown = (sealed: string | null) =>
    sealed?.startsWith(DATA_KEY_FORMAT) === true && keyring?.find(keyIdOf(sealed) ?? '') === undefined

  function sealerOf(sealed: string, place: SecretPlace): Sealer {
    if (!sealed.startsWith(`${DATA_KEY_FORMAT}:`)) return oldest
    const sealer = keyring?.find(keyIdOf(sealed) ?? '')
    if (sealer === undefined) throw new SealError('was sealed with a data key that is not known', place)
    return sealer
  }

  function deriveKey(purpose: string): Buffer {
    const key = derived.get(purpose) ?? deriveSubkey(masterKey, purpose)
    derived.set(purpose, key)
    return key
  }

  /** What a key is, Node looks up each time anew for bytes, which takes longer than to hash by it. */
  function digestKeyOf(purpose: string): KeyObject {
    const key = digestKeys.get(purpose) ?? createSecretKey(deriveKey(purpose))
    digestKeys.set(purpose, key)
    return key
  }

  return {
    keyId,
    get currentSeal() {
      return `${keyring === undefined ? OLDEST_FORMAT : DATA_KEY_FORMAT}:${current().keyId}:`
    },
    get knowsOldRows() {
      return keyring?.knowsOldRows() ?? false
    },

    seal(plaintext, place) {
      keyring?.noteUse()
      return current().seal(plaintext, place)
    },

    open: (sealed, place) => sealerOf(sealed, place).open(sealed, place),

    async learn(sealed) {
      for (const each of sealed) {
        if (isUnknown(each)) return keyring?.reload()
      }
    },

    fingerprint: (secret) => createHmac('sha256', fingerprintKey).update(secret).digest('hex').slice(0, 8),

    deriveKey,

    digest: (purpose, text) => createHmac('sha256', digestKeyOf(purpose)).update(text).digest('hex'),
  }
}

/**
 * Secrets at rest: each value is sealed by AES-256-GCM with a key derived from the master key, and bound to the place
 * where it is stored. Sealed text is `aq1:<key id>:<base64url of nonce, ciphertext, tag>`.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

export const MASTER_KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const CIPHER = 'aes-256-gcm'
const FORMAT = 'aq1'

/** Where a value is stored. A sealed value that was moved elsewhere does not open. */
export interface SecretPlace {
  table: string
  row: string
  column: string
}

export interface Secrets {
  /** Names the master key without telling anything about it. */
  readonly keyId: string
  seal(plaintext: string, place: SecretPlace): string
  /** Throws a SealError when the text was damaged, moved, or sealed with another master key. */
  open(sealed: string, place: SecretPlace): string
  /** Eight hexadecimal digits, keyed: without the master key nobody can try guesses against them. */
  fingerprint(secret: string): string
  /** A key of 32 bytes for one purpose, independent of those for all others. */
  deriveKey(purpose: string): Buffer
}

/** Says what is wrong with a sealed value, never what is in it. */
export class SealError extends Error {
  constructor(problem: string, place: SecretPlace, cause?: unknown) {
    super(`The secret ${place.table}.${place.column} of ${place.row} ${problem}.`, { cause })
    this.name = 'SealError'
  }
}

interface SecretsParts {
  masterKey: Buffer
  randomBytes: (size: number) => Buffer
}

export function createSecrets({ masterKey, randomBytes }: SecretsParts): Secrets {
  if (masterKey.length !== MASTER_KEY_BYTES) throw new RangeError('A master key has 32 bytes.')

  const deriveKey = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', masterKey, '', `aqueduct/1/${purpose}`, MASTER_KEY_BYTES))
  const keyId = deriveKey('key-id').toString('hex', 0, 4)
  const valueKey = deriveKey('values-at-rest')
  const fingerprintKey = deriveKey('fingerprints')

  // JSON keeps the borders between the parts: ("ab", "c") and ("a", "bc") must differ.
  const bindingOf = (place: SecretPlace) =>
    Buffer.from(JSON.stringify([FORMAT, keyId, place.table, place.row, place.column]))

  return {
    keyId,
    deriveKey,

    seal(plaintext, place) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, valueKey, nonce).setAAD(bindingOf(place))
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return `${FORMAT}:${keyId}:${Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')}`
    },

    open(sealed, place) {
      const bytes = unwrap({ sealed, keyId, place })
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv(CIPHER, valueKey, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(bindingOf(place)).setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const plaintext = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([plaintext, decipher.final()]).toString('utf8')
      } catch (error) {
        throw new SealError('was damaged or moved', place, error)
      }
    },

    fingerprint(secret) {
      return createHmac('sha256', fingerprintKey).update(secret).digest('hex').slice(0, 8)
    },
  }
}

interface Wrapped {
  sealed: string
  keyId: string
  place: SecretPlace
}

/** The bytes of a sealed text, whose every character counts: base64 has several spellings of the same bytes. */
function unwrap({ sealed, keyId, place }: Wrapped): Buffer {
  const [format, sealedWith, encoded, ...rest] = sealed.split(':')
  if (format !== FORMAT || encoded === undefined || rest.length > 0) {
    throw new SealError('is not in a known format', place)
  }
  if (sealedWith !== keyId) throw new SealError('was sealed with another master key', place)
  const bytes = Buffer.from(encoded, 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== encoded) {
    throw new SealError('was damaged', place)
  }
  return bytes
}

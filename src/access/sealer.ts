/**
 * Seals texts by AES-256-GCM under one key, each bound to the place where it is stored. Sealed text is
 * `<format>:<key id>:<base64url of nonce, ciphertext, tag>`.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync } from 'node:crypto'

export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const CIPHER = 'aes-256-gcm'

/** Where a value is stored. A sealed value that was moved elsewhere does not open. */
export interface SecretPlace {
  table: string
  row: string
  column: string
}

/** Says what is wrong with a sealed value, never what is in it. */
export class SealError extends Error {
  constructor(problem: string, place: SecretPlace, cause?: unknown) {
    super(`The secret ${place.table}.${place.column} of ${place.row} ${problem}.`, { cause })
    this.name = 'SealError'
  }
}

export interface Sealer {
  readonly keyId: string
  seal(plaintext: string, place: SecretPlace): string
  /** Throws a SealError when the text was damaged, moved, or sealed with another key. */
  open(sealed: string, place: SecretPlace): string
}

interface SealerParts {
  format: string
  keyId: string
  key: Buffer
  randomBytes: (size: number) => Buffer
}

export function createSealer({ format, keyId, key, randomBytes }: SealerParts): Sealer {
  // JSON keeps the borders between the parts: ("ab", "c") and ("a", "bc") must differ.
  const bindingOf = (place: SecretPlace) =>
    Buffer.from(JSON.stringify([format, keyId, place.table, place.row, place.column]))

  // What a key is, Node looks up each time anew for bytes, which takes longer than to seal by it.
  const secretKey = createSecretKey(key)

  return {
    keyId,

    seal(plaintext, place) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, secretKey, nonce).setAAD(bindingOf(place))
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return `${format}:${keyId}:${Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')}`
    },

    open(sealed, place) {
      const bytes = unwrap({ sealed, format, keyId, place })
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv(CIPHER, secretKey, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(bindingOf(place)).setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const plaintext = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([plaintext, decipher.final()]).toString('utf8')
      } catch (error) {
        throw new SealError('was damaged or moved', place, error)
      }
    },
  }
}

/** A key of 32 bytes for one purpose, independent of those for all others. */
export function deriveSubkey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `aqueduct/1/${purpose}`, KEY_BYTES))
}

/** Names a key without telling anything about it. */
export function nameKey(key: Buffer): string {
  return deriveSubkey(key, 'key-id').toString('hex', 0, 4)
}

/** Id of the key that a text was sealed with; undefined for what is no sealed text. */
export function keyIdOf(sealed: string): string | undefined {
  return sealed.split(':', 2)[1]
}

interface Wrapped {
  sealed: string
  format: string
  keyId: string
  place: SecretPlace
}

/** The bytes of a sealed text, whose every character counts: base64 has several spellings of the same bytes. */
function unwrap({ sealed, format, keyId, place }: Wrapped): Buffer {
  const [foundFormat, sealedWith, encoded, ...rest] = sealed.split(':')
  if (foundFormat !== format || encoded === undefined || rest.length > 0) {
    throw new SealError('is not in a known format', place)
  }
  if (sealedWith !== keyId) throw new SealError('was sealed with another master key', place)
  const bytes = Buffer.from(encoded, 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== encoded) {
    throw new SealError('was damaged', place)
  }
  return bytes
}

/** The secrets of client keys: how they are made, and the digest that alone is kept of them. */
import { createHmac, createSecretKey } from 'node:crypto'

const SECRET_BYTES = 32
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** As many digits as the largest number of 32 bytes has. */
const DIGITS = 43
/** By which people and scanners for secrets know one again. */
const MARK = 'qk_'
const PREFIX_LENGTH = 8

export interface NewSecret {
  /** To be shown once. */
  secret: string
  digest: string
  prefix: string
}

export interface KeySecrets {
  create(): NewSecret
  /** Keyed: whoever reads the database cannot try likely secrets against it. */
  digestOf(secret: string): string
}

export function createKeySecrets(parts: {
  digestKey: Buffer
  randomBytes: (size: number) => Buffer
}): KeySecrets {
  const { randomBytes } = parts
  // Each request asks for a digest; from the bytes, Node would find out anew each time what sort of key they are.
  const digestKey = createSecretKey(parts.digestKey)
  const digestOf = (secret: string) => createHmac('sha256', digestKey).update(secret).digest('base64url')
  return {
    digestOf,
    create() {
      const secret = MARK + toBase62(randomBytes(SECRET_BYTES))
      return { secret, digest: digestOf(secret), prefix: secret.slice(0, PREFIX_LENGTH) }
    },
  }
}

function toBase62(bytes: Buffer): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  let digits = ''
  for (; rest > 0n; rest /= 62n) digits = `${BASE62[Number(rest % 62n)]}${digits}`
  return digits.padStart(DIGITS, '0')
}

/** Text that is locked by a passphrase, to be taken elsewhere. The form is described in docs/account-export.md. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import * as z from 'zod'
import { GatewayError } from '../conversation/failures.ts'
import { deriveByPassphrase, scryptCost } from './derive-by-passphrase.ts'

const CIPHER = 'aes-256-gcm'
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 'aqueduct-sealed'
const VERSION = 1

const envelopeSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  kdf: z.object({
    name: z.literal('scrypt'),
    n: z.literal(scryptCost.n),
    r: z.literal(scryptCost.r),
    p: z.literal(scryptCost.p),
    salt: z.base64url(),
  }),
  cipher: z.literal(CIPHER),
  nonce: z.base64url(),
  ciphertext: z.base64url(),
})
type Envelope = z.infer<typeof envelopeSchema>

export interface Envelopes {
  seal(text: string, passphrase: string): Promise<Envelope>
  /** Throws `invalid-request` when it is no envelope, was damaged, or the passphrase is wrong. */
  open(envelope: unknown, passphrase: string): Promise<string>
}

export function isEnvelope(value: unknown): boolean {
  return z.object({ format: z.literal(FORMAT) }).safeParse(value).success
}

export function createEnvelopes(randomBytes: (size: number) => Buffer): Envelopes {
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: each takes 128 MiB. */
  function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
    const derived = last.then(() => deriveByPassphrase(passphrase, salt))
    last = derived.catch(() => {})
    return derived
  }

  return {
    async seal(text, passphrase) {
      const salt = randomBytes(SALT_BYTES)
      const nonce = randomBytes(NONCE_BYTES)
      const head = {
        format: FORMAT,
        version: VERSION,
        kdf: { name: 'scrypt', ...scryptCost, salt: salt.toString('base64url') },
        cipher: CIPHER,
        nonce: nonce.toString('base64url'),
      } as const
      const cipher = createCipheriv(CIPHER, await deriveKey(passphrase, salt), nonce).setAAD(bindingOf(head))
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return { ...head, ciphertext: ciphertext.toString('base64url') }
    },

    async open(value, passphrase) {
      const { data: envelope } = envelopeSchema.safeParse(value)
      if (envelope === undefined) throw refused('is not an export of a version that is known here')
      const { ciphertext, ...head } = envelope
      const bytes = Buffer.from(ciphertext, 'base64url')
      const key = await deriveKey(passphrase, Buffer.from(head.kdf.salt, 'base64url'))
      try {
        const nonce = Buffer.from(head.nonce, 'base64url')
        const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
        decipher.setAAD(bindingOf(head)).setAuthTag(bytes.subarray(-TAG_BYTES))
        const text = decipher.update(bytes.subarray(0, -TAG_BYTES))
        return Buffer.concat([text, decipher.final()]).toString('utf8')
      } catch (error) {
        throw refused('cannot be opened: the passphrase is wrong, or the file was damaged', error)
      }
    },
  }
}

/** Everything but the ciphertext: nothing of it can be changed unnoticed. */
function bindingOf({ format, version, kdf, cipher, nonce }: Omit<Envelope, 'ciphertext'>): Buffer {
  const { name, n, r, p, salt } = kdf
  return Buffer.from(JSON.stringify([format, version, name, n, r, p, salt, cipher, nonce]))
}

function refused(what: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid-request', `export: ${what}.`, { field: 'export', cause })
}

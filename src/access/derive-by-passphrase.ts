/** The key that a passphrase makes, for files that leave this machine. Whoever tries likely ones pays 128 MiB and a third of a second for each. */
import { scrypt } from 'node:crypto'
import { KEY_BYTES } from './sealer.ts'

/** Fixed by the version of what is locked: nobody makes us compute more than that. */
export const scryptCost = { n: 2 ** 17, r: 8, p: 1 } as const

export function deriveByPassphrase(passphrase: string, salt: Buffer): Promise<Buffer> {
  const { n: N, r, p } = scryptCost
  const cost = { N, r, p, maxmem: N * r * 256 }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

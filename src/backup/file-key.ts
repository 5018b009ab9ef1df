/** The key of one backup file: from the master key or a passphrase, and bound to all that its head says. */
import { createHash, hkdfSync, scrypt } from 'node:crypto'
import { deriveSubkey, KEY_BYTES } from '../access/sealer.ts'
import { scryptCost, type BackupLock } from './head.ts'

/** What opens a lock. */
export type BackupKey = { masterKey: Buffer } | { passphrase: string }

export async function deriveLockKey(lock: BackupLock, key: BackupKey): Promise<Buffer> {
  if ('masterKey' in key) return deriveSubkey(key.masterKey, 'backup')
  return deriveByScrypt(key.passphrase, lock.kind === 'passphrase' ? lock.kdf.salt : '')
}

/** A head that was changed in any byte gives another key. */
export function deriveFileKey(
  lockKey: Buffer,
  { salt, headBytes }: { salt: string; headBytes: Buffer },
): Buffer {
  const digest = createHash('sha256').update(headBytes).digest('hex')
  const info = `aqueduct/1/backup-file/${digest}`
  return Buffer.from(hkdfSync('sha256', lockKey, Buffer.from(salt, 'base64url'), info, KEY_BYTES))
}

function deriveByScrypt(passphrase: string, salt: string): Promise<Buffer> {
  const { n: N, r, p } = scryptCost
  return new Promise((resolve, reject) => {
    scrypt(
      passphrase.normalize('NFKC'),
      Buffer.from(salt, 'base64url'),
      KEY_BYTES,
      { N, r, p, maxmem: N * r * 256 },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    )
  })
}

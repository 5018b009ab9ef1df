/** The key of one backup file: from the master key or a passphrase, and bound to all that its head says. */
import { createHash, hkdfSync } from 'node:crypto'
import { deriveByPassphrase } from '../access/derive-by-passphrase.ts'
import { deriveSubkey, KEY_BYTES } from '../access/sealer.ts'
import type { BackupLock } from './head.ts'

/** What opens a lock. */
export type BackupKey = { masterKey: Buffer } | { passphrase: string }

export async function deriveLockKey(lock: BackupLock, key: BackupKey): Promise<Buffer> {
  if ('masterKey' in key) return deriveSubkey(key.masterKey, 'backup')
  const salt = lock.kind === 'passphrase' ? lock.kdf.salt : ''
  return deriveByPassphrase(key.passphrase, Buffer.from(salt, 'base64url'))
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

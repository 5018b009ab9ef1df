/** A plain database as a backup: with what is in its -wal, which is the last that was written to it. */
import BetterSqlite3 from 'better-sqlite3'
import { chmod, copyFile, stat } from 'node:fs/promises'
import { sizeOfFile } from '../storage/private-file.ts'
import { BackupError } from './backup-error.ts'

/** Answers its size in bytes. Throws a BackupError. */
export async function copyPlain(path: string, target: string): Promise<number> {
  if ((sizeOfFile(`${path}-journal`) ?? 0) > 0) {
    throw new BackupError(
      'it was left in the middle of a change, with a -journal beside it: start its gateway once, and stop it',
    )
  }
  const before = await stateOf(path)
  await copyPrivately(path, target)
  const hasLog = (sizeOfFile(`${path}-wal`) ?? 0) > 0
  if (hasLog) await copyPrivately(`${path}-wal`, `${target}-wal`)
  if ((await stateOf(path)) !== before) {
    throw new BackupError('somebody writes to it: stop its gateway, or make a backup there')
  }
  if (hasLog) takeIn(target)
  return (await stat(target)).size
}

async function copyPrivately(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await chmod(to, 0o600)
}

async function stateOf(path: string): Promise<string> {
  const states = ['', '-wal'].map(async (suffix) => {
    const stats = await stat(path + suffix, { bigint: true }).catch(() => undefined)
    return stats === undefined ? 'none' : `${stats.size} ${stats.mtimeNs}`
  })
  return (await Promise.all(states)).join(', ')
}

/** Into the file itself: it is taken elsewhere alone. */
function takeIn(target: string): void {
  const sqlite = new BetterSqlite3(target, { fileMustExist: true })
  try {
    sqlite.pragma('wal_checkpoint(truncate)')
  } finally {
    sqlite.close()
  }
}

/** Puts a database in its place, and what was there aside. */
import BetterSqlite3 from 'better-sqlite3'
import { linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncPath } from '../storage/copy-sqlite.ts'
import { incomingPath } from '../storage/incoming-path.ts'
import { sizeOfFile } from '../storage/private-file.ts'
import { BackupError } from './backup-error.ts'
import { codeOf } from './head.ts'

/** SQLite reads those beside a database as parts of it, also of one that has taken its place. */
const SUFFIXES = ['', '-wal', '-shm', '-journal']

/** Whether there is a database, or what is left of one. */
export function hasDatabase(path: string): boolean {
  return ['', '-wal', '-journal'].some((suffix) => sizeOfFile(path + suffix) !== undefined)
}

/**
 * Whether another process has it open. Whoever does holds a lock of the system on the file, which ends with him, so this
 * one is refused the whole of it. One whose first page is damaged cannot be asked.
 */
export function isInUse(path: string): boolean {
  if (sizeOfFile(path) === undefined) return false
  let sqlite: BetterSqlite3.Database | undefined
  try {
    sqlite = new BetterSqlite3(path, { fileMustExist: true, timeout: 0 })
    sqlite.pragma('locking_mode = exclusive')
    sqlite.exec('begin exclusive')
    sqlite.exec('rollback')
    return false
  } catch (error) {
    return codeOf(error).startsWith('SQLITE_BUSY')
  } finally {
    sqlite?.close()
  }
}

interface Replacement {
  /** A whole database, on the same disk. */
  from: string
  path: string
  now: number
}

/**
 * Answers under which name the old files are kept, if there were any. Throws a BackupError. While neither the old database nor
 * the new one has the name, the new one stands beside it, so that no start makes an empty one there.
 */
export function replaceDatabase({ from, path, now }: Replacement): string | undefined {
  const aside = `${path}.replaced-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`
  const incoming = incomingPath(path)
  const moved = SUFFIXES.filter((suffix) => sizeOfFile(path + suffix) !== undefined)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    syncPath(from)
    renameSync(from, incoming)
    syncPath(dirname(path))
    for (const suffix of moved) renameSync(path + suffix, aside + suffix)
    // Never over a file: a gateway of an earlier version that was started this moment may have made one.
    linkSync(incoming, path)
    syncPath(dirname(path))
    rmSync(incoming)
  } catch (error) {
    const hint = moved.length === 0 ? '' : ` What was there is in ${aside}.`
    const reason = codeOf(error) === 'EEXIST' ? 'a gateway was started meanwhile' : codeOf(error)
    throw new BackupError(`${path} cannot be put in its place: ${reason}.${hint}`, error)
  }
  return moved.length === 0 ? undefined : aside
}

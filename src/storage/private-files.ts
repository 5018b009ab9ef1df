/** Files and folders that are for this user alone. */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../start-error.ts'

const STICKY = 0o1000
const FOR_OTHERS = 0o077
/** What the gateway keeps in its data folder. */
const OWN_ENTRY = /^(data\.sqlite3.*|master\.key.*|backups?)$/

/** SQLite gives its -wal and -shm files the mode of the database file, so it is created with the right one. */
export function preparePrivateFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    try {
      if ((fstatSync(file).mode & FOR_OTHERS) !== 0) fchmodSync(file, 0o600)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const reason = reasonOf(error)
    const hint = reason === 'ELOOP' ? 'it is a symbolic link, name the file itself' : reason
    throw new StartError(`${path} cannot be opened or created as a private file: ${hint}.`, error)
  }
}

/**
 * Makes the data folder, or narrows one that others can look into. A folder that holds other things too, or belongs to
 * somebody else, is left as it is: its files are private by themselves.
 */
export function preparePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const { mode, uid } = lstatSync(path)
    const isOwn = uid === process.getuid?.() && (mode & STICKY) === 0
    if (!isOwn || (mode & FOR_OTHERS) === 0) return
    if (readdirSync(path).every((name) => OWN_ENTRY.test(name))) chmodSync(path, 0o700)
  } catch (error) {
    throw new StartError(`DATA_DIR: ${path} cannot be used as a folder (${reasonOf(error)}).`, error)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}

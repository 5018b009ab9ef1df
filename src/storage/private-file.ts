import { closeSync, constants, fchmodSync, fstatSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../start-error.ts'

const FOR_OTHERS = 0o077

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

/** In bytes; of a symbolic link its own. Undefined: nothing has this name. */
export function sizeOfFile(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size
  } catch (error) {
    throw new StartError(`${path} cannot be looked at: ${reasonOf(error)}.`, error)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}

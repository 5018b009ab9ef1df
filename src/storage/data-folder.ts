import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { StartError } from '../start-error.ts'

const OURS = ['data.sqlite3', 'master.key']
const STICKY = 0o1000

/** Whether the folder is for this user alone; false when its mode is not ours to change. */
export type FolderPrivacy = 'private' | 'open-to-others'

/**
 * Makes the data folder, or narrows it to 0700 when it is ours: it belongs to our user, and holds our files or nothing.
 * Volumes that belong to somebody else, and shared folders, stay as they are; the files in it are private by themselves.
 */
export function prepareDataFolder(path: string): FolderPrivacy {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const { mode, uid } = statSync(path)
    if ((mode & 0o077) === 0) return 'private'
    const entries = readdirSync(path)
    const isOurs = entries.length === 0 || entries.some((name) => OURS.includes(name))
    if (!isOurs || (mode & STICKY) !== 0 || uid !== process.geteuid?.()) return 'open-to-others'
    chmodSync(path, 0o700)
    return 'private'
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new StartError(`DATA_DIR ${path} cannot be used as a folder: ${reason}.`, error)
  }
}

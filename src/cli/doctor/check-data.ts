/** The data folder and the database file, looked at without changing anything. */
import BetterSqlite3 from 'better-sqlite3'
import { accessSync, constants, lstatSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../../config.ts'
import { locateDatabase } from '../../storage/location.ts'
import { RESTORE } from '../../storage/sqlite-error.ts'
import { bad, doubtful, good, type Finding } from './finding.ts'

const MOST_NAMED = 3
const MEGABYTE = 1_000_000
const LITTLE_SPACE = 500 * MEGABYTE
const NO_SPACE = 50 * MEGABYTE

const FOLDER = 'Data folder'
const DATABASE = 'Database'
const RESTORE_IT = `Restore a backup: ${RESTORE}. The damaged file is kept under another name.`

export function checkFolder({ dataDirectory }: Pick<Config, 'dataDirectory'>): Finding[] {
  const path = resolve(dataDirectory)
  try {
    if (!statSync(path).isDirectory()) {
      return [bad(FOLDER, `${path} is not a folder.`, 'Set DATA_DIR to a folder of its own.')]
    }
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return [checkPrivacy(path), ...checkOwners(path), checkSpace(path)]
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') {
      return [doubtful(FOLDER, `${path} does not exist yet.`, 'Start the gateway once, or set DATA_DIR.')]
    }
    return [
      bad(
        FOLDER,
        `${path} cannot be used (${code}).`,
        'Give it to the user that the gateway runs as, mode 0700.',
      ),
    ]
  }
}

function checkPrivacy(path: string): Finding {
  return (statSync(path).mode & 0o077) === 0
    ? good(FOLDER, `${path} is for this user alone.`)
    : doubtful(FOLDER, `${path} can be opened by others; its files cannot.`, `chmod 700 ${path}`)
}

/** What belongs to somebody else, as after a command or a copy made by root, the gateway may not be able to open. */
function checkOwners(path: string): Finding[] {
  const { uid } = statSync(path)
  const names = readdirSync(path)
  const foreign = names.filter((name) => lstatSync(join(path, name), { throwIfNoEntry: false })?.uid !== uid)
  if (foreign.length === 0) return []
  return [
    bad(
      FOLDER,
      `Some of it belongs to another user than the folder: ${foreign.slice(0, MOST_NAMED).join(', ')}.`,
      `Give them to the user that the gateway runs as: chown -R --reference=${path} ${path}`,
    ),
  ]
}

function checkSpace(path: string): Finding {
  const { bavail, bsize } = statfsSync(path)
  const free = bavail * bsize
  const says = `${Math.round(free / MEGABYTE)} MB are free.`
  if (free < NO_SPACE) return bad('Disk', says, 'Make room: tokens that cannot be stored are lost.')
  return free < LITTLE_SPACE ? doubtful('Disk', says, 'Make room soon.') : good('Disk', says)
}

/** Undefined: whether it can be opened the gateway's own opening will show. */
export function checkDatabase({
  databaseUrl,
  dataDirectory,
}: Pick<Config, 'databaseUrl' | 'dataDirectory'>): {
  finding?: Finding
  mayBeOpened: boolean
} {
  const location = locateDatabase(databaseUrl, dataDirectory)
  if (!('path' in location)) return { mayBeOpened: true }
  const path = resolve(location.path)
  try {
    if (statSync(path).size === 0) {
      return {
        finding: bad(DATABASE, `${path} is empty: something has cut it off.`, RESTORE_IT),
        mayBeOpened: false,
      }
    }
    const fault = findFault(path)
    return fault === undefined
      ? { mayBeOpened: true }
      : { finding: bad(DATABASE, `${path} is damaged: ${fault}`, RESTORE_IT), mayBeOpened: false }
  } catch (error) {
    const code = codeOf(error)
    const finding =
      code === 'ENOENT'
        ? doubtful(
            DATABASE,
            `There is none in ${dirname(path)} yet.`,
            'Start the gateway once, or set DATA_DIR.',
          )
        : bad(DATABASE, `${path} cannot be read (${code}).`, RESTORE_IT)
    return { finding, mayBeOpened: false }
  }
}

/** What SQLite's own quick check complains of first. */
function findFault(path: string): string | undefined {
  const database = new BetterSqlite3(path, { readonly: true, fileMustExist: true })
  try {
    const found = String(database.pragma('quick_check(1)', { simple: true }))
    return found === 'ok' ? undefined : found.slice(0, 200)
  } finally {
    database.close()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}

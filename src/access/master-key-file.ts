/** The file of the master key that the gateway makes itself. While the key is rotated it holds two, each in a line. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../start-error.ts'
import { KEY_BYTES } from './sealer.ts'

const KEY_LINES = new RegExp(`^[0-9a-f]{${KEY_BYTES * 2}}(\n[0-9a-f]{${KEY_BYTES * 2}})?$`)
const FOR_OTHERS = 0o077

type RandomBytes = (size: number) => Buffer

/** Undefined: there is none. Throws a StartError when it is unsafe or holds no key. */
export function readKeyFile(path: string): Buffer[] | undefined {
  const file = openKeyFile(path)
  if (file === undefined) return undefined
  try {
    // Refused, not repaired, as ssh does: others may have read it, and the operator should know.
    if ((fstatSync(file).mode & FOR_OTHERS) !== 0) {
      throw new StartError(
        `${path} can be read by others: make sure nobody copied it, then run chmod 600 on it.`,
      )
    }
    const text = readFileSync(file, 'utf8').trim()
    if (!KEY_LINES.test(text)) {
      throw new StartError(`${path} does not hold a master key (64 hexadecimal digits): restore the file.`)
    }
    return text.split('\n').map((line) => Buffer.from(line, 'hex'))
  } finally {
    closeSync(file)
  }
}

function openKeyFile(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    const hint = code === 'ELOOP' ? 'it is a symbolic link, put the file itself there' : code
    throw new StartError(`${path} cannot be read: ${hint}.`, error)
  }
}

/**
 * Written under another name, flushed, then linked: the key file exists whole or not at all, also after a power cut,
 * and of two processes that start at once one wins and the other reads the winner's.
 */
export function createKeyFile(path: string, randomBytes: RandomBytes): Buffer[] | undefined {
  placeKeyFile(path, { keys: [randomBytes(KEY_BYTES)], randomBytes, place: linkUnlessPresent })
  return readKeyFile(path)
}

/** The file holds the old keys or the new ones, whatever is cut off when. */
export function replaceKeyFile(path: string, keys: readonly Buffer[], randomBytes: RandomBytes): void {
  placeKeyFile(path, { keys, randomBytes, place: renameSync })
}

function placeKeyFile(
  path: string,
  parts: { keys: readonly Buffer[]; randomBytes: RandomBytes; place: (from: string, to: string) => void },
): void {
  const { keys, randomBytes, place } = parts
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  try {
    const text = keys.map((key) => `${key.toString('hex')}\n`).join('')
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600, flush: true })
    place(draft, path)
    flushDirectory(dirname(path))
  } catch (error) {
    throw new StartError(`${path} cannot be created: make its folder writable for this user.`, error)
  } finally {
    rmSync(draft, { force: true })
  }
}

function linkUnlessPresent(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}

function flushDirectory(path: string): void {
  const directory = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

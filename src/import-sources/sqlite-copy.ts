/** A database of SQLite as it is at this moment, in a private folder: its program may go on, and its file is left as it is. */
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { inScratchFolder } from '../scratch-folder.ts'
import { withFile } from './open-file.ts'
import { unreadable } from './source.ts'

const MOST_DATABASE_BYTES = 2_000_000_000
const MOST_TRIES = 3
const NAME = 'source.sqlite3'
/** How a journal begins that a program has left behind which died while it wrote. */
const JOURNAL_START = Buffer.from('d9d505f920a163d7', 'hex')
/** What was committed but is not in the database file yet. */
const WAL = '-wal'
const parts = ['', WAL] as const

export interface CopyOptions {
  temporaryFolder: string
  signal?: AbortSignal | undefined
}

/** Both are gone when `use` has ended. Throws `invalid-request` with a sentence. */
export async function withSqliteCopy<T>(
  path: string,
  { temporaryFolder, signal }: CopyOptions,
  use: (copy: string) => T | Promise<T>,
): Promise<T> {
  await refuseOpenJournal(path)
  return inScratchFolder(temporaryFolder, async (folder) => {
    const copy = join(folder, NAME)
    await copyWhole(path, copy, signal)
    return use(copy)
  })
}

/**
 * Without it the file is half of a change. It is not copied: it may name further files, which SQLite would then look at and, on a
 * hostile wish, remove.
 */
async function refuseOpenJournal(path: string): Promise<void> {
  const start = await withFile(`${path}-journal`, ({ readStart }) => readStart(JOURNAL_START.length)).catch(
    () => Buffer.alloc(0),
  )
  if (!start.equals(JOURNAL_START)) return
  throw unreadable(
    'Its program has died while it wrote, or is writing: start that program once and stop it, then import again.',
  )
}

/** The two files belong together, so they are copied until nobody has written meanwhile. */
async function copyWhole(path: string, copy: string, signal: AbortSignal | undefined): Promise<void> {
  for (let round = 0; round < MOST_TRIES; round += 1) {
    const before = await stateOf(path)
    for (const part of parts) {
      await copyPart(`${path}${part}`, `${copy}${part}`, { isNeeded: part === '', signal })
    }
    if ((await stateOf(path)) === before) return
  }
  throw unreadable(
    'It keeps being written while it is copied: stop the program that it belongs to, then import again.',
  )
}

async function stateOf(path: string): Promise<string> {
  const states = parts.map(async (part) => {
    const stats = await stat(`${path}${part}`, { bigint: true }).catch(() => undefined)
    return stats === undefined ? 'none' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`
  })
  return (await Promise.all(states)).join(', ')
}

async function copyPart(
  from: string,
  to: string,
  { isNeeded, signal }: { isNeeded: boolean; signal: AbortSignal | undefined },
): Promise<void> {
  await rm(to, { force: true })
  const isThere = (await stat(from).catch(() => undefined)) !== undefined
  if (!isThere && !isNeeded) return
  await withFile(from, async ({ handle, size }) => {
    if (size > MOST_DATABASE_BYTES)
      throw unreadable('It is larger than 2 GB, which no database of accounts is.')
    if (size === 0) return
    const input = createReadStream('', { fd: handle, autoClose: false, start: 0, end: size - 1 })
    const output = createWriteStream(to, { flags: 'wx', mode: 0o600 })
    await pipeline(input, output, signal === undefined ? {} : { signal })
  })
}

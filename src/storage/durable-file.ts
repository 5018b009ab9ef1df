/** Small files that are there whole or not at all, for this user alone. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const UNFINISHED = '.unfinished'
/** An unfinished file of that age was left by a process that died. */
const ABANDONED_AFTER_MS = 60_000

/** Under its name there is the whole file or none, whatever is cut off when. Makes its folder. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path)
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncFolder(dirname(folder))
  const unfinished = `${path}${UNFINISHED}`
  try {
    const file = await open(unfinished, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw error
  }
  await syncFolder(folder)
}

/** Survives a crash, too. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path)).catch(ignoreMissing)
}

/** Names of what is in a folder, none if there is no such folder. Removes what was left unfinished. */
export async function listFiles(folder: string, now: number): Promise<string[]> {
  const names = await readdir(folder).catch(ignoreMissing)
  const finished: string[] = []
  for (const name of names ?? []) {
    if (name.endsWith(UNFINISHED)) await removeAbandoned(join(folder, name), now)
    else finished.push(name)
  }
  return finished
}

async function removeAbandoned(path: string, now: number): Promise<void> {
  const found = await stat(path).catch(ignoreMissing)
  if (found !== undefined && now - found.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true })
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Another process may have removed it. */
export function ignoreMissing(error: unknown): undefined {
  if (!isOfDisk(error) || error.code !== 'ENOENT') throw error
}

/** An error of the operating system, which says nothing about what is in the file. */
export function isOfDisk(error: unknown): error is Error & { code: unknown } {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

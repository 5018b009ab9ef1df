/** Private folders for copies that are needed for a moment, and may hold secrets. */
import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'aqueduct-scratch-'
const NAME = /^aqueduct-scratch-([0-9a-f]{8})-(\d+)-/
/** No copy takes so long. */
const ABANDONED_AFTER_MS = 86_400_000

/** For this user alone, and gone when the work has ended, whether it has failed or the process exits in it. */
export async function inScratchFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  removeAbandonedScratch(parent)
  const folder = mkdtempSync(join(parent, `${PREFIX}${machineMark()}-${process.pid}-`))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(folder)
  } finally {
    process.off('exit', remove)
    remove()
  }
}

/** What processes have left behind that were killed, or lost power. Never throws. */
export function removeAbandonedScratch(parent: string): void {
  try {
    for (const name of readdirSync(parent).filter((each) => NAME.test(each))) {
      if (isAbandoned(parent, name)) rmSync(join(parent, name), { recursive: true, force: true })
    }
  } catch {
    // Another process may be faster. What cannot be removed now is tried again.
  }
}

function isAbandoned(parent: string, name: string): boolean {
  const stats = lstatSync(join(parent, name))
  if (!stats.isDirectory() || (process.geteuid !== undefined && stats.uid !== process.geteuid())) return false
  const [, mark, pid] = NAME.exec(name) ?? []
  // Numbers of processes mean nothing in another container.
  const isOver = mark === machineMark() && !isAlive(Number(pid))
  return isOver || Date.now() - stats.mtimeMs > ABANDONED_AFTER_MS
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is there, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function machineMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}

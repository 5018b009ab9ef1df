/**
 * Where a run of the tests keeps its temporary folders: in memory, where Linux offers that. Every gateway under test has
 * a database that syncs each commit to the disk; on a real one most of a test's time is spent waiting for that.
 */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const NAME = 'aqueduct-tests-'
/** Containers have 64 MiB there, which is too little. */
const NEEDED_BYTES = 2 ** 30

/** For vitest, before its workers start: they and all that they start inherit the place. Answers how to tidy it up. */
export default function giveRunFolder(): (() => void) | undefined {
  if (process.env['TMPDIR'] !== undefined || !isMemoryFit()) return undefined
  removeOrphans()
  const folder = mkdtempSync(join(MEMORY, `${NAME}${process.pid}-`))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

/** There, with room, and programs may be run from it. */
function isMemoryFit(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
    const options =
      mounts.map((line) => line.split(' ')).find(([, place]) => place === MEMORY)?.[3] ?? 'noexec'
    return bavail * bsize >= NEEDED_BYTES && !options.split(',').includes('noexec')
  } catch {
    return false
  }
}

/** Of runs that were killed: nothing else would give their memory back. */
function removeOrphans(): void {
  for (const name of readdirSync(MEMORY)) {
    const [, processId] = /^aqueduct-tests-(\d+)-/.exec(name) ?? []
    const folder = join(MEMORY, name)
    if (processId === undefined || isAlive(Number(processId)) || !isOwn(folder)) continue
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Others' are not to be removed, and cannot be. */
function isOwn(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // Somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

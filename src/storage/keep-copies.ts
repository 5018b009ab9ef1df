/** Copies that are kept of a database before its schema changes. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '../start-error.ts'
import { copySqlite, syncPath } from './copy-sqlite.ts'

const KEPT = 3
const UNFINISHED = /^before-update-.*\.part(-journal|-wal|-shm)?$/
const COPY = /^before-update-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-.*\.sqlite3$/

interface CopyFacts {
  /** The newest migration that the database has had. */
  schema: string
  at: Date
}

/** Into `backups` beside the database; the newest three stay. Throws a StartError, with nothing changed. */
export function keepCopy(path: string, { schema, at }: CopyFacts): void {
  const folder = join(dirname(path), 'backups')
  const copy = join(folder, `before-update-${at.toISOString().replaceAll(/[:.]/g, '-')}-${schema}.sqlite3`)
  const unfinished = `${copy}.part`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    removeUnfinished(folder)
    copySqlite(path, unfinished)
    renameSync(unfinished, copy)
    syncPath(folder)
    removeOldest(folder)
  } catch (error) {
    if (existsSync(unfinished)) rmSync(unfinished)
    const reason = error instanceof Error ? error.message : 'unknown reason'
    throw new StartError(
      `${path} cannot be copied to ${folder} before its schema changes, so it was left as it is: ${reason}`,
      error,
    )
  }
}

/** What was cut off. Whoever copies holds the lock of the database, so nobody else is at it. */
function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => UNFINISHED.test(each))) {
    rmSync(join(folder, name), { force: true })
  }
}

/** Names begin with the time, so their order is that of age. */
function removeOldest(folder: string): void {
  const names = readdirSync(folder).filter((name) => COPY.test(name))
  for (const name of names.toSorted().slice(0, -KEPT)) rmSync(join(folder, name), { force: true })
}

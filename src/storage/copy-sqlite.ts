/** Whole copies of a database that is in use. */
import BetterSqlite3 from 'better-sqlite3'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { preparePrivateFile } from './private-file.ts'
import { explainSqliteError } from './sqlite-error.ts'

const BUSY_TIMEOUT_MS = 5000

/**
 * Copies what is committed at this moment, whoever writes meanwhile and waits for nobody; for this user alone, on the
 * disk when it returns. What was deleted is not in the copy. `to` must not exist. Throws a StartError.
 */
export function copySqlite(from: string, to: string): void {
  preparePrivateFile(to)
  try {
    const sqlite = new BetterSqlite3(from, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    try {
      // In one step: copying page by page begins anew whenever somebody writes, and would never end beside a busy gateway.
      sqlite.prepare('vacuum into ?').run(to)
    } finally {
      sqlite.close()
    }
  } catch (error) {
    throw explainSqliteError(error, from)
  }
  syncPath(to)
}

/** Of a file or a folder. */
export function syncPath(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

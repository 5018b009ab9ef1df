/** Whole copies of a database that is in use. */
import BetterSqlite3 from 'better-sqlite3'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { preparePrivateFile } from './private-file.ts'
import { explainSqliteError } from './sqlite-error.ts'

const BUSY_TIMEOUT_MS = 5000

/**
 * Copies what is committed at this moment, whoever writes meanwhile and waits for nobody; for this user alone, on the
 * disk when it returns. What was deleted is not in the copy, nor what was recorded of calls for a while: a copy would
 * outlive its time. `to` must not exist. Throws a StartError.
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
    forgetCaptures(to)
  } catch (error) {
    throw explainSqliteError(error, from)
  }
  syncPath(to)
}

function forgetCaptures(path: string): void {
  const sqlite = new BetterSqlite3(path, { fileMustExist: true })
  try {
    const found = sqlite
      .prepare(
        "select name from sqlite_master where type = 'table' and name in ('captured_calls', 'capture_rules')",
      )
      .pluck()
      .all()
    // What is deleted is written over, and then given back.
    sqlite.pragma('secure_delete = on')
    let deleted = 0
    if (found.includes('captured_calls'))
      deleted += sqlite.prepare('delete from captured_calls').run().changes
    if (found.includes('capture_rules')) deleted += sqlite.prepare('delete from capture_rules').run().changes
    if (deleted > 0) sqlite.exec('vacuum')
  } finally {
    sqlite.close()
  }
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

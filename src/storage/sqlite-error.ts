import BetterSqlite3 from 'better-sqlite3'
import { StartError } from '../start-error.ts'

/** What puts a backup in the place of a file that cannot be used. */
export const RESTORE = 'aqueduct restore FILE --replace'

/** An error of SQLite in words that help; others stay. `name` begins the sentence. */
export function explainSqliteError(error: unknown, name: string): unknown {
  if (!(error instanceof BetterSqlite3.SqliteError)) return error
  const { code } = error
  // A backup helps against damage alone.
  const advice = /^SQLITE_(CORRUPT|NOTADB)/.test(code)
    ? `restore a backup: ${RESTORE}`
    : code.startsWith('SQLITE_BUSY')
      ? 'another program holds it'
      : 'look at its folder and disk'
  return new StartError(`${name} cannot be opened as a database (${code}): ${advice}.`, error)
}

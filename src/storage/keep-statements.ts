import type BetterSqlite3 from 'better-sqlite3'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

type Values = readonly unknown[]
type Statement = BetterSqlite3.Statement<[Values]>

/** Many more than are in use at once; lists of several lengths make some more of them. */
const MOST_KEPT = 200
/** What is longer is seldom the same twice. */
const LONGEST_KEPT = 4096
/** Others, such as a pragma, may do their work while they are prepared, and would do it once. */
const KEPT = /^(?:select|insert|update|delete|begin|commit|rollback)\b/

/** As Kysely asks for it, which prepares each statement anew: what a small one takes is mostly that. */
export function keepStatements(sqlite: BetterSqlite3.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()

  function prepare(text: string): SqliteStatement {
    const known = kept.get(text)
    if (known !== undefined) {
      // The one that was used last is the last to go.
      kept.delete(text)
      kept.set(text, known)
      return known
    }
    const statement = sqlite.prepare<[Values]>(text)
    if (text.length > LONGEST_KEPT || !KEPT.test(text)) return toKysely(statement)
    const [oldest] = kept.keys()
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    // Whoever reads row by row may be at it while others ask the same.
    const fresh = toKysely(statement, () => sqlite.prepare<[Values]>(text))
    kept.set(text, fresh)
    return fresh
  }

  return {
    prepare,
    close() {
      kept.clear()
      sqlite.close()
    },
  }
}

function toKysely(statement: Statement, forRows: () => Statement = () => statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(parameters),
    run: (parameters) => statement.run(parameters),
    iterate: (parameters) => forRows().iterate(parameters),
  }
}

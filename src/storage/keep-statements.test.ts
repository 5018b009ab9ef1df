import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepStatements } from './keep-statements.ts'

describe('statements that are kept', () => {
  let sqlite: BetterSqlite3.Database
  beforeEach(() => {
    sqlite = new BetterSqlite3(':memory:')
    sqlite.exec('create table t (a integer)')
  })
  afterEach(() => {
    sqlite.close()
  })

  it('are prepared once', () => {
    const prepare = vi.spyOn(sqlite, 'prepare')
    const kept = keepStatements(sqlite)
    for (let value = 1; value <= 3; value += 1) kept.prepare('insert into t values (?)').run([value])
    expect(prepare).toHaveBeenCalledTimes(1)
    expect(kept.prepare('select a from t').all([])).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
  })

  it('see the columns that a table got meanwhile', () => {
    const kept = keepStatements(sqlite)
    kept.prepare('insert into t values (?)').run([1])
    expect(kept.prepare('select * from t').all([])).toEqual([{ a: 1 }])
    sqlite.exec('alter table t add column b integer default 2')
    expect(kept.prepare('select * from t').all([])).toEqual([{ a: 1, b: 2 }])
  })

  it('do not include a pragma, which would do nothing the second time', () => {
    const kept = keepStatements(sqlite)
    const read = () => sqlite.pragma('synchronous', { simple: true })
    kept.prepare('pragma synchronous = normal').run([])
    kept.prepare('pragma synchronous = full').run([])
    expect(read()).toBe(2)
    kept.prepare('pragma synchronous = normal').run([])
    expect(read()).toBe(1)
  })

  it('can be read row by row by several at once', () => {
    sqlite.exec('insert into t values (1), (2)')
    const kept = keepStatements(sqlite)
    const rows = kept.prepare('select a from t').iterate([])
    expect(rows.next().value).toEqual({ a: 1 })
    expect(kept.prepare('select a from t').all([])).toEqual([{ a: 1 }, { a: 2 }])
    expect([...kept.prepare('select a from t').iterate([])]).toHaveLength(2)
    expect(rows.next().value).toEqual({ a: 2 })
    expect(rows.next().done).toBe(true)
  })

  it('are let go when there are too many, first those that nobody uses', () => {
    const prepare = vi.spyOn(sqlite, 'prepare')
    const kept = keepStatements(sqlite)
    for (let number = 0; number < 1000; number += 1) {
      kept.prepare('select a from t').all([])
      kept.prepare(`select ${number} from t`).all([])
    }
    expect(prepare).toHaveBeenCalledTimes(1001)
    kept.prepare('select 0 from t').all([])
    expect(prepare).toHaveBeenCalledTimes(1002)
  })
})

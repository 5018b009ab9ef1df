import BetterSqlite3 from 'better-sqlite3'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copySqlite } from './copy-sqlite.ts'
import { openDatabase } from './database.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqueduct-copy-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const pathOf = (name: string) => join(folder, name)

describe('a copy of a database', () => {
  it('has what is kept, and nothing of what was recorded for a while', async () => {
    const database = await openDatabase({ path: pathOf('data.sqlite3') })
    const bodies = 'aq2:mark:'.repeat(20_000)
    const at = '2026-11-22T10:00:00.000Z'
    const rule = { scope: 'all' as const, started_at: at, ends_at: at, captured: 0, dropped: 0 }
    await database.insertInto('capture_rules').values(rule).execute()
    await database
      .insertInto('captured_calls')
      .values({ id: 'a', at, expires_at: at, bytes: bodies.length, bodies })
      .execute()
    await database.insertInto('settings').values({ name: 'kept', value: 'it is' }).execute()
    copySqlite(pathOf('data.sqlite3'), pathOf('copy.sqlite3'))
    expect(await database.selectFrom('captured_calls').select('id').execute()).toEqual([{ id: 'a' }])
    await database.destroy()

    const bytes = readFileSync(pathOf('copy.sqlite3'), 'latin1')
    expect([bytes.includes('it is'), bytes.includes('aq2:mark:')]).toEqual([true, false])
    const copy = new BetterSqlite3(pathOf('copy.sqlite3'), { readonly: true })
    expect(
      copy
        .prepare('select (select count(*) from captured_calls) + (select count(*) from capture_rules)')
        .pluck()
        .get(),
    ).toBe(0)
    copy.close()
  })

  it('can be made of a database that is older than what is recorded', () => {
    const old = new BetterSqlite3(pathOf('old.sqlite3'))
    old.exec("create table things (name text); insert into things values ('a')")
    old.close()
    copySqlite(pathOf('old.sqlite3'), pathOf('copy.sqlite3'))
    const copy = new BetterSqlite3(pathOf('copy.sqlite3'), { readonly: true })
    expect(copy.prepare('select name from things').pluck().all()).toEqual(['a'])
    copy.close()
  })
})

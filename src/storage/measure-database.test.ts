import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from './database.ts'
import { measureDatabase } from './measure-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'aqueduct-measure-'))
const location = { path: join(folder, 'data.sqlite3') }
let database: Database
beforeAll(async () => {
  database = await openDatabase(location)
})
afterAll(async () => {
  await database.destroy()
  rmSync(folder, { recursive: true, force: true })
})

it('what was deleted from a file leaves room in it, which is told of until it is used again', async () => {
  const measure = () => measureDatabase(database, location)
  const fill = () =>
    sql`insert into console_settings (name, value) values ('LARGE', hex(zeroblob(500000)))`.execute(database)
  const before = await measure()
  expect(before).toMatchObject({ kind: 'sqlite', freeBytes: expect.any(Number) })
  await fill()
  await sql`delete from console_settings`.execute(database)
  const after = await measure()
  expect((after.freeBytes ?? 0) - (before.freeBytes ?? 0)).toBeGreaterThan(900_000)
  expect(after.bytes ?? 0).toBeGreaterThan(after.freeBytes ?? 0)
  await fill()
  expect((await measure()).freeBytes).toBeLessThan(100_000)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql, type Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCountTransaction } from './count-transaction.ts'
import { openDatabase, type Database } from './database.ts'
import type { Tables } from './tables.ts'

const NORMAL = 1
const FULL = 2

async function readSync(database: Kysely<Tables>): Promise<unknown> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(database)
  return rows[0]?.synchronous
}

describe('a transaction for counters on SQLite', () => {
  let folder: string
  let database: Database
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aqueduct-'))
    database = await openDatabase({ path: join(folder, 'data.db') })
  })
  afterEach(async () => {
    await database.destroy()
    rmSync(folder, { recursive: true })
  })

  it('is not forced to the disk, while all others are', async () => {
    expect(await readSync(database)).toBe(FULL)
    expect(await runCountTransaction(database, readSync)).toBe(NORMAL)
    expect(await readSync(database)).toBe(FULL)
  })

  it('leaves others alone that come meanwhile', async () => {
    const [counted, plain] = await Promise.all([
      runCountTransaction(database, readSync),
      database.transaction().execute(readSync),
    ])
    expect([counted, plain]).toEqual([NORMAL, FULL])
  })

  it('takes back what it did when it fails, and forces what comes after', async () => {
    const now = new Date(0).toISOString()
    const failing = runCountTransaction(database, async (transaction) => {
      await transaction
        .insertInto('call_accounts')
        .values({ account_id: 'a', at: now, call_id: 'c' })
        .execute()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await database.selectFrom('call_accounts').selectAll().execute()).toEqual([])
    expect(await readSync(database)).toBe(FULL)
  })
})

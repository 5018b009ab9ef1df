import BetterSqlite3 from 'better-sqlite3'
import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCliUnderTest, type CliUnderTest } from '../../test/cli-under-test.ts'
import { systemClock, type Clock } from '../clock.ts'

let cli: CliUnderTest
beforeEach(async () => {
  cli = openCliUnderTest()
  await cli.run('keys create laptop')
})
afterEach(() => cli.close())

const path = () => join(cli.folder, 'data', 'data.sqlite3')

function withDatabase<T>(task: (database: BetterSqlite3.Database) => T): T {
  const database = new BetterSqlite3(path())
  try {
    return task(database)
  } finally {
    database.close()
  }
}

describe('a command beside the gateway', () => {
  it('takes over none of its duties, however long it takes', async () => {
    // Everything that is due within an hour is due at once.
    const hasty: Clock = {
      ...systemClock,
      after: (delayMs, action) => systemClock.after(delayMs / 3_600_000, action),
    }
    await cli.run('accounts list', { clock: hasty })
    const leases = withDatabase((database) => database.prepare('select name from leases').all())
    expect(leases).toEqual([])
  })

  it('leaves the tables of an older version as they are', async () => {
    const readMigrations = () =>
      withDatabase((database) => database.prepare('select name from kysely_migration').all())
    withDatabase((database) =>
      database.exec('delete from kysely_migration where name = (select max(name) from kysely_migration)'),
    )
    const before = readMigrations()
    for (const words of ['keys list', 'keys create phone']) {
      const { exitCode, notes } = await cli.run(words)
      expect(exitCode).toBe(78)
      expect(notes).toContain('was written by an older version of Aqueduct')
    }
    expect(readMigrations()).toEqual(before)
  })

  it('makes nothing of a database that was cut off', async () => {
    truncateSync(path(), 0)
    const { exitCode, notes } = await cli.run('keys list')
    expect(exitCode).toBe(78)
    expect(notes).toContain('is empty: something has cut it off')
    expect(readFileSync(path())).toHaveLength(0)
  })

  it('makes no database where there is none', async () => {
    rmSync(path())
    const { exitCode, notes } = await cli.run('keys list')
    expect(exitCode).toBe(78)
    expect(notes).toContain("There is no gateway's data at")
    expect(existsSync(path())).toBe(false)
  })
})

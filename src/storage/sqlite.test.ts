import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sampleAccount } from '../accounts/sample-account.ts'
import { createSecrets } from '../access/secrets.ts'
import { accountStoreSuite } from './account-store.suite.ts'
import { createAccountStore } from './accounts.ts'
import { captureStoreSuite } from './capture-store.suite.ts'
import { clientKeyStoreSuite } from './client-key-store.suite.ts'
import { consoleSettingsSuite } from './console-settings.suite.ts'
import { openDatabase } from './database.ts'
import { eventStoreSuite } from './event-store.suite.ts'
import { keptAnswerStoreSuite } from './kept-answer-store.suite.ts'
import { quotaStoreSuite } from './quota-store.suite.ts'
import { resealSuite } from './reseal.suite.ts'
import { operatorStoresSuite } from './operator-stores.suite.ts'
import { signInStoreSuite } from './sign-in-store.suite.ts'
import { trafficStoreSuite } from './traffic-store.suite.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aqueduct-storage-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const pathOf = (name = 'data.sqlite3') => join(directory, name)
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

accountStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

quotaStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

consoleSettingsSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

resealSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

signInStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

eventStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

clientKeyStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

trafficStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

keptAnswerStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

captureStoreSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

operatorStoresSuite('SQLite', async () => {
  const database = await openDatabase({ path: pathOf() })
  return { database, close: () => database.destroy() }
})

describe('openDatabase', () => {
  it('S24: makes folder and files that only this user can open', async () => {
    const path = pathOf('new/data.sqlite3')
    const database = await openDatabase({ path })
    expect(modeOf(join(directory, 'new'))).toBe('700')
    expect([path, `${path}-wal`, `${path}-shm`].map(modeOf)).toEqual(['600', '600', '600'])
    await database.destroy()
  })

  it('S24: narrows a file of its own that others could read', async () => {
    await (await openDatabase({ path: pathOf() })).destroy()
    chmodSync(pathOf(), 0o644)
    await (await openDatabase({ path: pathOf() })).destroy()
    expect(modeOf(pathOf())).toBe('600')
  })

  it('commits durably, waits for other writers and checks references', async () => {
    const database = await openDatabase({ path: pathOf() })
    const pragma = async (name: string) => (await sql.raw(`pragma ${name}`).execute(database)).rows
    expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }])
    expect(await pragma('busy_timeout')).toEqual([{ timeout: 5000 }])
    expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }])
    await database.destroy()
  })

  it('opens a second time without a change', async () => {
    await (await openDatabase({ path: pathOf() })).destroy()
    const before = readFileSync(pathOf())
    await (await openDatabase({ path: pathOf() })).destroy()
    expect(readFileSync(pathOf()).equals(before)).toBe(true)
  })

  it('has columns of text, integer and double alone', async () => {
    const database = await openDatabase({ path: pathOf() })
    const tables = await database.introspection.getTables()
    const types = new Set(tables.flatMap((table) => table.columns.map((column) => column.dataType)))
    expect([...types].toSorted()).toEqual(['INTEGER', 'TEXT', 'double precision', 'varchar(64)'])
    await database.destroy()
  })

  it('refuses a schema that is newer than it knows, and leaves the file as it is', async () => {
    const database = await openDatabase({ path: pathOf() })
    await sql`insert into kysely_migration values ('9999-from-the-future', '2030-01-01')`.execute(database)
    await database.destroy()
    const before = readFileSync(pathOf())
    await expect(openDatabase({ path: pathOf() })).rejects.toThrow(
      `${pathOf()} was written by a newer version of Aqueduct (schema 9999-from-the-future): start that version, or restore a backup of this one: aqueduct restore FILE --replace.`,
    )
    expect(readFileSync(pathOf()).equals(before)).toBe(true)
  })

  it('refuses the database of another program, and leaves the file as it is', async () => {
    const foreign = new BetterSqlite3(pathOf())
    foreign.exec('create table accounts (id text)')
    foreign.close()
    const before = readFileSync(pathOf())
    await expect(openDatabase({ path: pathOf() })).rejects.toThrow(/is a database of another program/)
    expect(readFileSync(pathOf()).equals(before)).toBe(true)
    expect(existsSync(`${pathOf()}-wal`)).toBe(false)
  })

  it('refuses a file that is no database, in a line that names it', async () => {
    writeFileSync(pathOf(), 'not a database at all, but long enough to have a header of its own')
    await expect(openDatabase({ path: pathOf() })).rejects.toThrow(
      `${pathOf()} cannot be opened as a database (SQLITE_NOTADB): restore a backup: aqueduct restore FILE --replace.`,
    )
  })

  it('S24: refuses a symbolic link', async () => {
    writeFileSync(pathOf('elsewhere'), '')
    symlinkSync(pathOf('elsewhere'), pathOf())
    await expect(openDatabase({ path: pathOf() })).rejects.toThrow(/symbolic link/)
  })
})

describe('the files of the database', () => {
  it('hold no secret in clear, while open and afterwards', async () => {
    const canaries = ['clientSecret', 'refreshToken', 'accessToken', 'newAccess', 'newRefresh', 'other'].map(
      (name) => `canary-${name}-${randomBytes(8).toString('hex')}`,
    )
    const [
      clientSecret = '',
      refreshToken = '',
      accessToken = '',
      newAccess = '',
      newRefresh = '',
      other = '',
    ] = canaries
    const database = await openDatabase({ path: pathOf() })
    const store = createAccountStore(database, createSecrets({ masterKey: randomBytes(32), randomBytes }))
    const at = new Date('2026-11-22T10:00:00Z')
    const account = sampleAccount('a', { label: 'visible-label', other: { token: other } })
    await store.insert(account, { clientId: 'c', clientSecret, refreshToken, accessToken })
    const tokens = { accessToken: newAccess, refreshToken: newRefresh, expiresAt: at }
    await store.saveTokens('a', 1, { tokens, at })

    const open = ['', '-wal', '-shm'].map((suffix) => readFileSync(pathOf() + suffix))
    await database.destroy()
    const bytes = Buffer.concat([...open, readFileSync(pathOf())])
    expect(bytes.includes('visible-label')).toBe(true)
    expect(canaries.filter((canary) => bytes.includes(canary))).toEqual([])
  })
})

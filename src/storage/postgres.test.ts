import { PGlite } from '@electric-sql/pglite'
import { PGliteDialect, sql, type PGlite as DialectPGlite } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accountStoreSuite } from './account-store.suite.ts'
import { captureStoreSuite } from './capture-store.suite.ts'
import { clientKeyStoreSuite } from './client-key-store.suite.ts'
import { consoleSettingsSuite } from './console-settings.suite.ts'
import { openDatabase, openWith } from './database.ts'
import { eventStoreSuite } from './event-store.suite.ts'
import { keptAnswerStoreSuite } from './kept-answer-store.suite.ts'
import { quotaStoreSuite } from './quota-store.suite.ts'
import { resealSuite } from './reseal.suite.ts'
import { operatorStoresSuite } from './operator-stores.suite.ts'
import { signInStoreSuite } from './sign-in-store.suite.ts'
import { trafficStoreSuite } from './traffic-store.suite.ts'

const NAME = 'The test database'

describe('PostgreSQL', () => {
  // One server inside this process for all tests: to start it takes seconds.
  let server: PGlite
  beforeAll(async () => {
    server = await PGlite.create()
  }, 120_000)
  afterAll(() => server.close())
  beforeEach(async () => {
    await server.exec('drop schema public cascade; create schema public')
  })

  /** Closing one database must not close the server for the next. */
  function createDialect(): PGliteDialect {
    const shared: DialectPGlite = {
      query: (text, parameters, options) => server.query(text, parameters, options),
      transaction: (work) => server.transaction(work),
      close: async () => {},
      closed: false,
      ready: true,
      waitReady: server.waitReady,
    }
    return new PGliteDialect({ pglite: shared })
  }
  const open = () => openWith(createDialect(), NAME)

  accountStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  quotaStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  consoleSettingsSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  resealSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  signInStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  eventStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  clientKeyStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  trafficStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  keptAnswerStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })
  captureStoreSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  operatorStoresSuite('PostgreSQL', async () => {
    const database = await open()
    return { database, close: () => database.destroy() }
  })

  it('opens a second time as it was', async () => {
    await (await open()).destroy()
    const again = await open()
    expect((await again.selectFrom('accounts').selectAll().execute()).length).toBe(0)
    await again.destroy()
  })

  it('S46: needs nothing but rows once its schema is made: a role that may not change it serves on', async () => {
    await (await open()).destroy()
    await server.exec(`drop role if exists gateway; create role gateway; grant usage on schema public to gateway;
      grant select, insert, update, delete on all tables in schema public to gateway; set role gateway`)
    try {
      const database = await open()
      await expect(sql`create table other (id text)`.execute(database)).rejects.toThrow('permission denied')
      await expect(sql`drop table accounts`.execute(database)).rejects.toThrow('must be owner')
      await database.insertInto('settings').values({ name: 'a', value: '1' }).execute()
      expect(await database.selectFrom('settings').selectAll().execute()).toMatchObject([{ name: 'a' }])
      await database.destroy()
    } finally {
      await server.exec('reset role')
    }
  })

  it('has columns of text, integer and double alone', async () => {
    const database = await open()
    const tables = await database.introspection.getTables()
    const types = new Set(tables.flatMap((table) => table.columns.map((column) => column.dataType)))
    expect([...types].toSorted()).toEqual(['float8', 'int4', 'text', 'varchar'])
    await database.destroy()
  })

  it('is refused when it belongs to another program', async () => {
    await server.exec('create table accounts (id text)')
    await expect(open()).rejects.toThrow(/^The test database is a database of another program/)
  })

  it('is refused when a newer version wrote it', async () => {
    const database = await open()
    await sql`insert into kysely_migration values ('9999-from-the-future', '2030-01-01')`.execute(database)
    await database.destroy()
    await expect(open()).rejects.toThrow(/^The test database was written by a newer version/)
  })
})

describe('openDatabase', () => {
  it('says in one line, without the password, that no server answers', async () => {
    const opening = openDatabase({ url: 'postgres://user:canary@127.0.0.1:1/nowhere' })
    await expect(opening).rejects.toThrow('The database of DATABASE_URL cannot be used: ECONNREFUSED.')
  })
})

import BetterSqlite3 from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase } from './database.ts'
import { migrations } from './migrations/index.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqueduct-database-'))
  path = join(folder, 'data.sqlite3')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const names = Object.keys(migrations)
const newest = names.at(-1) ?? ''

const openAndClose = async (at = path) => (await openDatabase({ path: at })).destroy()

/** A database as the version left it whose newest migration this was, with a row to know it by. */
async function makeAt(schema: string, at = path): Promise<void> {
  const sqlite = new BetterSqlite3(at)
  sqlite.pragma('journal_mode = WAL')
  const database = new Kysely({ dialect: new SqliteDialect({ database: sqlite }) })
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
  })
  const { error } = await migrator.migrateTo(schema)
  expect(error).toBeUndefined()
  sqlite.exec('create table marker (text text)')
  sqlite.prepare('insert into marker values (?)').run(schema)
  await database.destroy()
}

function schemaOf(at: string): unknown[] {
  const sqlite = new BetterSqlite3(at, { readonly: true })
  const found = sqlite
    .prepare(
      `select type, name, tbl_name, sql from sqlite_schema where name <> 'marker' order by type, name, tbl_name`,
    )
    .all()
  sqlite.close()
  return found
}

function markerOf(at: string): unknown {
  const sqlite = new BetterSqlite3(at, { readonly: true })
  const isThere = sqlite.prepare(`select 1 from sqlite_schema where name = 'marker'`).get() !== undefined
  const marker = isThere ? sqlite.prepare('select text from marker').pluck().get() : undefined
  sqlite.close()
  return marker
}

const copies = () => readdirSync(join(folder, 'backups')).toSorted()

function overwrite(from: number, length: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0x5a, from, from + length)
  writeFileSync(path, bytes)
}

/** Until `vi.restoreAllMocks()`. */
function beforeEachStatement(action: (source: string) => void): void {
  const prepare: unknown = Reflect.get(BetterSqlite3.prototype, 'prepare')
  if (typeof prepare !== 'function') throw new TypeError('Statements are prepared elsewhere.')
  vi.spyOn(BetterSqlite3.prototype, 'prepare').mockImplementation(function (
    this: BetterSqlite3.Database,
    source: string,
  ) {
    action(source)
    return Reflect.apply(prepare, this, [source])
  })
}

/** What is on the disk when the process dies before one of its statements. */
async function openWithCrashes(): Promise<string[]> {
  const crashes: string[] = []
  const seen = new Set<string>()
  beforeEachStatement(() => {
    const files = readdirSync(folder).filter((name) => name.startsWith('data.sqlite3'))
    const state = files.map((name) => readFileSync(join(folder, name)).toString('latin1')).join()
    if (!seen.has(state)) {
      seen.add(state)
      const copy = mkdtempSync(join(folder, 'crash-'))
      for (const name of files) copyFileSync(join(folder, name), join(copy, name))
      crashes.push(join(copy, 'data.sqlite3'))
    }
  })
  await openAndClose()
  vi.restoreAllMocks()
  return crashes
}

const withPages = () => {
  const sqlite = new BetterSqlite3(path)
  const insert = sqlite.prepare(
    `insert into settings (name, value) select 'n' || value, hex(randomblob(400)) from json_each(?)`,
  )
  insert.run(JSON.stringify(Array.from({ length: 300 }, (_, index) => index)))
  sqlite.close()
}

describe('R45: a file that cannot be used is refused and stays byte for byte', () => {
  const restore = 'aqueduct restore FILE'

  it.each([
    ['an empty file', () => truncateSync(path, 0), [/is empty: something has cut it off/, restore]],
    ['one that is cut off', () => truncateSync(path, 20_000), [/SQLITE_CORRUPT|damaged/, restore]],
    ['one with a damaged head', () => overwrite(0, 50), [/SQLITE_NOTADB/, restore]],
    [
      'one with damage in the middle',
      () => overwrite(statSync(path).size / 2, 9000),
      [/SQLITE_CORRUPT|damaged/, restore],
    ],
    [
      'text',
      () => writeFileSync(path, 'tokens: none\n'.repeat(100)),
      [/SQLITE_NOTADB|SQLITE_CORRUPT/, restore],
    ],
    [
      'a database without tables',
      () => {
        rmSync(path)
        const sqlite = new BetterSqlite3(path)
        sqlite.pragma('user_version = 7')
        sqlite.close()
      },
      [/another program/, restore],
    ],
    [
      "another program's tables",
      () => {
        rmSync(path)
        const sqlite = new BetterSqlite3(path)
        sqlite.exec('create table accounts (id text)')
        sqlite.close()
      },
      [/another program/, restore],
    ],
    [
      'a trigger that somebody has put in',
      () => {
        const sqlite = new BetterSqlite3(path)
        sqlite.exec('create trigger t after insert on settings begin delete from accounts; end')
        sqlite.close()
      },
      [/another program/, restore],
    ],
    [
      'a newer schema',
      () => {
        const sqlite = new BetterSqlite3(path)
        sqlite.exec(`insert into kysely_migration values ('9999-later', '2030-01-01')`)
        sqlite.close()
      },
      [/newer version of Aqueduct \(schema 9999-later\)/, restore],
    ],
  ] as const)('%s', async (_, damage, [reason, remedy]) => {
    await openAndClose()
    withPages()
    damage()
    const before = readFileSync(path)
    await expect(openDatabase({ path })).rejects.toThrow(reason)
    await expect(openDatabase({ path })).rejects.toThrow(remedy)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('a newer one that a crash has left with a log of changes', async () => {
    await openAndClose()
    const writer = new BetterSqlite3(path)
    writer.exec(`insert into kysely_migration values ('9999-later', '2030-01-01')`)
    const copy = join(folder, 'crashed.sqlite3')
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix)
    writer.close()
    const before = ['', '-wal'].map((suffix) => readFileSync(copy + suffix))
    await expect(openDatabase({ path: copy })).rejects.toThrow(/newer version/)
    expect(['', '-wal'].map((suffix) => readFileSync(copy + suffix))).toEqual(before)
  })

  it('and none is made where the file is gone and what was last written to it is there', async () => {
    writeFileSync(`${path}-wal`, 'frames')
    await expect(openDatabase({ path })).rejects.toThrow(/is missing, and .*-wal holds what was last written/)
    expect(readdirSync(folder)).toEqual(['data.sqlite3-wal'])
  })

  it.each([
    ['-journal', /is missing, and .*-journal is there/],
    ['.restoring', /a backup was to take its place and that was cut off: restore it once more/],
  ])('and none is made where %s is all that is left', async (suffix, reason) => {
    writeFileSync(`${path}${suffix}`, 'what is left')
    await expect(openDatabase({ path })).rejects.toThrow(reason)
    expect(readdirSync(folder)).toEqual([`data.sqlite3${suffix}`])
  })
})

describe('R45: a new database', () => {
  it('is there whole or not at all, and leaves nothing else behind', async () => {
    await openAndClose()
    expect(readdirSync(folder)).toEqual(['data.sqlite3'])
  })

  it('of two that start at once is made once', async () => {
    const both = await Promise.all([openDatabase({ path }), openDatabase({ path })])
    const [one, two] = both
    await one.insertInto('settings').values({ name: 'from', value: 'one' }).execute()
    expect(await two.selectFrom('settings').select('value').execute()).toEqual([{ value: 'one' }])
    await Promise.all(both.map((each) => each.destroy()))
  })
})

describe('R45: an older database', () => {
  it.each(names)('with schema %s is brought to the newest one', async (schema) => {
    await makeAt(schema)
    await openAndClose()
    const clean = join(folder, 'clean.sqlite3')
    await openAndClose(clean)
    expect(schemaOf(path)).toEqual(schemaOf(clean))
    expect(markerOf(path)).toBe(schema)
  })

  it('is copied first, for this user alone', async () => {
    const schema = names.at(-2) ?? ''
    await makeAt(schema)
    const before = schemaOf(path)
    await openAndClose()
    const [copy = '', ...more] = copies()
    expect(more).toEqual([])
    expect(copy).toMatch(new RegExp(`^before-update-2.*Z-${schema}\\.sqlite3$`))
    const copyPath = join(folder, 'backups', copy)
    expect([markerOf(copyPath), schemaOf(copyPath)]).toEqual([schema, before])
    expect([join(folder, 'backups'), copyPath].map((each) => statSync(each).mode & 0o777)).toEqual([
      0o700, 0o600,
    ])
  })

  it('is not copied when nothing changes', async () => {
    await openAndClose()
    await openAndClose()
    expect(existsSync(join(folder, 'backups'))).toBe(false)
  })

  it('pushes out the oldest copy of three, and no file of the operator', async () => {
    mkdirSync(join(folder, 'backups'))
    const older = ['01', '02', '03'].map((day) => `before-update-2026-01-${day}T00-00-00-000Z-0001.sqlite3`)
    for (const name of [...older, 'mine.sqlite3']) writeFileSync(join(folder, 'backups', name), '')
    await makeAt('0012-assumed-credits')
    await openAndClose()
    expect(copies()).toEqual([
      ...older.slice(1),
      expect.stringMatching(/0012-assumed-credits\.sqlite3$/),
      'mine.sqlite3',
    ])
  })

  it('removes copies that were cut off', async () => {
    mkdirSync(join(folder, 'backups'))
    const cutOff = 'before-update-2026-01-01T00-00-00-000Z-0001.sqlite3.part'
    for (const name of [cutOff, `${cutOff}-journal`]) writeFileSync(join(folder, 'backups', name), 'x')
    await makeAt('0012-assumed-credits')
    await openAndClose()
    expect(copies()).toEqual([expect.stringMatching(/0012-assumed-credits\.sqlite3$/)])
  })

  it('stays as it is where it cannot be copied', async () => {
    const schema = '0012-assumed-credits'
    await makeAt(schema)
    const before = readFileSync(path)
    writeFileSync(join(folder, 'backups'), 'a file in the way')
    await expect(openDatabase({ path })).rejects.toThrow(/cannot be copied to .*backups before its schema/)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it.each([undefined, ...names.slice(0, -1)])(
    'that a crash at any statement has left at %s gets the same schema at the next start',
    async (schema) => {
      if (schema !== undefined) await makeAt(schema)
      const crashes = await openWithCrashes()
      const wanted = schemaOf(path)
      expect(crashes.length).toBeGreaterThan(0)
      for (const crash of crashes) {
        await openAndClose(crash)
        expect(schemaOf(crash)).toEqual(wanted)
        expect(markerOf(crash)).toBe(schema)
      }
    },
  )

  it('gets all of its steps or none', async () => {
    await makeAt('0003-password-attempts')
    const before = schemaOf(path)
    beforeEachStatement((source) => {
      if (source.includes('kept_items')) throw new Error('disk full')
    })
    await expect(openDatabase({ path })).rejects.toThrow(/could not be brought up to date; it was left as it/)
    vi.restoreAllMocks()
    expect(schemaOf(path)).toEqual(before)
  })

  it('that was brought up to date is refused by the version before', async () => {
    await openAndClose()
    // The version before does not know the newest migration; this one does not know the next.
    expect(newest).not.toBe('')
    const sqlite = new BetterSqlite3(path)
    sqlite.prepare('update kysely_migration set name = ? where name = ?').run('9999-next', newest)
    sqlite.close()
    await expect(openDatabase({ path })).rejects.toThrow(/schema 9999-next.*start that version/)
  })
})

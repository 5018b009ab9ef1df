import BetterSqlite3 from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCliUnderTest, type CliUnderTest } from '../../test/cli-under-test.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../test/gateway-under-test.ts'
import { openSecrets } from '../access/master-key.ts'
import { createAccountStore } from '../storage/accounts.ts'
import { copySqlite } from '../storage/copy-sqlite.ts'
import { openDatabase } from '../storage/database.ts'
import { createDataKeyStore } from '../storage/data-keys.ts'
import { createSecretCheckStore } from '../storage/settings.ts'

const PASSPHRASE = 'a passphrase for tests'

/** Every account of a data folder, with its secrets. */
async function readAccounts(dataDirectory: string) {
  const database = await openDatabase({ path: join(dataDirectory, 'data.sqlite3') })
  const checks = createSecretCheckStore(database)
  const dataKeys = createDataKeyStore(database)
  const { secrets } = await openSecrets({ dataDirectory, checks, dataKeys, randomBytes })
  const store = createAccountStore(database, secrets)
  const accounts = await store.list()
  const credentials = await Promise.all(accounts.map(({ id }) => store.readCredentials(id)))
  const rows = await database.selectFrom('accounts').selectAll().orderBy('id').execute()
  await database.destroy()
  return { rows, credentials }
}

const contentsOf = (folder: string) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => [name, readFileSync(join(folder, name)).toString('latin1')])

const flip = (share: number) => (file: string) => {
  const bytes = readFileSync(file)
  const at = Math.floor(bytes.length * share)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(file, bytes)
}

describe('backup and restore', () => {
  let gateway: GatewayUnderTest
  let cli: CliUnderTest
  let backup = ''
  let locked = ''
  let phraseFile = ''
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
    cli = openCliUnderTest({ DATA_DIR: gateway.dataDirectory })
    await gateway.addAccount({ label: 'second' })
    backup = join(cli.folder, 'nightly.backup')
    locked = join(cli.folder, 'locked.backup')
    phraseFile = join(cli.folder, 'passphrase')
    writeFileSync(phraseFile, `${PASSPHRASE}\n`)
  })
  afterAll(async () => {
    cli.close()
    await gateway.close()
  })

  let places = 0
  /** Another machine: a data folder of its own, with the master key where it is wanted. */
  function elsewhere({ withKey }: { withKey: boolean }): { DATA_DIR: string } {
    places += 1
    const folder = join(cli.folder, `elsewhere-${places}`)
    mkdirSync(folder, { mode: 0o700 })
    if (withKey) copyFileSync(join(gateway.dataDirectory, 'master.key'), join(folder, 'master.key'))
    return { DATA_DIR: folder }
  }
  it('are written beside a running gateway, for this user alone', async () => {
    const { exitCode, output, notes } = await cli.run(['backup', backup])
    expect([exitCode, notes]).toEqual([0, ''])
    expect(output).toMatch(
      /nightly\.backup: 2 accounts, \d+ bytes\. Restoring it takes master key [0-9a-f]{8}/,
    )
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(existsSync(`${backup}.part`)).toBe(false)
    expect(readdirSync(gateway.dataDirectory).filter((name) => name.includes('scratch'))).toEqual([])
  })

  it('tell nothing of what is in them', () => {
    const bytes = readFileSync(backup)
    expect(['SQLite format', 'second', 'accounts'].filter((word) => bytes.includes(word))).toEqual([])
  })

  it('take the place of no file unless that is said', async () => {
    const before = readFileSync(backup)
    const { exitCode, notes } = await cli.run(['backup', backup])
    expect([exitCode, notes]).toEqual([1, expect.stringContaining('say --overwrite')])
    expect(readFileSync(backup).equals(before)).toBe(true)
    expect(await cli.run(['backup', backup, '--overwrite', '--json'])).toMatchObject({ exitCode: 0 })
    expect(readFileSync(backup).equals(before)).toBe(false)
  })

  it.each(['data.sqlite3', 'master.key'])('take the place of no %s, whatever is said', async (name) => {
    const { DATA_DIR } = still()
    const before = contentsOf(DATA_DIR)
    const { exitCode, notes } = await cli.run(['backup', join(DATA_DIR, name), '--overwrite'], {
      environment: { DATA_DIR },
    })
    expect([exitCode, notes]).toEqual([1, expect.stringContaining('is no backup, so it is not replaced')])
    expect(contentsOf(DATA_DIR)).toEqual(before)
  })

  it('are looked through without being restored', async () => {
    const { output } = await cli.run(['backup', '--check', backup])
    expect(output).toMatch(/nightly\.backup is whole: made 20.* 2 accounts, needs master key [0-9a-f]{8}\./)
  })

  it('ask twice for a passphrase, which must be long enough', async () => {
    const words = ['backup', locked, '--passphrase']
    expect((await cli.run(words)).exitCode).toBe(64)
    expect((await cli.run(words, { answers: ['short', 'short'] })).notes).toContain('12 to 1000 characters')
    expect((await cli.run(words, { answers: [PASSPHRASE, 'another one'] })).notes).toContain('not the same')
    expect(existsSync(locked)).toBe(false)
    const { exitCode, output } = await cli.run(words, { answers: [PASSPHRASE, PASSPHRASE] })
    expect([exitCode, output]).toEqual([0, expect.stringContaining('all that opens it')])
  })

  it('as a plain copy bring what is only in their -wal, or are refused', async () => {
    const source = elsewhere({ withKey: true })
    const path = join(source.DATA_DIR, 'data.sqlite3')
    copySqlite(join(gateway.dataDirectory, 'data.sqlite3'), path)
    const busy = new BetterSqlite3(path)
    busy.pragma('journal_mode = WAL')
    busy.exec("update accounts set label = 'last written'")
    const killed = join(cli.folder, 'killed.sqlite3')
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, killed + suffix)
    busy.close()
    const environment = elsewhere({ withKey: true })
    expect((await cli.run(['restore', killed], { environment })).exitCode).toBe(0)
    const { rows } = await readAccounts(environment.DATA_DIR)
    expect(rows.map(({ label }) => label)).toEqual(['last written', 'last written'])
    writeFileSync(`${killed}-journal`, 'half of a change')
    const { exitCode, notes } = await cli.run(['restore', killed, '--replace'], { environment })
    expect([exitCode, notes]).toEqual([1, expect.stringContaining('left in the middle of a change')])
  })

  it('that were cut off while they took their place are not mistaken for a new gateway', async () => {
    const environment = elsewhere({ withKey: true })
    const path = join(environment.DATA_DIR, 'data.sqlite3')
    // As a kill between the two renamings leaves it.
    copySqlite(join(gateway.dataDirectory, 'data.sqlite3'), `${path}.restoring`)
    const { exitCode, notes } = await cli.run('keys create laptop', { environment })
    expect([exitCode, notes]).toEqual([78, expect.stringContaining('restore it once more')])
    expect((await cli.run(['restore', backup], { environment })).exitCode).toBe(0)
    expect(readdirSync(environment.DATA_DIR).toSorted()).toEqual(['data.sqlite3', 'master.key'])
  })

  /** The gateway's data as of this moment, with no gateway that goes on refreshing tokens in it. */
  function still(): { DATA_DIR: string } {
    const place = elsewhere({ withKey: true })
    copySqlite(join(gateway.dataDirectory, 'data.sqlite3'), join(place.DATA_DIR, 'data.sqlite3'))
    return place
  }

  it('R45: come back on another machine with the master key, every account and secret as it was', async () => {
    const from = still()
    const file = join(cli.folder, 'still.backup')
    await cli.run(['backup', file], { environment: from })
    const environment = elsewhere({ withKey: true })
    const { exitCode, output } = await cli.run(['restore', file], { environment })
    expect([exitCode, output]).toEqual([0, expect.stringContaining('2 accounts')])
    expect(statSync(join(environment.DATA_DIR, 'data.sqlite3')).mode & 0o777).toBe(0o600)
    const restored = await readAccounts(environment.DATA_DIR)
    expect(restored.credentials.map((each) => each?.refreshToken)).toEqual([
      expect.any(String),
      expect.any(String),
    ])
    expect(restored).toEqual(await readAccounts(from.DATA_DIR))
  })

  it('R45: come back where there is nothing but the file and the passphrase', async () => {
    const from = still()
    const file = join(cli.folder, 'moved.backup')
    await cli.run(['backup', file, '--passphrase-file', phraseFile], { environment: from })
    const environment = elsewhere({ withKey: false })
    const words = ['restore', file, '--passphrase-file', phraseFile]
    const { exitCode, output } = await cli.run(words, { environment })
    expect([exitCode, output]).toEqual([0, expect.stringContaining('The master key was written')])
    expect(statSync(join(environment.DATA_DIR, 'master.key')).mode & 0o777).toBe(0o600)
    expect(await readAccounts(environment.DATA_DIR)).toEqual(await readAccounts(from.DATA_DIR))
  })

  it('are not restored under a gateway that runs', async () => {
    const { exitCode, notes } = await cli.run(['restore', backup, '--replace'])
    expect([exitCode, notes]).toEqual([1, expect.stringContaining('stop it first. Nothing was changed.')])
    const { notes: without } = await cli.run(['restore', backup])
    expect(without).toContain('Say --replace')
  })

  it.each(['damaged', 'empty', 'whole'])(
    'take the place of a database that is %s, which is kept',
    async (how) => {
      const environment = elsewhere({ withKey: true })
      await cli.run(['restore', backup], { environment })
      const path = join(environment.DATA_DIR, 'data.sqlite3')
      if (how === 'damaged') writeFileSync(path, 'no database at all')
      if (how === 'empty') truncateSync(path, 0)
      const before = readFileSync(path)
      const { exitCode, json } = await cli.run(['restore', backup, '--replace', '--json'], { environment })
      expect(exitCode).toBe(0)
      expect(json()).toMatchObject({
        accounts: 2,
        keptAside: expect.stringMatching(/data\.sqlite3\.replaced-2/),
      })
      const kept = readdirSync(environment.DATA_DIR).find((name) => name.includes('replaced'))
      expect(readFileSync(join(environment.DATA_DIR, kept ?? '')).equals(before)).toBe(true)
      expect((await readAccounts(environment.DATA_DIR)).rows).toHaveLength(2)
    },
  )

  it.each<[string, (file: string) => void, RegExp]>([
    ['a bit in the head', flip(0.02), /cannot be used/],
    ['a bit in the middle', flip(0.5), /damaged or cut off/],
    ['a bit at the end', flip(0.9999), /damaged or cut off/],
    ['a byte too little', (file) => truncateSync(file, statSync(file).size - 1), /damaged or cut off/],
    [
      'half of it gone',
      (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
      /damaged or cut off/,
    ],
    ['a byte too much', (file) => writeFileSync(file, 'x', { flag: 'a' }), /damaged or cut off/],
    ['nothing in it', (file) => truncateSync(file, 0), /is no backup of Aqueduct/],
    ['other contents', (file) => writeFileSync(file, 'hello'.repeat(1000)), /is no backup of Aqueduct/],
    ['nothing at its name', (file) => rmSync(file), /cannot be read \(ENOENT\)/],
  ])('are refused with %s, and the data folder stays as it is', async (_, damage, reason) => {
    const environment = elsewhere({ withKey: true })
    const file = join(cli.folder, 'broken.backup')
    copyFileSync(backup, file)
    damage(file)
    const before = contentsOf(environment.DATA_DIR)
    for (const words of [
      ['restore', file],
      ['backup', '--check', file],
    ]) {
      const { exitCode, notes } = await cli.run(words, { environment })
      expect([exitCode, notes]).toEqual([1, expect.stringMatching(reason)])
    }
    expect(contentsOf(environment.DATA_DIR)).toEqual(before)
  })

  it.each([
    ['no master key', undefined, /master key [0-9a-f]{8} is needed, and there is none here/],
    ['another master key', 'ab12cd34'.repeat(8), /is here: set MASTER_KEY_PREVIOUS/],
  ])('need their master key: %s', async (_, key, reason) => {
    const environment = elsewhere({ withKey: false })
    if (key !== undefined) writeFileSync(join(environment.DATA_DIR, 'master.key'), key, { mode: 0o600 })
    const before = contentsOf(environment.DATA_DIR)
    const { exitCode, notes } = await cli.run(['restore', backup], { environment })
    expect([exitCode, notes]).toEqual([1, expect.stringMatching(reason)])
    expect(contentsOf(environment.DATA_DIR)).toEqual(before)
  })

  it('put their master key over no other one', async () => {
    const environment = elsewhere({ withKey: false })
    const key = '0123456789abcdef'.repeat(4)
    writeFileSync(join(environment.DATA_DIR, 'master.key'), key, { mode: 0o600 })
    const before = contentsOf(environment.DATA_DIR)
    const { exitCode, notes } = await cli.run(['restore', locked, '--passphrase-file', phraseFile], {
      environment,
    })
    expect([exitCode, notes]).toEqual([1, expect.stringMatching(/Another master key .* Nothing was changed/)])
    expect(contentsOf(environment.DATA_DIR)).toEqual(before)
  })

  it('open with the right passphrase alone', async () => {
    const { notes } = await cli.run(['backup', '--check', locked], { answers: ['not the passphrase'] })
    expect(notes).toContain('it is locked by something else')
  })

  it('may be a plain copy, as it is kept before an update', async () => {
    const environment = elsewhere({ withKey: true })
    const copy = join(cli.folder, 'before-update.sqlite3')
    const sqlite = new BetterSqlite3(join(gateway.dataDirectory, 'data.sqlite3'))
    sqlite.prepare('vacuum into ?').run(copy)
    sqlite.close()
    expect((await cli.run(['restore', copy], { environment })).output).toContain('a plain copy, 2 accounts')
  })

  it('of a newer version are refused', async () => {
    const newer = elsewhere({ withKey: true })
    await cli.run(['restore', backup], { environment: newer })
    const path = join(newer.DATA_DIR, 'data.sqlite3')
    const sqlite = new BetterSqlite3(path)
    sqlite.exec(`insert into kysely_migration values ('9999-later', '2030-01-01')`)
    sqlite.close()
    const environment = elsewhere({ withKey: true })
    const before = contentsOf(environment.DATA_DIR)
    const { exitCode, notes } = await cli.run(['restore', path], { environment })
    expect([exitCode, notes]).toEqual([1, expect.stringContaining('written by a newer version of Aqueduct')])
    expect(contentsOf(environment.DATA_DIR)).toEqual(before)
  })

  it.each(['backup x', 'restore x'])('%s leaves PostgreSQL to its own tools', async (words) => {
    const environment = { DATABASE_URL: 'postgres://user:secret@127.0.0.1/db' }
    const { exitCode, notes } = await cli.run(words, { environment })
    expect([exitCode, notes]).toEqual([78, expect.stringMatching(/pg_dump.*master key/)])
    expect(notes).not.toContain('secret')
  })

  it.each(['backup', 'restore'])('%s --help shows examples', async (name) => {
    const { output } = await cli.run(`${name} --help`)
    expect(output).toContain('EXAMPLES')
    expect(output).toContain(`aqueduct ${name} `)
  })
})

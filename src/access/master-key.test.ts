import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '../start-error.ts'
import { openDatabase, type Database } from '../storage/database.ts'
import { createSecretCheckStore } from '../storage/settings.ts'
import { openSecrets } from './master-key.ts'

const place = { table: 'accounts', row: 'a', column: 'clientSecret' }

describe('openSecrets', () => {
  let dataDirectory = ''
  let keyPath = ''
  let database: Database
  beforeEach(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'aqueduct-key-'))
    keyPath = join(dataDirectory, 'master.key')
    database = await openDatabase({ path: join(dataDirectory, 'data.sqlite3') })
  })
  afterEach(async () => {
    await database.destroy()
    rmSync(dataDirectory, { recursive: true, force: true })
  })
  const start = () => openSecrets({ dataDirectory, checks: createSecretCheckStore(database), randomBytes })

  it('makes a key on the first start, in a file for this user alone, and leaves nothing else behind', async () => {
    await start()
    expect(readFileSync(keyPath, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    expect(statSync(keyPath).mode & 0o777).toBe(0o600)
    expect(readdirSync(dataDirectory).filter((name) => name.startsWith('master.key'))).toEqual(['master.key'])
  })

  it('opens on the next start what was sealed before', async () => {
    const sealed = (await start()).seal('x', place)
    expect((await start()).open(sealed, place)).toBe('x')
  })

  it('agrees with another process that starts at the same moment', async () => {
    const [one, two] = await Promise.all([start(), start()])
    expect(one.open(two.seal('x', place), place)).toBe('x')
  })

  it('refuses a wrong key at the start, naming both, and changes nothing', async () => {
    const { keyId } = await start()
    writeFileSync(keyPath, `${'ab'.repeat(32)}\n`, { mode: 0o600 })
    const before = await createSecretCheckStore(database).read()
    await expect(start()).rejects.toThrow(StartError)
    await expect(start()).rejects.toThrow(`is not the key of this database (key ${keyId})`)
    expect(await createSecretCheckStore(database).read()).toBe(before)
    expect(readFileSync(keyPath, 'utf8')).toBe(`${'ab'.repeat(32)}\n`)
  })

  it('never makes a new key where secrets of a lost one are stored', async () => {
    await start()
    renameSync(keyPath, `${keyPath}.lost`)
    await expect(start()).rejects.toThrow(
      `${keyPath} is missing, and the database holds secrets sealed with it: restore the file.`,
    )
    expect(existsSync(keyPath)).toBe(false)
  })

  it.each([0o640, 0o604, 0o644])('refuses a key file of mode %o and does not repair it', async (mode) => {
    await start()
    chmodSync(keyPath, mode)
    await expect(start()).rejects.toThrow(/can be read by others: .+ chmod 600/)
    expect(statSync(keyPath).mode & 0o777).toBe(mode)
  })

  it.each(['', 'abcd', 'x'.repeat(64), 'ab'.repeat(33)])(
    'refuses a key file that holds "%s"',
    async (text) => {
      writeFileSync(keyPath, text, { mode: 0o600 })
      await expect(start()).rejects.toThrow(/does not hold a master key/)
      expect(await createSecretCheckStore(database).read()).toBeUndefined()
    },
  )

  it('refuses a symbolic link', async () => {
    writeFileSync(join(dataDirectory, 'elsewhere'), 'ab'.repeat(32), { mode: 0o600 })
    symlinkSync(join(dataDirectory, 'elsewhere'), keyPath)
    await expect(start()).rejects.toThrow(/symbolic link/)
  })

  it('says so when the folder cannot be written', async () => {
    await expect(
      openSecrets({
        dataDirectory: join(dataDirectory, 'missing'),
        checks: createSecretCheckStore(database),
        randomBytes,
      }),
    ).rejects.toThrow(/master\.key cannot be created: make its folder writable/)
  })
})

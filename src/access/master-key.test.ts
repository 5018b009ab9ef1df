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
import { createDataKeyStore } from '../storage/data-keys.ts'
import { createSecretCheckStore } from '../storage/settings.ts'
import { wrapperOf } from './data-keys.ts'
import { openSecrets } from './master-key.ts'

const place = { table: 'accounts', row: 'a', column: 'clientSecret' }

const notAKey = (source: string) =>
  `${source} does not hold a master key: 64 hexadecimal digits, or base64 of 32 bytes (openssl rand -hex 32).`

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
  type Given = { masterKey?: string; masterKeyFile?: string; masterKeyPrevious?: string }
  async function start(given: Given = {}) {
    const checks = createSecretCheckStore(database)
    const dataKeys = createDataKeyStore(database)
    const { secrets } = await openSecrets({ dataDirectory, checks, dataKeys, randomBytes, ...given })
    return secrets
  }

  const stored = () => createDataKeyStore(database).read()
  const wantedKey = async () => wrapperOf(await stored()) ?? 'none'
  const keyFile = (text: string, mode: number) => {
    const path = join(dataDirectory, 'given')
    writeFileSync(path, text, { mode })
    return path
  }

  it('S24: makes a key on the first start, in a file for this user alone, and leaves nothing else behind', async () => {
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

  it('S21: refuses a wrong key at the start, naming both, and changes nothing', async () => {
    await start()
    const keyId = await wantedKey()
    writeFileSync(keyPath, `${'ab'.repeat(32)}\n`, { mode: 0o600 })
    const before = await stored()
    await expect(start()).rejects.toThrow(StartError)
    await expect(start()).rejects.toThrow(`is not the key of this database (key ${keyId})`)
    expect(await stored()).toEqual(before)
    expect(readFileSync(keyPath, 'utf8')).toBe(`${'ab'.repeat(32)}\n`)
  })

  it('never makes a new key where secrets of a lost one are stored', async () => {
    await start()
    const keyId = await wantedKey()
    renameSync(keyPath, `${keyPath}.lost`)
    await expect(start()).rejects.toThrow(
      `${keyPath} is missing, and the database holds secrets sealed with it (key ${keyId}): restore the file, or set MASTER_KEY or MASTER_KEY_FILE.`,
    )
    expect(existsSync(keyPath)).toBe(false)
  })

  it.each([0o640, 0o604, 0o644])(
    'S24: refuses a key file of mode %o and does not repair it',
    async (mode) => {
      await start()
      chmodSync(keyPath, mode)
      await expect(start()).rejects.toThrow(/can be read by others: .+ chmod 600/)
      expect(statSync(keyPath).mode & 0o777).toBe(mode)
    },
  )

  it.each(['', 'abcd', 'x'.repeat(64), 'ab'.repeat(33)])(
    'S18: refuses a key file that holds "%s"',
    async (text) => {
      writeFileSync(keyPath, text, { mode: 0o600 })
      await expect(start()).rejects.toThrow(/does not hold a master key/)
      expect(await stored()).toEqual([])
    },
  )

  it('S24: refuses a symbolic link', async () => {
    writeFileSync(join(dataDirectory, 'elsewhere'), 'ab'.repeat(32), { mode: 0o600 })
    symlinkSync(join(dataDirectory, 'elsewhere'), keyPath)
    await expect(start()).rejects.toThrow(/symbolic link/)
  })

  it('says so when the folder cannot be written', async () => {
    await expect(
      openSecrets({
        dataDirectory: join(dataDirectory, 'missing'),
        checks: createSecretCheckStore(database),
        dataKeys: createDataKeyStore(database),
        randomBytes,
      }),
    ).rejects.toThrow(/master\.key cannot be created: make its folder writable/)
  })

  describe('with a key from the environment', () => {
    const key = randomBytes(32)
    const hex = key.toString('hex')

    it.each([
      ['64 hexadecimal digits', hex],
      ['capital ones', hex.toUpperCase()],
      ['base64', key.toString('base64')],
      ['base64url', key.toString('base64url')],
      ['blanks around it', ` ${hex}\n`],
    ])('takes %s, and makes no file', async (_, text) => {
      const sealed = (await start({ masterKey: text })).seal('x', place)
      expect((await start({ masterKeyFile: keyFile(text, 0o600) })).open(sealed, place)).toBe('x')
      expect(existsSync(keyPath)).toBe(false)
    })

    it('S21: takes a file as Docker and Kubernetes mount it: readable by all, behind a symbolic link', async () => {
      const link = join(dataDirectory, 'link')
      symlinkSync(keyFile(`${hex}\n`, 0o444), link)
      expect((await start({ masterKeyFile: link })).keyId).toBe((await start({ masterKey: hex })).keyId)
    })

    it.each([
      ['nothing', ''],
      ['a word', 'random_string'],
      ['31 bytes', hex.slice(2)],
      ['33 bytes', `${hex}00`],
      ['base64 of 31 bytes', key.subarray(1).toString('base64')],
    ])('refuses %s without repeating it', async (_, text) => {
      const masterKeyFile = keyFile(text, 0o600)
      await expect(start({ masterKey: text })).rejects.toThrow(notAKey('MASTER_KEY'))
      await expect(start({ masterKeyFile })).rejects.toThrow(notAKey(`MASTER_KEY_FILE ${masterKeyFile}`))
      expect(await stored()).toEqual([])
      expect(existsSync(keyPath)).toBe(false)
    })

    it.each(['00'.repeat(32), '0123456789abcdef'.slice(0, 8).repeat(8)])(
      'refuses the placeholder %s',
      async (text) => {
        await expect(start({ masterKey: text })).rejects.toThrow('MASTER_KEY is not random')
      },
    )

    it('never makes a key where a file was promised', async () => {
      const masterKeyFile = join(dataDirectory, 'missing')
      await expect(start({ masterKeyFile })).rejects.toThrow(
        `MASTER_KEY_FILE ${masterKeyFile} cannot be read: ENOENT.`,
      )
      expect(await stored()).toEqual([])
      expect(existsSync(keyPath)).toBe(false)
    })

    it('refuses to choose between two variables', async () => {
      await expect(start({ masterKey: hex, masterKeyFile: keyFile(hex, 0o600) })).rejects.toThrow(
        'MASTER_KEY and MASTER_KEY_FILE are both set: keep one of them.',
      )
    })

    it('refuses another key than that of the database, and says which one is wanted', async () => {
      await start({ masterKey: hex })
      const keyId = await wantedKey()
      const before = await stored()
      const other = randomBytes(32).toString('hex')
      await expect(start({ masterKey: other })).rejects.toThrow(StartError)
      await expect(start({ masterKey: other })).rejects.toThrow(
        `is not the key of this database (key ${keyId})`,
      )
      await expect(start()).rejects.toThrow(`sealed with it (key ${keyId})`)
      expect(await stored()).toEqual(before)
      expect(existsSync(keyPath)).toBe(false)
    })

    it('refuses a key beside a file that holds another one, and takes it beside the same', async () => {
      await start()
      const keyId = await wantedKey()
      const { masterKey, differs } = {
        masterKey: hex,
        differs: `(key ${keyId}) differ: take one of them away`,
      }
      await expect(start({ masterKey })).rejects.toThrow(differs)
      await expect(start({ masterKey })).rejects.toThrow(`the database wants key ${keyId}`)
      await start({ masterKey: readFileSync(keyPath, 'utf8') })
      expect(await wantedKey()).toBe(keyId)
    })
  })
})

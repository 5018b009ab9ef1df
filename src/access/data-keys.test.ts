import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDataKeyStore } from '../storage/data-keys.ts'
import { openDatabase, type Database } from '../storage/database.ts'
import { createSecretCheckStore } from '../storage/settings.ts'
import { wrapperOf, type DataKeyStore } from './data-keys.ts'
import { openSecrets } from './master-key.ts'
import { createSecrets } from './secrets.ts'

const place = { table: 'accounts', row: 'a', column: 'clientSecret' }
const newKey = () => randomBytes(32).toString('hex')

let dataDirectory = ''
let keyPath = ''
let database: Database
beforeEach(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'aqueduct-data-keys-'))
  keyPath = join(dataDirectory, 'master.key')
  database = await openDatabase({ path: join(dataDirectory, 'data.sqlite3') })
})
afterEach(async () => {
  await database.destroy()
  rmSync(dataDirectory, { recursive: true, force: true })
})

interface Given {
  masterKey?: string
  masterKeyFile?: string
  masterKeyPrevious?: string
  dataKeys?: DataKeyStore
}
const start = (given: Given = {}) =>
  openSecrets({
    dataDirectory,
    checks: createSecretCheckStore(database),
    dataKeys: createDataKeyStore(database),
    randomBytes,
    ...given,
  })
const stored = () => createDataKeyStore(database).read()

describe('data keys', () => {
  it('S22: seal with a new key after a rotation, while what the old one sealed still opens', async () => {
    const { secrets, rotate } = await start()
    const before = secrets.seal('x', place)
    await rotate()
    const after = secrets.seal('x', place)
    expect(before.split(':')[1]).not.toBe(after.split(':')[1])
    expect([before, after].map((sealed) => secrets.open(sealed, place))).toEqual(['x', 'x'])
    const restarted = await start()
    expect([before, after].map((sealed) => restarted.secrets.open(sealed, place))).toEqual(['x', 'x'])
    expect(restarted.secrets.currentSeal).toBe(secrets.currentSeal)
  })

  it('S22: of another process are learned when they are met', async () => {
    const one = await start()
    const two = await start()
    await one.rotate()
    const sealed = one.secrets.seal('x', place)
    expect(() => two.secrets.open(sealed, place)).toThrow('a data key that is not known')
    await two.secrets.learn([null, sealed])
    expect(two.secrets.open(sealed, place)).toBe('x')
    expect(two.secrets.currentSeal).toBe(one.secrets.currentSeal)
  })

  it('S22: are counted, and worn out long before the bound of the cipher', async () => {
    const { secrets, countUses, reload, isWornOut } = await start()
    secrets.seal('x', place)
    secrets.seal('y', place)
    await countUses()
    expect((await stored()).at(-1)?.encryptions).toBe(2)
    await database
      .updateTable('data_keys')
      .set({ encryptions: 2 ** 30 - 1 })
      .execute()
    await reload()
    expect(isWornOut()).toBe(false)
    secrets.seal('z', place)
    await countUses()
    await reload()
    expect(isWornOut()).toBe(true)
  })

  it('are rotated once when two processes want it at the same moment', async () => {
    const one = await start()
    const two = await start()
    const [first, second] = await Promise.all([one.rotate(), two.rotate()])
    expect(first).toBe(second)
    expect(await stored()).toHaveLength(3)
  })

  it('S21: take over a database from before there were any, with its values and its hashes', async () => {
    const masterKey = randomBytes(32)
    const old = createSecrets({ masterKey, randomBytes })
    const check = old.seal('aqueduct', { table: 'settings', row: 'secret-check', column: 'value' })
    await database.insertInto('settings').values({ name: 'secret-check', value: check }).execute()
    await expect(start({ masterKey: newKey() })).rejects.toThrow(
      `is not the key of this database (key ${old.keyId})`,
    )
    expect(await stored()).toEqual([])
    const { secrets, forgetOldRows } = await start({ masterKey: masterKey.toString('hex') })
    expect(secrets.open(old.seal('x', place), place)).toBe('x')
    expect(secrets.fingerprint('x')).toBe(old.fingerprint('x'))
    expect(secrets.deriveKey('p')).toEqual(old.deriveKey('p'))
    expect([secrets.knowsOldRows, secrets.seal('x', place).slice(0, 4)]).toEqual([true, 'aq2:'])
    await forgetOldRows()
    expect(secrets.knowsOldRows).toBe(false)
    expect((await start({ masterKey: masterKey.toString('hex') })).secrets.knowsOldRows).toBe(false)
  })

  it('S19: do not open when they were swapped', async () => {
    const { rotate } = await start()
    await rotate()
    const [, first, second] = await stored()
    if (first === undefined || second === undefined) throw new Error('There are two.')
    await swap(first.id, second.wrapped)
    await swap(second.id, first.wrapped)
    await expect(start()).rejects.toThrow('The data keys of the database are damaged')
  })
})

describe('the master key', () => {
  it('S22: is rotated by wrapping the data keys anew, and nothing else', async () => {
    const { secrets, rotateMaster } = await start()
    const sealed = secrets.seal('x', place)
    const before = await stored()
    const file = readFileSync(keyPath, 'utf8')
    const id = await rotateMaster()
    const after = await stored()
    expect(wrapperOf(after)).toBe(id)
    expect(wrapperOf(before)).not.toBe(id)
    expect(after.map((key) => key.id)).toEqual(before.map((key) => key.id))
    expect(readFileSync(keyPath, 'utf8')).not.toContain(file.trim())
    expect(readFileSync(keyPath, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    expect(statSync(keyPath).mode & 0o777).toBe(0o600)
    const restarted = await start()
    expect(restarted.secrets.open(sealed, place)).toBe('x')
    expect(restarted.secrets.fingerprint('x')).toBe(secrets.fingerprint('x'))
  })

  it('S22: that another process has rotated is found in the file when a new data key needs it', async () => {
    const one = await start()
    const two = await start()
    await one.rotateMaster()
    await one.rotate()
    const sealed = one.secrets.seal('x', place)
    await two.secrets.learn([sealed])
    expect(two.secrets.open(sealed, place)).toBe('x')
    await two.rotateMaster()
    await two.rotate()
    expect((await start()).secrets.open(two.secrets.seal('y', place), place)).toBe('y')
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'S22: opens everything after a rotation that was cut off at step %i of 8',
    async (step) => {
      const sealed = (await start()).secrets.seal('x', place)
      const cutOff = await start({ dataKeys: cutOffAt(step, createDataKeyStore(database)) })
      await expect(cutOff.rotateMaster()).rejects.toThrow('killed')
      const restarted = await start()
      expect(restarted.secrets.open(sealed, place)).toBe('x')
      expect(readFileSync(keyPath, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
      expect(readdirSync(dataDirectory).filter((name) => name.startsWith('master'))).toEqual(['master.key'])
      await restarted.rotateMaster()
      expect((await start()).secrets.open(sealed, place)).toBe('x')
    },
  )

  it('of MASTER_KEY gives way to another one at a start that knows both', async () => {
    const [old, next] = [newKey(), newKey()]
    const running = await start({ masterKey: old })
    const sealed = running.secrets.seal('x', place)
    await expect(running.rotateMaster()).rejects.toThrow(/in MASTER_KEY_PREVIOUS/)
    await expect(start({ masterKey: next })).rejects.toThrow(/set MASTER_KEY_PREVIOUS/)
    await start({ masterKey: next, masterKeyPrevious: old })
    expect((await start({ masterKey: next })).secrets.open(sealed, place)).toBe('x')
    await expect(start({ masterKey: old })).rejects.toThrow('is not the key of this database')
    // A process that still has the old one goes on with the data keys that it knows.
    expect(running.secrets.open(running.secrets.seal('y', place), place)).toBe('y')
    expect(await running.rotate()).toBeUndefined()
  })

  it('of MASTER_KEY_FILE is rotated when another one was put there', async () => {
    const masterKeyFile = join(dataDirectory, 'given')
    writeFileSync(masterKeyFile, newKey())
    const { secrets, rotateMaster } = await start({ masterKeyFile })
    const sealed = secrets.seal('x', place)
    await expect(rotateMaster()).rejects.toThrow(/still holds the key in use/)
    writeFileSync(masterKeyFile, newKey())
    await rotateMaster()
    expect((await start({ masterKeyFile })).secrets.open(sealed, place)).toBe('x')
  })

  it('of a backup is opened by MASTER_KEY_PREVIOUS, and the file has the word from then on', async () => {
    const { secrets } = await start()
    const sealed = secrets.seal('x', place)
    const masterKeyPrevious = readFileSync(keyPath, 'utf8')
    writeFileSync(keyPath, `${newKey()}\n`)
    await start({ masterKeyPrevious })
    expect((await start()).secrets.open(sealed, place)).toBe('x')
  })
})

function swap(id: string, wrapped: string) {
  return database.updateTable('data_keys').set({ wrapped }).where('id', '=', id).execute()
}

/** Fails at one of the moments at which a process may die: around each change, and inside before and after its work. */
function cutOffAt(last: number, store: DataKeyStore): DataKeyStore {
  let step = 0
  function live(): void {
    if (step === last) throw new Error('killed')
    step += 1
  }
  return {
    ...store,
    async change(work) {
      live()
      const result = await store.change(async (change) => {
        live()
        const done = await work(change)
        live()
        return done
      })
      live()
      return result
    },
  }
}

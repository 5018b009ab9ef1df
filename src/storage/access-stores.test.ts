import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from './database.ts'
import { createAttemptStore } from './password-attempts.ts'
import { createLocalModeStore, createSecretCheckStore } from './settings.ts'

let directory = ''
let database: Database
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'aqueduct-access-'))
  database = await openDatabase({ path: join(directory, 'data.sqlite3') })
})
afterEach(async () => {
  await database.destroy()
  rmSync(directory, { recursive: true, force: true })
})

describe('the store of password attempts', () => {
  const at = Date.parse('2026-11-22T10:00:00.123Z')

  it('gives back what was written last', async () => {
    const store = createAttemptStore(database)
    expect(await store.read('a')).toBeUndefined()
    const first = { failures: 1, lastFailureAt: at, lastSuccessAt: undefined }
    await store.write('a', first)
    expect(await store.read('a')).toEqual(first)
    const second = { failures: 99.5, lastFailureAt: at + 1, lastSuccessAt: at }
    await store.write('a', second)
    expect(await store.read('a')).toEqual(second)
    expect(await store.read('b')).toBeUndefined()
  })

  it('forgets what is old, and keeps whom it trusts', async () => {
    const store = createAttemptStore(database)
    const old = { failures: 1, lastFailureAt: at - 2, lastSuccessAt: undefined }
    await store.write('old', old)
    await store.write('old success', { ...old, lastSuccessAt: at - 1 })
    await store.write('trusted', { ...old, lastSuccessAt: at })
    await store.write('recent', { ...old, lastFailureAt: at })
    await store.prune(at)
    const names = ['old', 'old success', 'trusted', 'recent']
    const kept = await Promise.all(
      names.map(async (name) => ((await store.read(name)) === undefined ? [] : name)),
    )
    expect(kept.flat()).toEqual(['trusted', 'recent'])
  })
})

describe('the store of the end of local mode', () => {
  const end = { at: '2026-11-22T10:00:00.000Z', method: 'GET', path: '/x', header: 'via', peer: '127.0.0.1' }

  it('keeps the first end until it is cleared, and leaves other settings alone', async () => {
    const store = createLocalModeStore(database)
    await database.insertInto('settings').values({ name: 'secret-check', value: 'kept' }).execute()
    expect(await store.read()).toBeUndefined()
    await store.insert({ ...end, value: 'a.example' })
    await store.insert(end)
    expect(await store.read()).toEqual({ ...end, value: 'a.example' })
    await store.clear()
    expect(await store.read()).toBeUndefined()
    expect(await createSecretCheckStore(database).read()).toBe('kept')
  })
})

/** What every database must do for client keys. Each database's test calls this with a way to open an empty one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sampleKey } from '../keys/sample-key.ts'
import type { Happening } from '../events/event.ts'
import type { ClientKeyStore, KeyChange } from '../keys/client-key-store.ts'
import type { ClientKey } from '../keys/client-key.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createClientKeyStore } from './client-keys.ts'

const created: Happening = { kind: 'key-created', actor: { kind: 'gateway' } }
const at = (text: string) => new Date(`2026-11-22T${text}Z`)

const put = (key: ClientKey): KeyChange => ({ after: key, happening: undefined })

export function clientKeyStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`client key store on ${name}`, () => {
    let opened: TestDatabase
    let store: ClientKeyStore
    let recorded: Happening[]
    let isBroken: boolean
    const insert = (key: ClientKey) => store.insert(key, created)
    beforeEach(async () => {
      opened = await openTestDatabase()
      recorded = []
      isBroken = false
      const append = async (_: unknown, happening: Happening) => {
        if (isBroken) throw new Error('cannot record')
        recorded.push(happening)
      }
      store = createClientKeyStore(opened.database, { append })
    })
    afterEach(() => opened.close())

    it('gives back what it was given, the oldest first', async () => {
      const plain = sampleKey('b')
      const full = sampleKey('a', {
        createdAt: at('11:00:00'),
        expiresAt: at('12:00:00'),
        models: ['m'],
        accountTags: ['blue'],
        addresses: ['192.0.2.0/24'],
        limits: {
          requestsPerMinute: 1,
          concurrentRequests: 2,
          tokensPerDay: 3,
          tokensPerMonth: 4_000_000_000,
          creditsPerDay: 0.5,
          creditsPerMonth: 6,
        },
      })
      await insert(full)
      await insert(plain)
      expect(await store.list()).toEqual([plain, full])
      expect([await store.find('a'), await store.find('nope')]).toEqual([full, undefined])
    })

    it('stores a change with its secrets, and counts it', async () => {
      const key = sampleKey('a')
      await insert(key)
      const revision = await store.readRevision()
      const [first] = sampleKey('a').secrets
      const second = { digest: 'second', prefix: 'qk_22222', createdAt: at('10:30:00') }
      const change = {
        name: 'renamed',
        revokedAt: at('13:00:00'),
        secrets: [...(first === undefined ? [] : [{ ...first, endsAt: at('11:00:00') }]), second],
      }
      const { expiresAt: _, ...rest } = key
      const after = { ...rest, ...change }
      expect(await store.update('a', () => put(after))).toEqual({ before: key, after })
      expect(await store.find('a')).toEqual(after)
      expect(await store.readRevision()).toBe(revision + 1)
    })

    it('stores nothing of a change that throws, nor of a key that is not there', async () => {
      const key = sampleKey('a')
      await insert(key)
      const revision = await store.readRevision()
      const updating = store.update('a', () => {
        throw new Error('no')
      })
      await expect(updating).rejects.toThrow('no')
      expect(await store.update('nope', put)).toBeUndefined()
      expect([await store.readRevision(), await store.find('a')]).toEqual([revision, key])
    })

    it('S60: stores nothing that cannot be recorded', async () => {
      const key = sampleKey('a')
      await insert(key)
      const revision = await store.readRevision()
      isBroken = true
      await expect(insert(sampleKey('b'))).rejects.toThrow('cannot record')
      const change = {
        after: { ...key, name: 'renamed' },
        happening: { ...created, kind: 'key-changed' } as const,
      }
      await expect(store.update('a', () => change)).rejects.toThrow('cannot record')
      expect([await store.list(), await store.readRevision()]).toEqual([[key], revision])
      isBroken = false
      await store.update('a', () => change)
      expect([(await store.find('a'))?.name, recorded]).toEqual(['renamed', [created, change.happening]])
    })

    it('takes no digest twice', async () => {
      await insert(sampleKey('a'))
      const [secret] = sampleKey('a').secrets
      const copy = sampleKey('b', { secrets: secret === undefined ? [] : [secret] })
      await expect(insert(copy)).rejects.toThrow(/unique|duplicate/i)
      expect((await store.list()).map(({ id }) => id)).toEqual(['a'])
    })

    it('keeps the latest use, whoever notes it, and counts no change for it', async () => {
      await insert(sampleKey('a'))
      const revision = await store.readRevision()
      await store.noteUses(
        new Map([
          ['a', at('10:05:00')],
          ['gone', at('10:05:00')],
        ]),
      )
      await store.noteUses(new Map([['a', at('10:04:00')]]))
      expect((await store.find('a'))?.lastUsedAt).toEqual(at('10:05:00'))
      await store.update('a', (key) => put({ ...key, name: 'renamed' }))
      expect(await store.find('a')).toMatchObject({ name: 'renamed', lastUsedAt: at('10:05:00') })
      expect(await store.readRevision()).toBe(revision + 1)
    })
  })
}

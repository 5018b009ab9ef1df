/** What every database must do for the operator's password, sessions and tokens. Each database's test calls this. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AttemptStore } from '../access/throttle.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createAdminTokenStore } from './admin-tokens.ts'
import { createSessionStore } from './operator-sessions.ts'
import { createAttemptStore } from './password-attempts.ts'
import { createPasswordStore } from './settings.ts'

const at = Date.parse('2026-11-22T10:00:00.123Z')
const happening = { kind: 'password-set', actor: { kind: 'operator' } } as const
const log = { append: async () => {} }
const digestOf = (digit: string) => digit.repeat(64)

/** One more failure of an address. */
const countIn = (store: AttemptStore) =>
  store.inTurn(async (rows) => {
    const failures = (await rows.read('a'))?.failures ?? 0
    await rows.write('a', { failures: failures + 1, lastFailureAt: at, lastSuccessAt: undefined })
  })

export function operatorStoresSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`what the operator needs on ${name}`, () => {
    let opened: TestDatabase
    beforeEach(async () => {
      opened = await openTestDatabase()
    })
    afterEach(() => opened.close())

    it('replaces the password that it is told to replace, and no other', async () => {
      const store = createPasswordStore(opened.database, log)
      const [first, second] = [
        { id: '1', hash: 'a' },
        { id: '2', hash: 'b' },
      ]
      expect(await store.read()).toBeUndefined()
      expect(await store.replace(first, second)).toBe(false)
      expect(await store.replace(undefined, first)).toBe(true)
      expect(await store.replace(undefined, second)).toBe(false)
      expect(await store.read()).toEqual(first)
      expect(await store.replace(first, second)).toBe(true)
      expect(await store.replace(first, second)).toBe(false)
      expect(await store.read()).toEqual(second)
    })

    it('keeps sessions, until they are over', async () => {
      const store = createSessionStore(opened.database, log)
      const session = { digest: digestOf('a'), createdAt: at, lastSeenAt: at, proof: digestOf('b') }
      await store.insert(session, happening)
      await store.insert({ ...session, digest: digestOf('c'), createdAt: at - 2 }, happening)
      expect(await store.find(session.digest)).toEqual(session)
      expect(await store.find(digestOf('d'))).toBeUndefined()
      await store.touch(session.digest, at + 5)
      expect(await store.find(session.digest)).toEqual({ ...session, lastSeenAt: at + 5 })
      await store.prune({ createdBefore: at, seenBefore: at })
      expect(await store.find(digestOf('c'))).toBeUndefined()
      expect([await store.remove(session.digest), await store.remove(session.digest)]).toEqual([true, false])
      await store.insert(session, happening)
      await store.clear()
      expect(await store.find(session.digest)).toBeUndefined()
    })

    it('S60: begins and ends no session whose record cannot be written', async () => {
      const session = { digest: digestOf('a'), createdAt: at, lastSeenAt: at, proof: digestOf('b') }
      const full = { append: () => Promise.reject(new Error('disk full')) }
      await createSessionStore(opened.database, log).insert(session, happening)
      const store = createSessionStore(opened.database, full)
      await expect(store.insert({ ...session, digest: digestOf('c') }, happening)).rejects.toThrow(
        'disk full',
      )
      await expect(store.remove(session.digest, happening)).rejects.toThrow('disk full')
      expect(await store.find(session.digest)).toEqual(session)
      expect(await store.find(digestOf('c'))).toBeUndefined()
      // Nothing happens, so nothing is to be recorded.
      expect(await store.remove(digestOf('c'), happening)).toBe(false)
    })

    it.each([{ proof: '' }, { created_at: '' }, { last_seen_at: 'now' }, { proof: digestOf('B') }])(
      'S10: finds no session of a record with %j',
      async (damage) => {
        const store = createSessionStore(opened.database, log)
        const digest = digestOf('a')
        await store.insert({ digest, createdAt: at, lastSeenAt: at, proof: digestOf('b') }, happening)
        await opened.database.updateTable('operator_sessions').set(damage).execute()
        expect(await store.find(digest)).toBeUndefined()
      },
    )

    it('keeps tokens by their digests', async () => {
      const store = createAdminTokenStore(opened.database, log)
      const token = { id: 't', name: 'backup', scope: 'read' as const, createdAt: at, expiresAt: at + 1 }
      await store.insert(token, digestOf('a'), happening)
      await store.insert({ ...token, id: 'u', createdAt: at + 1 }, digestOf('b'), happening)
      expect(await store.findByDigest(digestOf('a'))).toEqual(token)
      await store.touch('t', at + 9)
      expect((await store.list()).map(({ id, lastUsedAt }) => [id, lastUsedAt])).toEqual([
        ['u', undefined],
        ['t', at + 9],
      ])
      await opened.database
        .updateTable('admin_tokens')
        .set({ scope: 'everything' })
        .where('id', '=', 'u')
        .execute()
      expect(await store.findByDigest(digestOf('b'))).toBeUndefined()
      const names: string[] = []
      const remove = () =>
        store.remove('t', (removed) => {
          names.push(removed)
          return happening
        })
      expect([await remove(), await remove(), names]).toEqual([true, false, ['backup']])
    })

    it('S60: stores no password and no token that cannot be recorded, and takes none away', async () => {
      const passwords = createPasswordStore(opened.database, log)
      const tokens = createAdminTokenStore(opened.database, log)
      const token = { id: 't', name: 'backup', scope: 'read' as const, createdAt: at, expiresAt: at + 1 }
      const [first, second] = [
        { id: '1', hash: 'a' },
        { id: '2', hash: 'b' },
      ]
      await passwords.replace(undefined, first)
      await tokens.insert(token, digestOf('a'), happening)
      const broken = { append: () => Promise.reject(new Error('cannot record')) }
      const [brokenPasswords, brokenTokens] = [
        createPasswordStore(opened.database, broken),
        createAdminTokenStore(opened.database, broken),
      ]
      for (const attempt of [
        () => brokenPasswords.replace(first, second, happening),
        () => brokenTokens.insert({ ...token, id: 'u' }, digestOf('b'), happening),
        () => brokenTokens.remove('t', () => happening),
      ]) {
        await expect(attempt()).rejects.toThrow('cannot record')
      }
      expect([await passwords.read(), await tokens.list()]).toEqual([first, [token]])
    })

    it('S12: lets one process at a time count wrong passwords', async () => {
      const [one, other] = [createAttemptStore(opened.database), createAttemptStore(opened.database)]
      await Promise.all(Array.from({ length: 20 }, (_, n) => countIn(n % 2 === 0 ? one : other)))
      expect((await one.read('a'))?.failures).toBe(20)
    })
  })
}

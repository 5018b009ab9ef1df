/** What every database must do for accounts. Each database's test calls this with a way to open an empty one. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountStore } from '../accounts/account-store.ts'
import type { Credentials } from '../accounts/account.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { createSecrets } from '../access/secrets.ts'
import { createAccountStore } from './accounts.ts'
import type { Database } from './database.ts'

const NOW = new Date('2026-11-22T10:00:00.123Z')
const LATER = new Date('2026-11-22T10:05:00.456Z')
const EXPIRY = new Date('2026-11-22T11:05:00.456Z')

export interface TestDatabase {
  database: Database
  close(): Promise<void>
}

const credentials: Credentials = {
  clientId: 'client-1',
  clientSecret: 'canary-client-secret',
  refreshToken: 'canary-refresh-token',
  accessToken: 'canary-access-token',
  expiresAt: NOW,
}

export function accountStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`account store on ${name}`, () => {
    const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
    let opened: TestDatabase
    let store: AccountStore
    beforeEach(async () => {
      opened = await openTestDatabase()
      store = createAccountStore(opened.database, secrets)
    })
    afterEach(() => opened.close())

    it('gives an account back as it was stored, with fingerprints in place of secrets', async () => {
      const full = sampleAccount('a', {
        label: 'first',
        other: { note: ['canary-other', null, 1] },
        enabled: false,
        profileArn: 'arn:aws:codewhisperer:us-east-1:1:profile/X',
        lastRefresh: { status: 'failed', at: LATER },
        strikes: 2.5,
        successes: 7,
      })
      await store.insert(full, credentials)
      expect(await store.find('a')).toEqual({
        ...full,
        expiresAt: NOW,
        fingerprints: {
          clientSecret: secrets.fingerprint('canary-client-secret'),
          refreshToken: secrets.fingerprint('canary-refresh-token'),
          accessToken: secrets.fingerprint('canary-access-token'),
        },
      })
      expect(await store.readCredentials('a')).toEqual({ ...credentials, version: 1 })
    })

    it('leaves out what an account does not have', async () => {
      const bare = { clientId: 'client-1', clientSecret: 's' }
      await store.insert(sampleAccount('a'), bare)
      expect(await store.find('a')).toEqual(
        sampleAccount('a', { fingerprints: { clientSecret: secrets.fingerprint('s') } }),
      )
      expect(await store.readCredentials('a')).toEqual({ ...bare, version: 1 })
    })

    it('keeps no secret in clear in any column', async () => {
      await store.insert(sampleAccount('a', { other: 'canary-other' }), credentials)
      const tokens = {
        accessToken: 'canary-new-access',
        refreshToken: 'canary-new-refresh',
        expiresAt: EXPIRY,
      }
      await store.saveTokens('a', 1, { tokens, at: LATER })
      const rows = await opened.database.selectFrom('accounts').selectAll().execute()
      expect(rows).toHaveLength(1)
      expect(JSON.stringify(rows)).not.toContain('canary')
    })

    it('knows nothing of ids that are not there', async () => {
      expect(await store.find('x')).toBeUndefined()
      expect(await store.readCredentials('x')).toBeUndefined()
      expect(await store.remove('x')).toBe(false)
    })

    it('refuses a second account of the same id', async () => {
      await store.insert(sampleAccount('a'), credentials)
      await expect(store.insert(sampleAccount('a'), credentials)).rejects.toThrow(/unique/i)
    })

    it('lists in order of creation, and no longer what was removed', async () => {
      await store.insert(sampleAccount('late', { createdAt: LATER }), credentials)
      await store.insert(sampleAccount('b'), credentials)
      await store.insert(sampleAccount('a'), credentials)
      expect((await store.list()).map(({ id }) => id)).toEqual(['a', 'b', 'late'])
      expect(await store.remove('b')).toBe(true)
      expect((await store.list()).map(({ id }) => id)).toEqual(['a', 'late'])
    })

    it('lists many, each once', async () => {
      const ids = Array.from({ length: 45 }, (_, index) => `id-${index + 10}`)
      for (const id of ids) await store.insert(sampleAccount(id), credentials)
      expect((await store.list()).map(({ id }) => id)).toEqual(ids)
    })

    it('saves refreshed tokens under a new version, and keeps the refresh token when none came', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const tokens = { accessToken: 'new', expiresAt: EXPIRY }
      expect(await store.saveTokens('a', 1, { tokens, at: LATER })).toBe(true)
      expect(await store.readCredentials('a')).toEqual({ ...credentials, ...tokens, version: 2 })
      expect(await store.find('a')).toMatchObject({
        lastRefresh: { status: 'success', at: LATER },
        updatedAt: LATER,
        expiresAt: EXPIRY,
      })
      expect(
        await store.saveTokens('a', 2, { tokens: { ...tokens, refreshToken: 'rotated' }, at: LATER }),
      ).toBe(true)
      expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'rotated', version: 3 })
    })

    it('does not overwrite what a concurrent writer saved', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const save = (accessToken: string) =>
        store.saveTokens('a', 1, { tokens: { accessToken, expiresAt: EXPIRY }, at: LATER })
      const won = await Promise.all([save('one'), save('two')])
      expect(won.toSorted()).toEqual([false, true])
      expect(await store.readCredentials('a')).toMatchObject({
        accessToken: won[0] ? 'one' : 'two',
        version: 2,
      })
    })

    it('notes a failed refresh, unless the credentials changed meanwhile', async () => {
      await store.insert(sampleAccount('a'), credentials)
      await store.saveRefreshFailure('a', 2, LATER)
      expect(await store.find('a')).toMatchObject({ lastRefresh: { status: 'never' } })
      await store.saveRefreshFailure('a', 1, LATER)
      expect(await store.find('a')).toMatchObject({ lastRefresh: { status: 'failed', at: LATER } })
      expect(await store.readCredentials('a')).toEqual({ ...credentials, version: 1 })
    })

    it('adds counters, starting strikes anew where told, and passes over accounts that are gone', async () => {
      await store.insert(sampleAccount('a', { strikes: 3, successes: 1 }), credentials)
      await store.insert(sampleAccount('b', { strikes: 3, successes: 1 }), credentials)
      await store.addCounters([
        { id: 'a', successes: 2, strikes: 0.5, strikesReset: false },
        { id: 'gone', successes: 1, strikes: 1, strikesReset: false },
        { id: 'b', successes: 1, strikes: 1, strikesReset: true },
      ])
      expect(await store.find('a')).toMatchObject({ strikes: 3.5, successes: 3 })
      expect(await store.find('b')).toMatchObject({ strikes: 1, successes: 2 })
    })

    it.each(['clientSecret', 'refreshToken', 'accessToken', 'other'] as const)(
      'takes one account out of use when its %s was swapped, and none of the others',
      async (column) => {
        await store.insert(sampleAccount('a', { other: 'one' }), credentials)
        await store.insert(sampleAccount('b', { other: 'two' }), credentials)
        const from = await opened.database
          .selectFrom('accounts')
          .select(column)
          .where('id', '=', 'b')
          .executeTakeFirstOrThrow()
        await opened.database.updateTable('accounts').set(from).where('id', '=', 'a').execute()
        expect((await store.list()).map(({ id, readable }) => [id, readable])).toEqual([
          ['a', false],
          ['b', true],
        ])
        const credentialsReadable = store.readCredentials('a').then(
          () => true,
          () => false,
        )
        expect(await credentialsReadable).toBe(column === 'other')
      },
    )
  })
}

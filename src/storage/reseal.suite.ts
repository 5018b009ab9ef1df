/** What every database must do for sealed values: notice that they were moved or set back, and have them sealed anew. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountStore } from '../accounts/account-store.ts'
import type { Account, Credentials } from '../accounts/account.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { openSecrets, type OpenSecrets } from '../access/master-key.ts'
import { createSecrets } from '../access/secrets.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createAccountStore } from './accounts.ts'
import { createDataKeyStore } from './data-keys.ts'
import { resealAll } from './reseal.ts'
import { createSecretCheckStore } from './settings.ts'

const masterKey = randomBytes(32)
const always = async () => true
const NOW = new Date('2026-11-22T10:00:00.000Z')
const columns = ['clientSecret', 'refreshToken', 'accessToken', 'other', 'proxyUrl', 'identity'] as const

const credentialsOf = (id: string): Credentials => ({
  clientId: 'client-1',
  clientSecret: `secret of ${id}`,
  refreshToken: `refresh token of ${id}`,
  accessToken: `access token of ${id}`,
})
const accountOf = (id: string): Account =>
  sampleAccount(id, {
    other: { note: id },
    proxyUrl: `http://${id}:password@127.0.0.1:3128`,
    identity: { userId: `user ${id}` },
  })

export function resealSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`sealed values on ${name}`, () => {
    let opened: TestDatabase
    let keys: OpenSecrets
    let store: AccountStore
    const open = () =>
      openSecrets({
        dataDirectory: '/nowhere',
        masterKey: masterKey.toString('hex'),
        checks: createSecretCheckStore(opened.database),
        dataKeys: createDataKeyStore(opened.database),
        randomBytes,
      })
    beforeEach(async () => {
      opened = await openTestDatabase()
      keys = await open()
      store = createAccountStore(opened.database, keys.secrets)
      for (const id of ['a', 'b']) await store.insert(accountOf(id), credentialsOf(id))
    })
    afterEach(() => opened.close())

    const rowOf = (id: string) =>
      opened.database.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const readableIds = async () => (await store.list()).flatMap(({ id, readable }) => (readable ? [id] : []))
    const reseal = (mayGoOn = always) =>
      resealAll({ database: opened.database, secrets: keys.secrets }, mayGoOn)

    it.each(columns)(
      'S19: %s of two rows that were swapped does not open, and others work',
      async (column) => {
        await store.insert(accountOf('c'), credentialsOf('c'))
        const [a, b] = [await rowOf('a'), await rowOf('b')]
        await opened.database
          .updateTable('accounts')
          .set({ [column]: b[column] })
          .where('id', '=', 'a')
          .execute()
        await opened.database
          .updateTable('accounts')
          .set({ [column]: a[column] })
          .where('id', '=', 'b')
          .execute()
        expect(await readableIds()).toEqual(['c'])
      },
    )

    it.each(
      columns.flatMap((one) => columns.filter((other) => other > one).map((other) => [one, other] as const)),
    )('S19: %s and %s of a row that were swapped do not open', async (one, other) => {
      const row = await rowOf('a')
      const swapped = { [one]: row[other], [other]: row[one] }
      await opened.database.updateTable('accounts').set(swapped).where('id', '=', 'a').execute()
      expect(await readableIds()).toEqual(['b'])
    })

    it.each<[string, (old: Awaited<ReturnType<typeof rowOf>>) => object]>([
      ['whole row', (row) => row],
      ['refresh token', ({ refreshToken }) => ({ refreshToken })],
      ['access token', ({ accessToken }) => ({ accessToken })],
      ['version', ({ token_version }) => ({ token_version })],
    ])(
      'S19: a %s that was set back to an earlier version takes its own account out of use',
      async (_, part) => {
        const old = await rowOf('a')
        const tokens = { accessToken: 'later', refreshToken: 'later too', expiresAt: NOW }
        expect(await store.saveTokens('a', 1, { tokens, at: NOW })).toBe(true)
        expect((await store.readCredentials('a'))?.refreshToken).toBe('later too')
        await opened.database.updateTable('accounts').set(part(old)).where('id', '=', 'a').execute()
        await expect(store.readCredentials('a')).rejects.toThrow('is older than what was stored last')
        expect(await readableIds()).toEqual(['b'])
        await keys.rotate()
        expect(await reseal()).toEqual({ resealed: 1, unreadable: 1 })
        expect(await readableIds()).toEqual(['b'])
      },
    )

    it('S19: a row whose seal was taken away is out of use, and mended by new credentials', async () => {
      await opened.database.deleteFrom('account_seals').where('account_id', '=', 'a').execute()
      expect(await readableIds()).toEqual(['b'])
      const account = await store.find('a')
      if (account === undefined) throw new Error('It is there.')
      const saved = await store.save(account, { credentials: credentialsOf('a'), standing: false })
      expect([saved, await readableIds()]).toEqual([true, ['a', 'b']])
    })

    it('S22: are sealed with the new data key one step after another, and open at every moment', async () => {
      for (let index = 0; index < 50; index += 1) {
        const id = `n${index}`
        await store.insert(accountOf(id), credentialsOf(id))
      }
      await keys.rotate()
      const others = async () => {
        const rows = await opened.database.selectFrom('accounts').selectAll().execute()
        return rows.filter((row) =>
          columns.some((column) => row[column]?.startsWith(keys.secrets.currentSeal) !== true),
        )
      }
      const left: number[] = []
      const done = await reseal(async () => {
        left.push((await others()).length)
        expect(await readableIds()).toHaveLength(52)
        // Whoever did it dies after the first step.
        return left.length !== 2
      })
      expect(done).toBeUndefined()
      expect(left).toEqual([52, 32])
      keys = await open()
      store = createAccountStore(opened.database, keys.secrets)
      expect(await reseal()).toEqual({ resealed: 32, unreadable: 0 })
      expect(await others()).toEqual([])
      expect(await reseal()).toEqual({ resealed: 0, unreadable: 0 })
      expect((await store.readCredentials('n7'))?.refreshToken).toBe('refresh token of n7')
      expect((await store.find('n7'))?.proxyUrl).toBe('http://n7:password@127.0.0.1:3128')
    })

    it('S22: nothing that was written meanwhile is lost', async () => {
      await keys.rotate()
      const tokens = { accessToken: 'later', refreshToken: 'later too', expiresAt: NOW }
      await Promise.all([reseal(), store.saveTokens('a', 1, { tokens, at: NOW })])
      await reseal()
      expect((await store.readCredentials('a'))?.refreshToken).toBe('later too')
      expect(await readableIds()).toEqual(['a', 'b'])
    })

    it('S22: one that was written between being read and being sealed is sealed as it is then', async () => {
      const place = { table: 'accounts', row: 'a', column: 'refreshToken' }
      const stale = { refreshToken: keys.secrets.seal('of before', place) }
      await keys.rotate()
      let reads = 0
      const database = opened.database.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          const [row] = result.rows
          // What is to be sealed is read without its id.
          if (row?.['refreshToken'] === undefined || 'id' in row) return result
          reads += 1
          return reads === 1 ? { ...result, rows: [{ ...row, ...stale }] } : result
        },
      })
      expect(await resealAll({ database, secrets: keys.secrets }, always)).toEqual({
        resealed: 2,
        unreadable: 0,
      })
      expect((await rowOf('a')).refreshToken?.startsWith(keys.secrets.currentSeal)).toBe(true)
      expect((await store.readCredentials('a'))?.refreshToken).toBe('refresh token of a')
    })

    it('S22: a database whose data keys are gone is not given others while an account needs them', async () => {
      const left = await opened.database.selectFrom('data_keys').selectAll().execute()
      await opened.database.deleteFrom('data_keys').execute()
      await expect(open()).rejects.toThrow('are gone')
      await opened.database.insertInto('data_keys').values(left).execute()
      await expect(open()).resolves.toBeDefined()
    })

    it('S22: one whose data key nobody has holds nobody up', async () => {
      const identity = keys.secrets.currentSeal.replace(/:.*/, ':0123456789abcdef:AAAA')
      await opened.database.updateTable('accounts').set({ identity }).where('id', '=', 'a').execute()
      await keys.rotate()
      expect(await reseal()).toEqual({ resealed: 1, unreadable: 1 })
      expect(await readableIds()).toEqual(['b'])
    })

    it('S22: one whose data key another process has just made is left as it is', async () => {
      const other = await open()
      await other.rotate()
      await createAccountStore(opened.database, other.secrets).insert(accountOf('c'), credentialsOf('c'))
      expect(await reseal()).toEqual({ resealed: 1, unreadable: 0 })
      expect(keys.secrets.currentSeal).toBe(other.secrets.currentSeal)
      expect(await readableIds()).toEqual(['a', 'b', 'c'])
    })

    it('have their seal removed after their account, so that no two processes wait for each other', async () => {
      const removed: string[] = []
      const watched = opened.database.withPlugin({
        transformQuery({ node }) {
          if (node.kind === 'DeleteQueryNode') {
            const isSeal = JSON.stringify(node.from).includes('account_seals')
            removed.push(isSeal ? 'seal' : 'account')
          }
          return node
        },
        transformResult: async ({ result }) => result,
      })
      await createAccountStore(watched, keys.secrets).remove('a')
      expect(removed).toEqual(['account', 'seal'])
    })

    it('S22: of sign-ins are sealed anew too', async () => {
      const request = keys.secrets.seal('{}', { table: 'sign_ins', row: 's', column: 'request' })
      const values = {
        state: 'pending',
        created_at: NOW.toISOString(),
        interval_seconds: 5,
        told: 0,
      } as const
      await opened.database
        .insertInto('sign_ins')
        .values({ id: 's', request, ...values })
        .execute()
      await keys.rotate()
      expect(await reseal()).toEqual({ resealed: 3, unreadable: 0 })
      const { rows } = await sql<{ request: string }>`select request from sign_ins`.execute(opened.database)
      expect(rows[0]?.request.startsWith(keys.secrets.currentSeal)).toBe(true)
    })

    it('S22: from before there were data keys open, and are sealed with one', async () => {
      await sql`delete from data_keys`.execute(opened.database)
      await sql`delete from accounts`.execute(opened.database)
      const old = createSecrets({ masterKey, randomBytes })
      const check = old.seal('aqueduct', { table: 'settings', row: 'secret-check', column: 'value' })
      await opened.database.insertInto('settings').values({ name: 'secret-check', value: check }).execute()
      await createAccountStore(opened.database, old).insert(accountOf('old'), credentialsOf('old'))
      await sql`delete from account_seals`.execute(opened.database)
      keys = await open()
      store = createAccountStore(opened.database, keys.secrets)
      expect(await readableIds()).toEqual(['old'])
      expect(await reseal()).toEqual({ resealed: 1, unreadable: 0 })
      await keys.forgetOldRows()
      expect(await readableIds()).toEqual(['old'])
      expect((await rowOf('old')).clientSecret.startsWith('aq2:')).toBe(true)
      expect(await store.findDuplicates([credentialsOf('old')])).toEqual(['old'])
    })
  })
}

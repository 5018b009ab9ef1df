/** What every database must do for sign-ins. Each database's test calls this with a way to open an empty one. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSecrets } from '../access/secrets.ts'
import type { BegunSignIn, SignInStore } from '../sign-in/sign-in-store.ts'
import type { Grant } from '../sign-in/sign-in.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { readChangeMarks } from './change-marks.ts'
import { readDatabaseTime } from './database-time.ts'
import { createSignInStore } from './sign-ins.ts'

const limits = { mostPending: 3, mostStarts: 5, windowSeconds: 600 }
const registrationExpiresAt = new Date('2027-02-20T10:00:00Z')
const begun: BegunSignIn = {
  order: {
    startUrl: 'https://d-1.awsapps.com/start',
    region: 'eu-west-1',
    wishes: {
      label: 'mine',
      enabled: true,
      tags: ['blue'],
      weight: 2,
      priority: 1,
      concurrencyLimit: null,
      models: ['m'],
      proxyUrl: 'http://user:canary-proxy@127.0.0.1:3128',
      channel: 'q-rest',
      profileArn: 'auto',
      origin: null,
      optOut: false,
    },
    accountId: 'account-1',
    newAccountId: 'account-2',
  },
  prompt: { userCode: 'ABCD-EFGH', verificationUri: 'https://a', verificationUriComplete: 'https://b' },
  device: {
    clientId: 'client-1',
    clientSecret: 'canary-client-secret',
    deviceCode: 'canary-device-code',
    registrationExpiresAt,
  },
  intervalSeconds: 5,
  lifeSeconds: 300,
}
const grant: Grant = {
  clientId: 'client-1',
  clientSecret: 'canary-client-secret',
  accessToken: 'canary-access-token',
  refreshToken: 'canary-refresh-token',
  expiresAt: new Date('2026-11-22T11:00:00Z'),
  registrationExpiresAt,
}

export function signInStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`sign-in store on ${name}`, () => {
    const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
    let opened: TestDatabase
    let store: SignInStore
    let now = 0
    beforeEach(async () => {
      opened = await openTestDatabase()
      now = Date.parse('2026-11-22T10:00:00.123Z')
      store = createSignInStore(opened.database, secrets, async () => new Date(now))
    })
    afterEach(() => opened.close())

    const begin = async (id: string, changes: Partial<BegunSignIn> = {}) => {
      expect(await store.reserve(id, { ...limits, mostPending: 100, mostStarts: 100 })).toEqual({
        kind: 'reserved',
      })
      expect(await store.begin(id, { ...begun, ...changes })).toBe(true)
    }
    const stateOf = async (id: string) => (await store.find(id))?.state

    it('gives a sign-in back as it was begun', async () => {
      await begin('a')
      now += 1500
      expect(await store.find('a')).toEqual({
        id: 'a',
        state: { kind: 'pending' },
        order: begun.order,
        prompt: begun.prompt,
        intervalSeconds: 5,
        remainingSeconds: 299,
        createdAt: new Date('2026-11-22T10:00:00.123Z'),
      })
      expect(await store.readDevice('a')).toEqual(begun.device)
      expect(await store.readGrant('a')).toBeUndefined()
      now += 400_000
      expect(await store.find('a')).toMatchObject({ state: { kind: 'pending' }, remainingSeconds: 0 })
    })

    it('goes by the time of the database', async () => {
      store = createSignInStore(opened.database, secrets)
      await begin('a')
      const found = await store.find('a')
      expect(found?.remainingSeconds).toBeGreaterThan(290)
      const drift = (await readDatabaseTime(opened.database)).getTime() - (found?.createdAt.getTime() ?? 0)
      expect(Math.abs(drift)).toBeLessThan(60_000)
    })

    it('has only what has begun', async () => {
      await store.reserve('a', limits)
      await store.reserve('b', limits)
      await store.giveUp('b')
      expect(await store.find('a')).toBeUndefined()
      expect(await store.find('nothing')).toBeUndefined()
      expect(await store.list(100)).toEqual([])
      expect(await store.listOpen()).toEqual([])
    })

    it('goes from pending over approved to completed, and forgets the secrets', async () => {
      await begin('a')
      await store.saveInterval('a', 10)
      expect(await store.find('a')).toMatchObject({ intervalSeconds: 10 })
      expect(await store.saveGrant('a', grant)).toBe(true)
      expect(await stateOf('a')).toEqual({ kind: 'approved' })
      expect(await store.readDevice('a')).toBeUndefined()
      expect(await store.readGrant('a')).toEqual(grant)
      expect(await store.listOpen()).toEqual(['a'])
      await store.complete('a', 'account-9')
      expect(await stateOf('a')).toEqual({ kind: 'completed', accountId: 'account-9' })
      expect(await store.readGrant('a')).toBeUndefined()
      expect(await store.listOpen()).toEqual([])
    })

    it('counts each change, for whoever follows it', async () => {
      const seen = new Set<number>()
      const look = async () => void seen.add((await readChangeMarks(opened.database))['sign-ins'])
      await look()
      await store.reserve('a', limits)
      await look()
      await store.begin('a', begun)
      await look()
      await store.saveGrant('a', grant)
      await look()
      await store.complete('a', 'account-9')
      await look()
      // It is over: nothing changes.
      expect(await store.cancel('a')).toBe(false)
      await look()
      expect(seen.size).toBe(5)
    })

    it('keeps tokens that come late, but not those of a cancelled one', async () => {
      for (const id of ['late', 'cancelled', 'completed']) await begin(id)
      await store.fail('late', ['pending'], { kind: 'timeout', message: 'Too late.' })
      expect(await stateOf('late')).toEqual({ kind: 'timeout', message: 'Too late.' })
      expect(await store.saveGrant('late', grant)).toBe(true)
      expect(await stateOf('late')).toEqual({ kind: 'approved' })

      expect(await store.cancel('cancelled')).toBe(true)
      expect(await store.saveGrant('cancelled', grant)).toBe(false)
      expect(await stateOf('cancelled')).toEqual({ kind: 'cancelled' })
      expect(await store.readDevice('cancelled')).toBeUndefined()

      await store.saveGrant('completed', grant)
      expect(await store.cancel('completed')).toBe(false)
      await store.complete('completed', 'x')
      await store.fail('completed', ['pending', 'approved'], { kind: 'error', message: 'y' })
      expect(await store.saveGrant('completed', grant)).toBe(false)
      expect(await stateOf('completed')).toEqual({ kind: 'completed', accountId: 'x' })
    })

    it('hands the result out once', async () => {
      await begin('a')
      expect(await store.takeResult('a')).toBe(true)
      expect(await store.takeResult('a')).toBe(false)
    })

    it('counts those that wait, as long as they may', async () => {
      await begin('a', { lifeSeconds: 100 })
      await begin('b')
      await store.reserve('c', limits)
      expect(await store.reserve('d', limits)).toEqual({ kind: 'too-many-pending', retryAfterSeconds: 60 })
      await store.giveUp('c')
      expect(await store.reserve('d', limits)).toEqual({ kind: 'reserved' })
      now += 61_000
      expect(await store.reserve('e', limits)).toEqual({ kind: 'reserved' })
    })

    it('counts starts, failed ones included, within the window', async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e']) {
        expect(await store.reserve(id, limits)).toEqual({ kind: 'reserved' })
        await store.giveUp(id)
        now += 10_000
      }
      expect(await store.reserve('f', limits)).toEqual({ kind: 'too-many-starts', retryAfterSeconds: 550 })
      now += 550_000
      expect(await store.reserve('f', limits)).toEqual({ kind: 'reserved' })
    })

    it('gives no place away twice to those that come at once', async () => {
      const ids = Array.from({ length: 12 }, (_, index) => `s-${index}`)
      const reservations = await Promise.all(ids.map((id) => store.reserve(id, limits)))
      expect(reservations.filter(({ kind }) => kind === 'reserved')).toHaveLength(limits.mostPending)
    })

    it('forgets the old ones, but for tokens that wait for their account', async () => {
      for (const id of ['done', 'waits', 'pending']) await begin(id)
      await store.saveGrant('waits', grant)
      now += 86_500_000
      await begin('new')
      await store.prune({ seconds: 86_400, approvedSeconds: 600_000 })
      expect((await store.list(100)).map(({ id }) => id)).toEqual(['new', 'waits'])
      now += 520_000_000
      await store.prune({ seconds: 86_400, approvedSeconds: 600_000 })
      expect(await store.list(100)).toEqual([])
    })

    it('lists the latest alone, of those that have begun', async () => {
      for (const id of ['a', 'b', 'c']) {
        await begin(id)
        now += 1000
      }
      await store.reserve('d', limits)
      expect((await store.list(2)).map(({ id }) => id)).toEqual(['c', 'b'])
    })

    it('begins what was reserved, and nothing else', async () => {
      expect(await store.begin('a', begun)).toBe(false)
      await store.reserve('b', limits)
      await store.giveUp('b')
      expect(await store.begin('b', begun)).toBe(false)
      expect(await store.list(100)).toEqual([])
    })

    it('fails only from the state that it was seen in', async () => {
      await begin('a')
      await store.saveGrant('a', grant)
      await store.fail('a', ['pending'], { kind: 'timeout', message: 'Too late.' })
      expect(await store.readGrant('a')).toEqual(grant)
      await store.fail('a', ['approved'], { kind: 'error', message: 'No.' })
      expect(await stateOf('a')).toEqual({ kind: 'error', message: 'No.' })
    })

    it('stores nothing that says who or what in clear', async () => {
      await begin('a')
      await begin('b')
      await store.saveGrant('b', grant)
      const rows = JSON.stringify(await opened.database.selectFrom('sign_ins').selectAll().execute())
      for (const text of ['canary', 'client-1', 'awsapps', 'mine', 'ABCD-EFGH'])
        expect(rows).not.toContain(text)
    })

    it('has nothing of a row that was damaged or moved', async () => {
      await begin('a')
      await begin('b')
      const { request, device } = await opened.database
        .selectFrom('sign_ins')
        .select(['request', 'device'])
        .where('id', '=', 'b')
        .executeTakeFirstOrThrow()
      await opened.database.updateTable('sign_ins').set({ request, device }).where('id', '=', 'a').execute()
      expect(await store.find('a')).toBeUndefined()
      expect(await store.readDevice('a')).toBeUndefined()
      expect((await store.list(100)).map(({ id }) => id)).toEqual(['b'])
      await store.fail('a', ['pending', 'approved'], { kind: 'error', message: 'Damaged.' })
      expect(await stateOf('a')).toEqual({ kind: 'error', message: 'Damaged.' })
      expect((await store.list(100)).map(({ id }) => id).toSorted()).toEqual(['a', 'b'])
    })
  })
}

/** What every database must do for accounts. Each database's test calls this with a way to open an empty one. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KyselyPlugin } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountStore, Standing } from '../accounts/account-store.ts'
import { defaultSettings, type Account, type Credentials } from '../accounts/account.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { noBackoff, ready, type AccountStatus } from '../accounts/status.ts'
import { createSecrets } from '../access/secrets.ts'
import { createAccountStore } from './accounts.ts'
import type { Database } from './database.ts'
import { createLeases } from './leases.ts'

const NOW = new Date('2026-11-22T10:00:00.123Z')
const LATER = new Date('2026-11-22T10:05:00.456Z')
const EXPIRY = new Date('2026-11-22T11:05:00.456Z')

export interface TestDatabase {
  database: Database
  close(): Promise<void>
}

const parked: AccountStatus = { kind: 'parked', why: 'suspended' }
const asReady: Standing = { status: ready, backoff: noBackoff }
const nothing = { successes: 0, strikes: 0, strikesReset: false }

const credentials: Credentials = {
  clientId: 'client-1',
  clientSecret: 'canary-client-secret',
  refreshToken: 'canary-refresh-token',
  accessToken: 'canary-access-token',
  expiresAt: NOW,
  registrationExpiresAt: LATER,
}

/** Who reads the time by it has old news by the time that he goes on. */
function holdFirstAnswer(go: Promise<void>): KyselyPlugin {
  let isFirst = true
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      const held = isFirst
      isFirst = false
      if (held) await go
      return result
    },
  }
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
    async function found(id: string): Promise<Account> {
      const account = await store.find(id)
      if (account === undefined) throw new Error(`${id} is missing`)
      return account
    }

    it('gives an account back as it was stored, with fingerprints in place of secrets', async () => {
      const full = sampleAccount('a', {
        label: 'first',
        other: { note: ['canary-other', null, 1] },
        status: { kind: 'disabled', by: 'operator', why: 'on holiday' },
        backoff: { throttles: 2, denials: 1, signInRefusals: { count: 1, since: NOW } },
        settings: {
          tags: ['blue'],
          weight: 2,
          priority: -1,
          models: ['m'],
          profile: 'none',
          concurrencyLimit: 3,
          origin: 'CLI',
          pausedUntil: LATER,
          optsOut: false,
        },
        proxyUrl: 'http://user:canary-proxy@127.0.0.1:3128',
        profileArn: 'arn:aws:codewhisperer:us-east-1:1:profile/X',
        learnedProfile: { kind: 'none' },
        startUrl: 'https://view.awsapps.com/start',
        identity: { userId: 'canary-user', email: 'canary@example.com', plan: 'PRO' },
        lastRefresh: { status: 'failed', at: LATER },
        strikes: 2.5,
        successes: 7,
      })
      await store.insert(full, credentials)
      expect(await store.find('a')).toEqual({
        ...full,
        expiresAt: NOW,
        registrationExpiresAt: LATER,
        fingerprints: {
          clientSecret: secrets.fingerprint('canary-client-secret'),
          refreshToken: secrets.fingerprint('canary-refresh-token'),
          accessToken: secrets.fingerprint('canary-access-token'),
          proxyUrl: secrets.fingerprint('http://user:canary-proxy@127.0.0.1:3128'),
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
      await store.insert(
        sampleAccount('a', { other: 'canary-other', proxyUrl: 'http://canary' }),
        credentials,
      )
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

    it.each(['asc', 'desc'] as const)('lists in pages, each account once: %s', async (order) => {
      for (const id of ['d', 'a', 'c']) await store.insert(sampleAccount(id), credentials)
      await store.insert(sampleAccount('0', { createdAt: LATER }), credentials)
      const off: AccountStatus = { kind: 'disabled', by: 'operator' }
      await store.insert(sampleAccount('b', { status: off }), credentials)
      const all = order === 'asc' ? ['a', 'b', 'c', 'd', '0'] : ['0', 'd', 'c', 'b', 'a']
      const seen: string[] = []
      let page = await store.readPage({ order, limit: 2 })
      for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
        seen.push(...page.map(({ id }) => id))
        page = await store.readPage({ order, limit: 2, after: last })
      }
      expect(seen).toEqual(all)
      const ids = async (enabled: boolean) =>
        (await store.readPage({ order, limit: 9, enabled })).map(({ id }) => id)
      expect(await ids(true)).toEqual(all.filter((id) => id !== 'b'))
      expect(await ids(false)).toEqual(['b'])
      expect([await store.count({}), await store.count({ enabled: true })]).toEqual([5, 4])
    })

    it('reads what has changed since a revision, unless that is too much', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const revision = await store.readRevision()
      await store.insert(sampleAccount('b'), credentials)
      await store.insert(sampleAccount('c'), credentials)
      const ids = async (since: number, most: number) =>
        (await store.readChanged(since, most))?.map(({ id }) => id).toSorted()
      expect(await ids(revision, 2)).toEqual(['b', 'c'])
      expect(await ids(revision, 1)).toBeUndefined()
      expect(await ids(await store.readRevision(), 1)).toEqual([])
    })

    it('saves refreshed tokens under a new version, and keeps the refresh token when none came', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const tokens = { accessToken: 'new', expiresAt: EXPIRY }
      expect(await store.saveTokens('a', 1, { tokens, at: LATER })).toBe(true)
      expect(await store.readCredentials('a')).toEqual({
        ...credentials,
        ...tokens,
        version: 2,
        refreshedAt: LATER,
      })
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

    it('keeps statuses that come with the counters, and tells them by the column `enabled` too', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const statuses: AccountStatus[] = [
        { kind: 'cooling', until: LATER, why: 'throttled' },
        { kind: 'exhausted', until: LATER },
        { kind: 'needs-sign-in', why: 'refused' },
        { kind: 'misconfigured', until: LATER, why: 'denied' },
        { kind: 'parked', why: 'suspended' },
        { kind: 'cooling', until: LATER, why: 'failing' },
        { kind: 'disabled', by: 'threshold', at: LATER },
        {
          kind: 'disabled',
          by: 'threshold',
          at: NOW,
          failedProbes: 2,
          lastFailedAt: LATER,
          notBefore: LATER,
        },
        { kind: 'ready' },
      ]
      let from = asReady
      for (const status of statuses) {
        const to = { status, backoff: { throttles: 1, denials: 0 } }
        await store.addCounters([{ ...nothing, id: 'a', standing: { from, to } }])
        expect(await store.find('a')).toMatchObject(to)
        from = to
        const row = await opened.database.selectFrom('accounts').select('enabled').executeTakeFirst()
        expect(row?.enabled).toBe(status.kind === 'disabled' ? 0 : 1)
      }
    })

    it('does not let a process that knew nothing of it overwrite what waits for a person', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const cooling: AccountStatus = { kind: 'cooling', until: LATER, why: 'throttled' }
      const changeTo = (status: AccountStatus) =>
        store.addCounters([
          { ...nothing, id: 'a', standing: { from: asReady, to: { status, backoff: noBackoff } } },
        ])
      await changeTo(parked)
      const seen = await store.readRevision()
      await changeTo(cooling)
      expect(await store.find('a')).toMatchObject({ status: parked })
      // The process that wrote in vain has to learn of it.
      expect((await store.changedSince(seen)).changed).toMatchObject([{ id: 'a', status: parked }])
    })

    it('disables no more than half of all for strikes, whichever processes do it', async () => {
      for (const id of ['a', 'b', 'c']) await store.insert(sampleAccount(id), credentials)
      const to: Standing = { status: { kind: 'disabled', by: 'threshold', at: NOW }, backoff: noBackoff }
      await Promise.all(
        ['a', 'b', 'c'].map((id) => store.addCounters([{ ...nothing, id, standing: { from: asReady, to } }])),
      )
      const disabled = (await store.list()).filter(({ status }) => status.kind === 'disabled')
      expect(disabled).toHaveLength(2)
    })

    it.each([
      [0, { kind: 'disabled', by: 'operator' }],
      [1, { kind: 'ready' }],
    ])('believes the column enabled = %i of a row that another program wrote', async (enabled, status) => {
      await store.insert(sampleAccount('a'), credentials)
      await opened.database.updateTable('accounts').set({ enabled, status: null, settings: null }).execute()
      expect(await store.find('a')).toMatchObject({ status, settings: defaultSettings })
      await opened.database.updateTable('accounts').set({ status: '{"status":{"kind":"?"}}' }).execute()
      expect(await store.find('a')).toMatchObject({ status })
    })

    it('saves settings alone, and leaves status, counters and credentials', async () => {
      await store.insert(sampleAccount('a', { label: 'old', strikes: 2 }), credentials)
      const changed = sampleAccount('a', {
        label: 'new',
        region: 'eu-central-1',
        strikes: 9,
        status: { kind: 'parked', why: 'x' },
        updatedAt: LATER,
      })
      expect(await store.save(changed, { standing: false })).toBe(true)
      expect(await store.find('a')).toMatchObject({
        label: 'new',
        region: 'eu-central-1',
        strikes: 2,
        status: { kind: 'ready' },
        updatedAt: LATER,
      })
      expect(await store.readCredentials('a')).toEqual({ ...credentials, version: 1 })
      expect(await store.save(sampleAccount('gone'), { standing: false })).toBe(false)
    })

    it('saves status and credentials when told to, so that a refresh under way comes too late', async () => {
      await store.insert(sampleAccount('a', { strikes: 2 }), credentials)
      const other = { clientId: 'client-2', clientSecret: 's2', refreshToken: 'r2' }
      const changed = sampleAccount('a', { status: { kind: 'parked', why: 'x' }, strikes: 0 })
      await store.save(changed, { standing: true, credentials: other })
      expect(await store.find('a')).toMatchObject({ status: { kind: 'parked', why: 'x' }, strikes: 0 })
      expect(await store.readCredentials('a')).toEqual({ ...other, version: 2 })
      const late = { tokens: { accessToken: 'late', expiresAt: EXPIRY }, at: LATER }
      expect(await store.saveTokens('a', 1, late)).toBe(false)
    })

    it('knows a duplicate by client and refresh token, also after the token was rotated', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const tokens = { accessToken: 'new', refreshToken: 'rotated', expiresAt: EXPIRY }
      await store.saveTokens('a', 1, { tokens, at: LATER })
      const others = [{ ...credentials, clientId: 'other' }, { clientId: 'client-1' }]
      expect(await store.findDuplicates([...others, credentials])).toEqual([undefined, undefined, 'a'])
      expect(await store.findDuplicates([])).toEqual([])
    })

    it('leases a refresh to one process at a time, until it is saved, failed or overdue', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const lease = (owner: string, version = 1, durationMs = 20_000) =>
        store.leaseRefresh('a', version, { owner, durationMs })
      expect(await lease('one')).toBe(true)
      expect(await lease('two')).toBe(false)
      expect(await lease('one')).toBe(true)
      await store.saveRefreshFailure('a', 1, LATER)
      expect(await lease('two')).toBe(true)
      await store.saveTokens('a', 1, { tokens: { accessToken: 'new', expiresAt: EXPIRY }, at: LATER })
      expect(await lease('one', 1)).toBe(false)
      expect(await lease('one', 2, -1000)).toBe(true)
      expect(await lease('two', 2)).toBe(true)
    })

    it('lets nobody be kept out by a lease that a clock set back since makes endless', async () => {
      await store.insert(sampleAccount('a'), credentials)
      await store.leaseRefresh('a', 1, { owner: 'one', durationMs: 7_200_000 })
      expect(await store.leaseRefresh('a', 1, { owner: 'two', durationMs: 20_000 })).toBe(true)
    })

    it('leases to one of two that read the time at once and write one after the other', async () => {
      await store.insert(sampleAccount('a'), credentials)
      for (const lease of [
        (over: Database, owner: string) => createLeases(over).take('w', { owner, durationMs: 20_000 }),
        (over: Database, owner: string) =>
          createAccountStore(over, secrets).leaseRefresh('a', 1, { owner, durationMs: 20_000 }),
      ]) {
        const go = Promise.withResolvers<void>()
        const slow = lease(opened.database.withPlugin(holdFirstAnswer(go.promise)), 'one')
        await sleep(5)
        const quick = await lease(opened.database, 'two')
        go.resolve()
        expect([await slow, quick]).toEqual([false, true])
      }
    })

    it('saves nothing over what was changed since it was read', async () => {
      await store.insert(sampleAccount('a'), credentials)
      const read = await found('a')
      expect(await store.save({ ...read, label: 'one' }, { standing: false })).toBe(true)
      expect(await store.save({ ...read, label: 'two' }, { standing: false })).toBe(false)
      const again = await found('a')
      await store.saveTokens('a', 1, { tokens: { accessToken: 'new', expiresAt: EXPIRY }, at: LATER })
      expect(await store.save(again, { standing: false, credentials })).toBe(false)
      expect(await store.save(again, { standing: false })).toBe(true)
      await store.saveLearnedProfile('a', { kind: 'none' }, again.revision)
      expect(await store.find('a')).toMatchObject({ label: 'one', tokenVersion: 2 })
      expect((await store.find('a'))?.learnedProfile).toBeUndefined()
    })

    it('finds the first account of a person, and shows nobody else the person', async () => {
      const identity = { userId: 'person-1', email: 'one@example.com' }
      await store.insert(sampleAccount('b', { identity }), credentials)
      await store.insert(sampleAccount('a', { identity, createdAt: LATER }), credentials)
      await store.insert(sampleAccount('c'), credentials)
      expect(await store.findByIdentity('person-1')).toBe('b')
      expect(await store.findByIdentity('person-2')).toBeUndefined()
      await store.saveIdentity('c', { userId: 'person-2' })
      expect(await store.findByIdentity('person-2')).toBe('c')
      expect((await store.find('c'))?.identity).toEqual({ userId: 'person-2' })
      const rows = await opened.database.selectFrom('accounts').selectAll().execute()
      expect(JSON.stringify(rows)).not.toMatch(/person-|example\.com/)
    })

    it('forgets who an account is when its credentials are replaced by ones that do not tell', async () => {
      await store.insert(sampleAccount('a', { identity: { userId: 'person-1' } }), credentials)
      const { identity: _identity, ...rest } = await found('a')
      await store.save(rest, { standing: false, credentials })
      expect(await store.findByIdentity('person-1')).toBeUndefined()
      expect((await store.find('a'))?.identity).toBeUndefined()
    })

    it('keeps the profile that was learned until it is learned anew or forgotten', async () => {
      await store.insert(sampleAccount('a'), credentials)
      await store.saveLearnedProfile('a', { kind: 'arn', arn: 'one' })
      expect((await store.find('a'))?.learnedProfile).toEqual({ kind: 'arn', arn: 'one' })
      await store.saveLearnedProfile('a', undefined)
      expect((await store.find('a'))?.learnedProfile).toBeUndefined()
    })

    it('tells which accounts have changed since another look, and which are still there', async () => {
      expect(await store.readRevision()).toBe(0)
      for (const id of ['a', 'b', 'c']) await store.insert(sampleAccount(id), credentials)
      const seen = await store.readRevision()
      expect(await store.changedSince(seen)).toEqual({ ids: ['a', 'b', 'c'], changed: [] })
      await store.save({ ...(await found('a')), label: 'new' }, { standing: false })
      await store.addCounters([{ id: 'b', successes: 0, strikes: 1, strikesReset: false }])
      await store.remove('c')
      const { ids, changed } = await store.changedSince(seen)
      expect(ids).toEqual(['a', 'b'])
      expect(changed.map(({ id, label, strikes }) => [id, label, strikes])).toEqual([
        ['a', 'new', 0],
        ['b', undefined, 1],
      ])
      expect(await store.readRevision()).toBe(seen + 3)
    })

    it.each([
      ['a success', { successes: 1, strikes: 0, strikesReset: true }, 0],
      ['a strike', { successes: 0, strikes: 1, strikesReset: false }, 1],
      [
        'another status',
        { ...nothing, standing: { from: asReady, to: { status: parked, backoff: noBackoff } } },
        1,
      ],
      ['a success that ends a run of strikes', { successes: 1, strikes: 0, strikesReset: true }, 1, 2],
    ])('counts %s as a change or not', async (_, change, expected, strikes = 0) => {
      await store.insert(sampleAccount('a', { strikes }), credentials)
      const seen = await store.readRevision()
      await store.addCounters([{ id: 'a', ...change }])
      expect((await store.readRevision()) - seen).toBe(expected)
    })

    it('gives work to one process at a time, until that releases it or is overdue', async () => {
      const leases = createLeases(opened.database)
      const take = (owner: string, durationMs = 20_000) => leases.take('sweep', { owner, durationMs })
      expect(await take('one')).toBe(true)
      expect(await take('two')).toBe(false)
      expect(await take('one')).toBe(true)
      await leases.release('sweep', 'two')
      expect(await take('two')).toBe(false)
      await leases.release('sweep', 'one')
      expect(await take('two', -1000)).toBe(true)
      expect(await take('one', 7_200_000)).toBe(true)
      // As a lease that was taken before the clock was set back.
      expect(await take('two')).toBe(true)
    })

    it.each(['clientSecret', 'refreshToken', 'accessToken', 'other', 'proxyUrl'] as const)(
      'takes one account out of use when its %s was swapped, and none of the others',
      async (column) => {
        await store.insert(sampleAccount('a', { other: 'one', proxyUrl: 'http://one' }), credentials)
        await store.insert(sampleAccount('b', { other: 'two', proxyUrl: 'http://two' }), credentials)
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
        expect(await credentialsReadable).toBe(column === 'other' || column === 'proxyUrl')
      },
    )
  })
}

/** What every database must do for quotas and for what clients have used. Each database's test calls this. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quota } from '../accounts/quota.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { createSecrets } from '../access/secrets.ts'
import type { ClientUsageStore, UsageRow } from '../quotas/client-usage-store.ts'
import type { QuotaStore } from '../quotas/quota-store.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createAccountStore } from './accounts.ts'
import { createClientUsageStore } from './client-usage.ts'
import { createQuotaStore } from './quotas.ts'

const NOW = new Date('2026-11-22T10:00:00.123Z')
const SOON = new Date('2026-11-22T10:01:00Z')
const LATER = new Date('2026-11-22T22:00:00Z')
const TOMORROW = new Date('2026-11-23T09:00:00Z')

const full: Quota = {
  readAt: NOW,
  planName: 'KIRO PRO',
  sources: [
    { kind: 'plan', used: 3.25, limit: 1000, endsAt: new Date('2026-12-01T00:00:00Z') },
    { kind: 'bonus', name: 'WELCOME', used: 0, limit: 20 },
  ],
  overage: { isAllowed: true, used: 0.5, cap: 10 },
}

export function quotaStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`quota store on ${name}`, () => {
    const secrets = createSecrets({
      masterKey: Buffer.alloc(32, 7),
      randomBytes: (size) => Buffer.alloc(size),
    })
    let opened: TestDatabase
    let store: QuotaStore
    let removeAccount: (id: string) => Promise<boolean>
    beforeEach(async () => {
      opened = await openTestDatabase()
      store = createQuotaStore(opened.database)
      const accounts = createAccountStore(opened.database, secrets)
      removeAccount = (id) => accounts.remove(id)
      for (const id of ['a', 'b'])
        await accounts.insert(sampleAccount(id), { clientId: id, clientSecret: 's' })
    })
    afterEach(() => opened.close())

    it('gives a reading back as it was stored', async () => {
      expect(await store.changedSince(0)).toEqual([])
      await store.saveReading('a', full, 3.75)
      expect(await store.changedSince(0)).toEqual([
        { accountId: 'a', quota: full, triedAt: NOW, failures: 0, spent: 0 },
      ])
    })

    it('counts failures beside the last reading, until the next one', async () => {
      await store.saveReading('a', full, 3.75)
      const seen = await store.readRevision()
      for (const error of ['first', 'second']) await store.saveFailure('a', { error, at: LATER })
      expect(await store.changedSince(seen)).toEqual([
        { accountId: 'a', quota: full, triedAt: LATER, error: 'second', failures: 2, spent: 0 },
      ])
      await store.saveReading('a', { ...full, readAt: TOMORROW }, 4)
      expect(await store.changedSince(seen)).toMatchObject([{ failures: 0, triedAt: TOMORROW }])
      expect((await store.changedSince(seen))[0]).not.toHaveProperty('error')
    })

    it('adds up what several processes spend, until the next reading, without a word about it', async () => {
      const other = createQuotaStore(opened.database)
      await store.saveReading('a', full, 3.75)
      const seen = await store.readRevision()
      await Promise.all([
        store.addSpending([{ accountId: 'a', credits: 1.5, at: SOON }]),
        other.addSpending([
          { accountId: 'b', credits: 0, at: SOON },
          { accountId: 'a', credits: 2, at: SOON },
        ]),
      ])
      expect(await store.readRevision()).toBe(seen)
      expect((await store.listSpending()).toSorted((x, y) => (x.accountId < y.accountId ? -1 : 1))).toEqual([
        { accountId: 'a', spent: 3.5, usedAt: SOON, readAt: NOW },
        { accountId: 'b', spent: 0, usedAt: SOON },
      ])
      await store.saveReading('a', { ...full, readAt: LATER }, 4)
      expect(await store.listSpending()).toContainEqual({
        accountId: 'a',
        spent: 0,
        usedAt: SOON,
        readAt: LATER,
      })
    })

    it('adds nothing that was spent before the last reading', async () => {
      await store.saveReading('a', { ...full, readAt: LATER }, 4)
      await store.addSpending([{ accountId: 'a', credits: 2, at: SOON }])
      expect(await store.listSpending()).toEqual([{ accountId: 'a', spent: 0, usedAt: SOON, readAt: LATER }])
    })

    it('keeps one sample a day, its last, and forgets old ones', async () => {
      await store.saveReading('a', full, 3)
      await store.saveReading('a', { ...full, readAt: LATER }, 4)
      await store.saveReading('a', { ...full, readAt: TOMORROW }, 5)
      await store.saveReading('b', full, 9)
      expect(await store.listSamples('a')).toEqual([
        { at: LATER, used: 4 },
        { at: TOMORROW, used: 5 },
      ])
      const recent = await store.listRecentSamples(['a', 'b', 'c'], TOMORROW)
      expect([...recent]).toEqual([['a', [{ at: TOMORROW, used: 5 }]]])
      expect((await store.listRecentSamples(['b'], NOW)).get('b')).toHaveLength(1)
      await store.prune(TOMORROW)
      expect(await store.listSamples('a')).toEqual([{ at: TOMORROW, used: 5 }])
      expect(await store.listSamples('b')).toEqual([])
    })

    it('goes with its account, and writes nothing for one that is gone', async () => {
      await store.saveReading('a', full, 3)
      await removeAccount('a')
      expect(await store.changedSince(0)).toEqual([])
      await store.saveReading('a', full, 3)
      await store.saveFailure('a', { error: 'x', at: NOW })
      await store.addSpending([{ accountId: 'a', credits: 1, at: NOW }])
      expect(await store.changedSince(0)).toEqual([])
      expect(await store.listSpending()).toEqual([])
      expect(await store.listSamples('a')).toEqual([])
    })

    it('reads what is damaged as never read', async () => {
      await store.saveReading('a', full, 3)
      await opened.database.updateTable('account_quotas').set({ quota: '{"sources":' }).execute()
      expect((await store.changedSince(0))[0]).not.toHaveProperty('quota')
    })
  })

  describe(`client usage store on ${name}`, () => {
    const row: UsageRow = {
      day: '2026-11-22',
      client: 'c',
      model: 'm',
      source: 'upstream',
      requests: 1,
      inputTokens: 10,
      outputTokens: 20,
      cacheReadTokens: 3,
      cacheWriteTokens: 4,
      credits: 0.25,
      assumedCredits: 0.5,
    }
    let opened: TestDatabase
    let store: ClientUsageStore
    beforeEach(async () => {
      opened = await openTestDatabase()
      store = createClientUsageStore(opened.database)
    })
    afterEach(() => opened.close())

    it('adds up exactly what several processes count, far beyond an integer', async () => {
      const other = createClientUsageStore(opened.database)
      const large = { ...row, inputTokens: 3_000_000_000 }
      const writes = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : other).add([large]))
      await Promise.all(writes)
      expect(await store.listSince('c', '2026-11-22')).toEqual([
        {
          ...row,
          requests: 20,
          inputTokens: 60_000_000_000,
          outputTokens: 400,
          cacheReadTokens: 60,
          cacheWriteTokens: 80,
          credits: 5,
          assumedCredits: 10,
        },
      ])
    })

    it('keeps days, clients, models and sources apart', async () => {
      const rows: UsageRow[] = [
        row,
        { ...row, day: '2026-11-21' },
        { ...row, client: 'other' },
        { ...row, model: 'n' },
        { ...row, source: 'none' },
      ]
      await store.add(rows)
      expect(await store.listSince('c', '2026-11-22')).toEqual([rows[4], row, rows[3]])
      expect(await store.listSince('c', '2026-11-01')).toHaveLength(4)
      await store.prune('2026-11-22')
      expect(await store.listSince('c', '2026-11-01')).toHaveLength(3)
    })
  })
}

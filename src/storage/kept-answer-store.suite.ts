/** What every database must do for answers that are kept. Each database's test calls this. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSecrets } from '../access/master-key.ts'
import { createSecrets } from '../access/secrets.ts'
import type { KeptAnswerStore, NewAnswer } from '../kept-answers/kept-answer-store.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createDataKeyStore } from './data-keys.ts'
import { createKeptAnswerStore } from './kept-answers.ts'
import { resealAll } from './reseal.ts'
import { createSecretCheckStore } from './settings.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const HOUR_MS = 3_600_000
const most = { mostAnswers: 1000, mostBytes: 1e6, now: NOW }

const sample = (id: string, parentId?: string, changes: Partial<NewAnswer> = {}): NewAnswer => ({
  id,
  parentId,
  owner: 'owner',
  input: `["canary of ${id}"]`,
  answer: `{"id":"${id}"}`,
  createdAt: NOW,
  itemIds: [`item of ${id}`],
  ...changes,
})

export function keptAnswerStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`kept answer store on ${name}`, () => {
    const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
    let opened: TestDatabase
    let store: KeptAnswerStore
    beforeEach(async () => {
      opened = await openTestDatabase()
      store = createKeptAnswerStore(opened.database, secrets, randomBytes)
    })
    afterEach(() => opened.close())

    const insert = (id: string, parentId?: string, changes: Partial<NewAnswer> = {}) =>
      store.insert(sample(id, parentId, changes), NOW + HOUR_MS)
    const idsOfThread = async (id: string, owner = 'owner', limits = most) => {
      const reading = await store.readThread(id, owner, limits)
      return reading.kind === 'whole' ? reading.answers.map((each) => each.id) : reading.kind
    }
    const idsWith = async (...items: string[]) =>
      (await store.findByItems(items, 'owner', most))?.map(({ id }) => id).toSorted()
    const rowsOf = (table: 'kept_answers' | 'kept_threads' | 'kept_items') =>
      opened.database.selectFrom(table).selectAll().execute()
    const rowCounts = async () => {
      const rows = await Promise.all([rowsOf('kept_threads'), rowsOf('kept_answers'), rowsOf('kept_items')])
      return rows.map(({ length }) => length)
    }

    it('finds an answer as it was kept, for its owner alone', async () => {
      await insert('a')
      expect(await store.find('a', 'owner', NOW)).toEqual({
        id: 'a',
        parentId: undefined,
        input: '["canary of a"]',
        answer: '{"id":"a"}',
      })
      expect(await store.find('a', 'another', NOW)).toBeUndefined()
      expect(await store.find('b', 'owner', NOW)).toBeUndefined()
      expect(await idsOfThread('a', 'another')).toBe('unknown')
      expect(await store.findByItems(['item of a'], 'another', most)).toEqual([])
      expect(await store.remove('a', 'another', NOW)).toBe(false)
    })

    it('has nothing in clear that was said', async () => {
      await insert('a')
      await insert('b', 'a')
      const text = JSON.stringify([await rowsOf('kept_threads'), await rowsOf('kept_answers')])
      expect(text).not.toContain('canary')
      expect((await rowsOf('kept_threads')).map(({ key }) => key.startsWith(secrets.currentSeal))).toEqual([
        true,
      ])
    })

    it('reads a conversation from its beginning, each branch for itself', async () => {
      for (const [id, parent] of [['a'], ['b', 'a'], ['c', 'b'], ['d', 'a']] as const)
        await insert(id, parent)
      expect(await idsOfThread('c')).toEqual(['a', 'b', 'c'])
      expect(await idsOfThread('d')).toEqual(['a', 'd'])
      expect(await rowCounts()).toEqual([1, 4, 4])
      expect(await rowsOf('kept_threads')).toMatchObject([{ id: 'a', answers: 4 }])
    })

    it('reads no more of it than it may', async () => {
      for (const [id, parent] of [['a'], ['b', 'a'], ['c', 'b']] as const) await insert(id, parent)
      expect(await idsOfThread('c', 'owner', { ...most, mostAnswers: 3 })).toEqual(['a', 'b', 'c'])
      expect(await idsOfThread('c', 'owner', { ...most, mostAnswers: 2 })).toBe('too-long')
      expect(await idsOfThread('c', 'owner', { ...most, mostBytes: 200 })).toBe('too-long')
      expect(await store.findByItems(['item of a'], 'owner', { ...most, mostBytes: 20 })).toBeUndefined()
    })

    it('forgets nothing of a conversation that somebody goes on with', async () => {
      await insert('a')
      const later = NOW + HOUR_MS / 2
      await store.insert(sample('b', 'a', { createdAt: later }), later + HOUR_MS)
      const afterFirst = NOW + HOUR_MS + 1
      expect(await store.prune(afterFirst, 100)).toBe(0)
      expect(await idsOfThread('b', 'owner', { ...most, now: afterFirst })).toEqual(['a', 'b'])
    })

    it('finds nothing whose time is over, and forgets it piece by piece', async () => {
      await insert('a')
      await insert('b', 'a')
      await store.insert(sample('c'), NOW + 2 * HOUR_MS)
      const end = NOW + HOUR_MS
      expect(await store.find('b', 'owner', end)).toBeUndefined()
      expect(await idsOfThread('b', 'owner', { ...most, now: end })).toBe('unknown')
      expect(await store.findByItems(['item of b'], 'owner', { ...most, now: end })).toEqual([])
      expect(await store.prune(end, 1)).toBe(1)
      expect(await rowCounts()).toEqual([2, 2, 2])
      expect(await store.prune(end, 100)).toBe(1)
      expect(await rowCounts()).toEqual([1, 1, 1])
      expect(await store.prune(end, 100)).toBe(0)
    })

    it('begins anew with an answer whose conversation has gone meanwhile', async () => {
      await insert('a')
      await store.insert(sample('b', 'a', { createdAt: NOW + 2 * HOUR_MS }), NOW + 3 * HOUR_MS)
      const then = { ...most, now: NOW + 2 * HOUR_MS }
      expect(await store.find('b', 'owner', then.now)).toMatchObject({ parentId: 'a' })
      await store.prune(then.now, 100)
      expect(await idsOfThread('b', 'owner', then)).toBe('cut')
    })

    it('finds the answers that have items, by ids of any length, in the latest that has them', async () => {
      const long = 'x'.repeat(5000)
      await insert('a', undefined, { itemIds: ['shared', long, long] })
      await insert('b', 'a', { itemIds: ['shared'] })
      expect(await idsWith(long)).toEqual(['a'])
      expect(await idsWith('shared', long, 'nothing')).toEqual(['a', 'b'])
      const many = Array.from({ length: 250 }, (_, index) => `item ${index}`)
      await insert('c', undefined, { itemIds: many })
      expect(await idsWith(...many)).toEqual(['c'])
    })

    it('removes an answer at once, and what others go on from with the last of them', async () => {
      for (const [id, parent] of [['a'], ['b', 'a'], ['c', 'b'], ['d', 'a']] as const)
        await insert(id, parent)
      expect(await store.remove('a', 'owner', NOW)).toBe(true)
      expect(await store.remove('a', 'owner', NOW)).toBe(false)
      expect(await store.find('a', 'owner', NOW)).toBeUndefined()
      expect(await idsOfThread('a')).toBe('unknown')
      expect(await store.findByItems(['item of a'], 'owner', most)).toEqual([])
      expect(await idsOfThread('c')).toEqual(['a', 'b', 'c'])
      expect(await store.remove('b', 'owner', NOW)).toBe(true)
      expect(await store.remove('c', 'owner', NOW)).toBe(true)
      expect(await idsOfThread('d')).toEqual(['a', 'd'])
      expect(await rowCounts()).toEqual([1, 2, 1])
      expect(await store.remove('d', 'owner', NOW)).toBe(true)
      expect(await rowCounts()).toEqual([0, 0, 0])
    })

    it('ends the conversations that were used longest ago, and no others', async () => {
      for (const [minute, id] of ['a', 'b', 'c'].entries()) {
        await store.insert(sample(id), NOW + HOUR_MS + minute * 60_000)
      }
      await store.insert(sample('x', undefined, { owner: 'another' }), NOW + HOUR_MS)
      await store.insert(sample('a2', 'a'), NOW + 2 * HOUR_MS)
      await store.expireExcess('owner', { answers: 3, bytes: 1e6 }, NOW)
      const found = async () => {
        const each = ['a', 'a2', 'b', 'c'].map((id) => store.find(id, 'owner', NOW))
        return (await Promise.all(each)).flatMap((answer) => answer?.id ?? [])
      }
      expect(await found()).toEqual(['a', 'a2', 'c'])
      await store.expireExcess('owner', { answers: 100, bytes: 1 }, NOW)
      expect(await found()).toEqual([])
      expect(await store.find('x', 'another', NOW)).toBeDefined()
      await store.prune(NOW, 100)
      expect((await rowsOf('kept_answers')).map(({ id }) => id)).toEqual(['x'])
    })

    it('takes the beginning of a conversation that alone is more than may be', async () => {
      for (const [at, [id, parent]] of ([['a'], ['b', 'a'], ['c', 'b']] as const).entries()) {
        await insert(id, parent, { createdAt: NOW + at })
      }
      await store.expireExcess('owner', { answers: 2, bytes: 1e6 }, NOW)
      expect(await store.find('a', 'owner', NOW)).toBeUndefined()
      expect(await store.find('c', 'owner', NOW)).toBeDefined()
      expect(await idsOfThread('c')).toBe('cut')
      expect(await rowsOf('kept_threads')).toMatchObject([{ answers: 2 }])
    })

    it('opens nothing that was moved to another owner, row or conversation', async () => {
      await insert('a')
      await insert('b')
      const { database } = opened
      const set = (values: object, id: string) =>
        database.updateTable('kept_answers').set(values).where('id', '=', id).execute()
      const [a] = (await rowsOf('kept_answers')).filter(({ id }) => id === 'a').flatMap((row) => [row])
      await set({ ...a, id: 'b', thread_id: 'b' }, 'b')
      expect(await store.find('b', 'owner', NOW)).toBeUndefined()
      await set({ thread_id: 'b' }, 'a')
      expect(await store.find('a', 'owner', NOW)).toBeUndefined()
      await set({ thread_id: 'a' }, 'a')
      expect(await store.find('a', 'owner', NOW)).toBeDefined()
      await database.updateTable('kept_threads').set({ owner: 'thief' }).where('id', '=', 'a').execute()
      expect(await store.find('a', 'thief', NOW)).toBeUndefined()
    })

    it('S22: has its keys sealed anew with the current data key, and opens what was sealed before', async () => {
      const { database } = opened
      const keys = await openSecrets({
        dataDirectory: '/nowhere',
        masterKey: randomBytes(32).toString('hex'),
        checks: createSecretCheckStore(database),
        dataKeys: createDataKeyStore(database),
        randomBytes,
      })
      store = createKeptAnswerStore(database, keys.secrets, randomBytes)
      await insert('a')
      await keys.rotate()
      expect(await resealAll({ database, secrets: keys.secrets }, async () => true)).toEqual({
        resealed: 1,
        unreadable: 0,
      })
      await insert('b', 'a')
      expect(await idsOfThread('b')).toEqual(['a', 'b'])
    })
  })
}

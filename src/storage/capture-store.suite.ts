/** What every database must do for captured bodies. Each database's test calls this. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSecrets } from '../access/master-key.ts'
import { createSecrets, SealError } from '../access/secrets.ts'
import { nothingHidden, type CapturedCall } from '../captures/captured-body.ts'
import type { CaptureRule } from '../captures/capture-rule.ts'
import type { CaptureStore } from '../captures/capture-store.ts'
import type { Happening } from '../events/event.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createCaptureStore } from './captures.ts'
import { createDataKeyStore } from './data-keys.ts'
import { resealAll } from './reseal.ts'
import { createSecretCheckStore } from './settings.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const HOUR_MS = 3_600_000
const plenty = { mostCalls: 100, mostBytes: 1e6 }
const started: Happening = { kind: 'capture-started', actor: { kind: 'gateway' } }
const stopped: Happening = { kind: 'capture-stopped', actor: { kind: 'gateway' } }

const ruleOf = (changes: Partial<CaptureRule> = {}): CaptureRule => ({
  scope: 'all',
  startedAt: NOW,
  endsAt: NOW + HOUR_MS,
  ...changes,
})
const callOf = (id: string, age = 0): CapturedCall => {
  const body = { text: `canary of ${id}`, bytes: 9, isCut: false, hidden: nothingHidden() }
  return {
    id,
    at: NOW - age,
    expiresAt: NOW - age + HOUR_MS,
    path: '/v1/messages',
    request: { form: 'json', ...body },
    answer: { form: 'stream', ...body },
  }
}

export function captureStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`capture store on ${name}`, () => {
    const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
    let opened: TestDatabase
    let store: CaptureStore
    let recorded: Happening[]
    let isBroken: boolean
    beforeEach(async () => {
      opened = await openTestDatabase()
      recorded = []
      isBroken = false
      const append = async (_: unknown, ...happenings: readonly Happening[]) => {
        if (isBroken) throw new Error('cannot record')
        recorded.push(...happenings)
      }
      store = createCaptureStore(opened.database, secrets, { append })
    })
    afterEach(() => opened.close())

    const insert = (calls: readonly CapturedCall[], bounds = plenty) => store.insert(calls, new Map(), bounds)
    const idsKept = async () => (await store.summarize(NOW)).callIds
    const rows = () => opened.database.selectFrom('captured_calls').selectAll().orderBy('id').execute()

    it('has one rule of each scope, the latest', async () => {
      await store.putRule(ruleOf(), started)
      await store.putRule(ruleOf({ scope: 'key', keyId: 'k' }), started)
      await store.insert([], new Map([['all', { captured: 3, dropped: 2 }]]), plenty)
      expect(await store.listRules()).toEqual([
        { ...ruleOf(), captured: 3, dropped: 2 },
        { ...ruleOf({ scope: 'key', keyId: 'k' }), captured: 0, dropped: 0 },
      ])
      const later = ruleOf({ endsAt: NOW + 5 })
      await store.putRule(later, started)
      expect((await store.listRules())[0]).toEqual({ ...later, captured: 0, dropped: 0 })
      expect([await store.readRevision(), recorded.length]).toEqual([3, 3])
    })

    it('switches nothing that cannot be recorded', async () => {
      await store.putRule(ruleOf(), started)
      await insert([callOf('a')])
      isBroken = true
      await expect(store.putRule(ruleOf({ scope: 'errors' }), started)).rejects.toThrow('cannot record')
      await expect(store.removeRule('all', () => stopped)).rejects.toThrow('cannot record')
      await expect(store.purge(NOW, () => stopped)).rejects.toThrow('cannot record')
      await expect(store.endRules(NOW + HOUR_MS, () => stopped)).rejects.toThrow('cannot record')
      expect([(await store.listRules()).length, await idsKept(), await store.readRevision()]).toEqual([
        1,
        ['a'],
        1,
      ])
    })

    it('takes a rule away once, and those that are over', async () => {
      await store.putRule(ruleOf(), started)
      await store.putRule(ruleOf({ scope: 'errors', endsAt: NOW + 1 }), started)
      expect(await store.removeRule('all', () => stopped)).toBe(true)
      expect(await store.removeRule('all', () => stopped)).toBe(false)
      await store.endRules(NOW, () => stopped)
      expect(await store.listRules()).toHaveLength(1)
      await store.endRules(NOW + 1, ({ scope }) => ({ ...stopped, reason: scope }))
      await store.endRules(NOW + 1, () => stopped)
      expect([await store.listRules(), recorded.length, recorded.at(-1)?.reason]).toEqual([[], 4, 'errors'])
    })

    it('gives back what was said, with nothing of it in clear', async () => {
      const call = callOf('a')
      const { answer: _, ...unanswered } = callOf('b')
      await insert([call, unanswered])
      expect([await store.find('a', NOW), await store.find('b', NOW)]).toEqual([call, unanswered])
      expect(JSON.stringify(await rows())).not.toContain('canary')
      expect((await rows()).every(({ bodies }) => bodies.startsWith(secrets.currentSeal))).toBe(true)
    })

    it('keeps each call once', async () => {
      await insert([callOf('a')])
      await insert([callOf('a', 5)])
      expect((await store.find('a', NOW))?.at).toBe(NOW)
    })

    it('S19: does not open what was moved', async () => {
      await insert([callOf('a'), callOf('b')])
      const [row] = await rows()
      await opened.database
        .updateTable('captured_calls')
        .set({ bodies: row?.bodies ?? '' })
        .where('id', '=', 'b')
        .execute()
      await expect(store.find('b', NOW)).rejects.toThrow(SealError)
    })

    it('lets the oldest go, by number and by bytes', async () => {
      await insert(['a', 'b', 'c', 'd'].map((id, index) => callOf(id, index * 1000)))
      await insert([callOf('e', 500)], { ...plenty, mostCalls: 3 })
      expect(await idsKept()).toEqual(['a', 'e', 'b'])
      const [row] = await rows()
      await insert([callOf('f', -1)], { ...plenty, mostBytes: (row?.bytes ?? 0) * 2 + 10 })
      expect(await idsKept()).toEqual(['f', 'a'])
      expect(await store.summarize(NOW)).toMatchObject({ calls: 2, oldestAt: NOW })
    })

    it('has nothing that has expired, and forgets it', async () => {
      await insert([callOf('a', HOUR_MS), callOf('b', HOUR_MS - 1)])
      expect([await idsKept(), await store.find('a', NOW)]).toEqual([['b'], undefined])
      await store.prune(NOW, NOW - 2 * HOUR_MS)
      expect((await rows()).map(({ id }) => id)).toEqual(['b'])
      // The operator keeps them for less time now.
      await store.prune(NOW, NOW - 10)
      expect(await rows()).toEqual([])
    })

    it('forgets all when it is told to', async () => {
      await insert([callOf('a'), callOf('b')])
      expect(await store.purge(NOW, (calls) => ({ ...stopped, after: { calls } }))).toBe(2)
      expect([await rows(), recorded.at(-1)?.after]).toEqual([[], { calls: 2 }])
    })

    it('keeps nothing that had ended when all was forgotten, whoever brings it later', async () => {
      await store.purge(NOW - 10, () => stopped)
      await store.purge(NOW, () => stopped)
      const other = createCaptureStore(opened.database, secrets, { append: async () => {} })
      const counts = new Map([['all', { captured: 1, dropped: 0 }]] as const)
      await store.putRule(ruleOf(), started)
      await other.insert([callOf('a', 5), callOf('b', 0), callOf('c', -1)], counts, plenty)
      expect(await idsKept()).toEqual(['c'])
      expect(await store.listRules()).toMatchObject([{ captured: 1 }])
    })

    it('opens bodies when their data key was rotated, and after they were sealed anew', async () => {
      const { database } = opened
      const keys = await openSecrets({
        dataDirectory: '/nowhere',
        masterKey: randomBytes(32).toString('hex'),
        checks: createSecretCheckStore(database),
        dataKeys: createDataKeyStore(database),
        randomBytes,
      })
      const rotating = createCaptureStore(database, keys.secrets, { append: async () => {} })
      await rotating.insert([callOf('a')], new Map(), plenty)
      await keys.rotate()
      expect(await rotating.find('a', NOW)).toEqual(callOf('a'))
      expect(await resealAll({ database, secrets: keys.secrets }, async () => true)).toEqual({
        resealed: 1,
        unreadable: 0,
      })
      expect((await rows())[0]?.bodies.startsWith(keys.secrets.currentSeal)).toBe(true)
      expect(await rotating.find('a', NOW)).toEqual(callOf('a'))
    })
  })
}

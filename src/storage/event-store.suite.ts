/** What every database must do for events. Each database's test calls this. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../../test/fake-clock.ts'
import type { AccountStore } from '../accounts/account-store.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import type { AccountStatus } from '../accounts/status.ts'
import { createSecrets } from '../access/secrets.ts'
import type { ChainProblem } from '../events/check-chain.ts'
import type { EventFilter, EventStore } from '../events/event-store.ts'
import { GATEWAY, type Happening } from '../events/event.ts'
import { createEvents, type Events } from '../events/events.ts'
import type { TestDatabase } from './account-store.suite.ts'
import { createAccountStore } from './accounts.ts'
import { createEventLog } from './event-log.ts'
import { createEventStore } from './events.ts'

const HOUR_MS = 3_600_000
const everything: EventFilter = {}
const removal = (id: string, name = `label of ${id}`): Happening => ({
  kind: 'account-removed',
  actor: { kind: 'operator', via: 'password', address: '192.0.2.7' },
  subject: { kind: 'account', id, name },
  before: { label: name, tags: ['b', 'a'] },
})
const setting: Happening = { kind: 'setting-changed', actor: GATEWAY, after: { value: 1 }, reason: 'why' }

export function eventStoreSuite(name: string, openTestDatabase: () => Promise<TestDatabase>): void {
  describe(`event store on ${name}`, () => {
    const secrets = createSecrets({
      masterKey: Buffer.alloc(32, 7),
      randomBytes: (size) => Buffer.alloc(size),
    })
    let opened: TestDatabase
    let clock: FakeClock
    let store: EventStore
    let events: Events
    let accounts: AccountStore
    let alarms: ChainProblem[]
    beforeEach(async () => {
      opened = await openTestDatabase()
      clock = createFakeClock()
      alarms = []
      const log = createEventLog(secrets, clock)
      store = createEventStore(opened.database, log)
      events = createEvents({
        store,
        chain: log.chain,
        cursorKey: secrets.deriveKey('event-cursors'),
        alarm: (problems) => void alarms.push(...problems),
      })
      accounts = createAccountStore(opened.database, secrets, log)
    })
    afterEach(() => opened.close())

    async function record(...ids: string[]): Promise<void> {
      for (const id of ids) await events.record(removal(id))
    }
    const idsOf = async (filter = everything, limit = 100) =>
      (await events.list(filter, { limit })).entries.map(({ id }) => id)
    const problemsOf = async () => (await events.verify()).problems
    const tell = async () => (await events.list(everything, { limit: 100 })).entries

    it('S60: gives back who did what, when and to what, latest first', async () => {
      await events.record(removal('a'))
      clock.advance(1)
      await events.record(setting)
      const [second, first] = await tell()
      expect(first).toMatchObject({ id: 1, at: '2026-11-22T10:00:00.000Z', ...removal('a') })
      expect(second).toMatchObject({ id: 2, at: '2026-11-22T10:00:00.001Z', ...setting })
      expect(second?.previousHash).toBe(first?.hash)
      expect(await events.verify()).toEqual({
        checked: 2,
        problems: [],
        through: { id: 2, hash: second?.hash },
        nextCursor: undefined,
      })
    })

    it('S60: gives back what no text column takes as it is, and it still counts as unchanged', async () => {
      await events.record({
        ...removal('a\u0000b\ud800', 'line\nbreak \u001b[31m'),
        before: { label: '\u0000\ud800\u202e', '': [null, { z: 1, a: 'ä' }], ['__proto__']: 1.5e300 },
        reason: 'x'.repeat(5000),
      })
      const [entry] = await tell()
      expect(entry?.subject).toEqual({ kind: 'account', id: 'a b\ufffd', name: 'line break  [31m' })
      expect(entry?.before?.['label']).toBe('\u0000\ud800\u202e')
      expect(entry?.reason).toHaveLength(1000)
      expect(await problemsOf()).toEqual([])
    })

    it('S60: keeps one chain when many record at once', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, n) => events.record(removal(`account-${n}`))))
      expect((await idsOf()).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
      expect(await problemsOf()).toEqual([])
    })

    it.each<[string, (id: number) => Promise<unknown>, ChainProblem[]]>([
      [
        'an entry was taken away from the middle',
        (id) => opened.database.deleteFrom('events').where('id', '=', id).execute(),
        [{ kind: 'broken', id: 4 }],
      ],
      [
        'what an entry says was changed',
        (id) => change(id, { before: '{"label":"another"}' }),
        [{ kind: 'changed', id: 3 }],
      ],
      [
        'who did it was changed',
        (id) => change(id, { actor_name: 'somebody' }),
        [{ kind: 'changed', id: 3 }],
      ],
      [
        'a time was changed',
        (id) => change(id, { at: '2020-01-01T00:00:00.000Z' }),
        [{ kind: 'changed', id: 3 }],
      ],
      ['an entry was made unreadable', (id) => change(id, { before: '{{' }), [{ kind: 'changed', id: 3 }]],
      [
        'an entry was replaced with a hash that somebody made up',
        (id) => change(id, { reason: 'forged', hash: 'a'.repeat(64) }),
        [
          { kind: 'changed', id: 3 },
          { kind: 'broken', id: 4 },
        ],
      ],
      [
        'the end was cut off',
        (id) => opened.database.deleteFrom('events').where('id', '>', id).execute(),
        [{ kind: 'cut-off', id: 5 }],
      ],
      [
        'the beginning was taken away',
        (id) => opened.database.deleteFrom('events').where('id', '<', id).execute(),
        [{ kind: 'broken', id: 3 }],
      ],
      [
        'everything was taken away',
        () => opened.database.deleteFrom('events').execute(),
        [{ kind: 'cut-off', id: 5 }],
      ],
      [
        'the end was cut off, and its signature with it',
        async (id) => {
          await opened.database.deleteFrom('events').where('id', '>', id).execute()
          await opened.database.deleteFrom('settings').where('name', '=', 'events-head').execute()
        },
        [{ kind: 'cut-off', id: 3 }],
      ],
    ])('S60: notices that %s, and forgets it never', async (_, tamper, problems) => {
      await record('a', 'b', 'c', 'd', 'e')
      await tamper(3)
      expect(await problemsOf()).toEqual(problems)
      await events.lookAtEnd()
      expect(alarms.length > 0 || problems.every(({ kind }) => kind === 'broken')).toBe(true)
      await record('f')
      expect(await problemsOf()).not.toEqual([])
    })

    async function change(
      id: number,
      values: Partial<Record<'before' | 'actor_name' | 'at' | 'reason' | 'hash', string>>,
    ) {
      await opened.database.updateTable('events').set(values).where('id', '=', id).execute()
    }

    it('S60: a chain of another master key is none', async () => {
      await record('a')
      const others = createEventLog({ deriveKey: () => Buffer.alloc(32, 1) }, clock)
      const foreign = createEvents({
        store: createEventStore(opened.database, others),
        chain: others.chain,
        cursorKey: Buffer.alloc(32),
        alarm: () => {},
      })
      expect((await foreign.verify()).problems).toEqual([
        { kind: 'changed', id: 1 },
        { kind: 'cut-off', id: 1 },
      ])
    })

    it('looks at no more than it is told to, and goes on where it was', async () => {
      await record('a', 'b', 'c')
      const first = await store.readSection(0, 2)
      expect([first.entries.map(({ id }) => id), first.isEnd]).toEqual([[1, 2], false])
      const rest = await store.readSection(2, 2)
      expect([rest.entries.map(({ id }) => id), rest.isEnd]).toEqual([[3], true])
      expect((await store.readEnd(2)).entries.map(({ id }) => id)).toEqual([2, 3])
    })

    it('S60: forgets what is old, and what remains can still be verified', async () => {
      await record('a', 'b', 'c')
      clock.advance(HOUR_MS)
      await record('d', 'e')
      const olderThan = new Date(clock.now() - 1)
      expect(await store.prune(olderThan, 2)).toEqual({ count: 2, problems: [] })
      expect(await store.prune(olderThan, 2)).toEqual({ count: 1, problems: [] })
      expect(await store.prune(olderThan, 2)).toEqual({ count: 0, problems: [] })
      expect(await idsOf()).toEqual([7, 6, 5, 4])
      expect((await tell())[0]).toMatchObject({ kind: 'events-pruned', after: { through: 3, entries: 1 } })
      expect(await problemsOf()).toEqual([])
      await events.lookAtEnd()
      expect(alarms).toEqual([])
      // The last one stays, or nobody would know where the chain goes on.
      clock.advance(HOUR_MS)
      expect((await store.prune(new Date(clock.now()), 100)).count).toBe(3)
      expect(await idsOf()).toEqual([8, 7])
      expect(await problemsOf()).toEqual([])
    })

    it('S60: notices what was taken away beside a pruning, and says so when it is pruned itself', async () => {
      await record('a', 'b', 'c', 'd')
      clock.advance(HOUR_MS)
      await record('e')
      await opened.database.deleteFrom('events').where('id', '=', 2).execute()
      const { problems } = await store.prune(new Date(clock.now()), 2)
      expect(problems).toEqual([{ kind: 'broken', id: 3 }])
      expect((await tell())[0]).toMatchObject({ after: { through: 3, wereIntact: false } })
      await opened.database.deleteFrom('events').where('id', '=', 4).execute()
      expect(await problemsOf()).toEqual([{ kind: 'broken', id: 5 }])
    })

    it('finds by kind, time, what it happened to and who did it', async () => {
      await record('a', 'b')
      clock.advance(HOUR_MS)
      await events.record(setting)
      clock.advance(HOUR_MS)
      await events.record(removal('A%_\\'))
      const at = (hours: number) => new Date(Date.parse('2026-11-22T10:00:00Z') + hours * HOUR_MS)
      const found = [
        { kind: 'setting-changed' as const },
        { since: at(1) },
        { until: at(1) },
        { since: at(1), until: at(2) },
        { since: at(2), until: at(1) },
        { subject: 'LABEL OF B' },
        { actor: 'PASSWORD' },
        { actor: '192.0.2' },
        { subject: 'b', actor: 'gateway' },
      ]
      expect(await Promise.all(found.map((filter) => idsOf(filter)))).toEqual([
        [3],
        [4, 3],
        [2, 1],
        [3],
        [],
        [2],
        [4, 2, 1],
        [4, 2, 1],
        [],
      ])
    })

    it.each([
      ['%', [2]],
      ['_', [2]],
      ['\\', [2]],
      ['%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%', []],
      ['a%b', []],
      ["'", [3]],
      ["' or 1=1 --", []],
      ['"', []],
    ])('S47: takes %s as text', async (subject, ids) => {
      await record('axb', 'A%_\\', "o'neill")
      expect(await idsOf({ subject })).toEqual(ids)
    })

    it('S47: looks at five thousand entries at once, and leads on to what lies behind them', async () => {
      await record('needle')
      const ids = Array.from({ length: 5000 }, (_, index) => index + 2)
      for (let from = 0; from < ids.length; from += 500) {
        const rows = ids.slice(from, from + 500).map((id) => ({
          id,
          at: new Date(clock.now() + id).toISOString(),
          kind: 'account-changed' as const,
          actor_kind: 'gateway' as const,
          subject_kind: 'account' as const,
          subject_id: `hay ${id}`,
          previous_hash: '',
          hash: '',
        }))
        await opened.database.insertInto('events').values(rows).execute()
      }
      const searches: EventFilter[] = [
        { subject: 'needle' },
        { actor: '192.0.2.7' },
        { subject: '%', since: new Date(0) },
      ]
      for (const filter of searches) {
        const first = await events.list(filter, { limit: 100 })
        expect([first.entries, typeof first.nextCursor]).toEqual([[], 'string'])
        const { nextCursor: cursor = '' } = first
        const behind = await events.list(filter, { limit: 100, cursor })
        const isFound = filter.subject !== '%'
        expect(behind.entries.map(({ id }) => id)).toEqual(isFound ? [1] : [])
        expect(behind.nextCursor).toBeUndefined()
      }
    })

    it('leads through all pages, and tells each entry once', async () => {
      await record('a', 'b', 'c', 'd', 'e')
      const seen: number[] = []
      let cursor: string | undefined
      do {
        const page = await events.list(everything, { limit: 2, ...(cursor !== undefined && { cursor }) })
        seen.push(...page.entries.map(({ id }) => id))
        cursor = page.nextCursor
        await record('later')
      } while (cursor !== undefined)
      expect(seen).toEqual([5, 4, 3, 2, 1])
    })

    it('S60: records what is done with accounts together with it, or neither', async () => {
      const account = sampleAccount('a', { label: 'mine' })
      const credentials = { clientId: 'client', clientSecret: 'secret' }
      await accounts.insert(account, credentials, { ...removal('a'), kind: 'account-created' })
      const stored = await accounts.find('a')
      if (stored === undefined) throw new Error('It was not stored.')
      const happening: Happening = { ...removal('a'), kind: 'account-changed' }
      expect(await accounts.save({ ...stored, label: 'other' }, { standing: false, happening })).toBe(true)
      // It was changed since, so nothing is done and nothing is told.
      expect(await accounts.save({ ...stored, label: 'third' }, { standing: false, happening })).toBe(false)
      expect(await accounts.remove('nobody', removal('nobody'))).toBe(false)
      expect((await tell()).map(({ kind }) => kind)).toEqual(['account-changed', 'account-created'])

      await opened.database.schema.dropTable('events').execute()
      const refused = { failure: { kind: 'overloaded-here', code: 'not_recorded' } }
      const again = { ...stored, revision: 2, label: 'fourth' }
      await expect(accounts.save(again, { standing: false, happening })).rejects.toMatchObject(refused)
      await expect(accounts.remove('a', removal('a'))).rejects.toMatchObject(refused)
      await expect(accounts.insert(sampleAccount('b'), credentials, removal('b'))).rejects.toMatchObject(
        refused,
      )
      await expect(accounts.remove('a', removal('a'))).rejects.toThrow('was not done')
      // By itself, perhaps after what it tells of.
      await expect(events.record(setting)).rejects.toMatchObject(refused)
      await expect(events.record(setting)).rejects.toThrow('may have been done')
      expect((await accounts.list()).map(({ id, label }) => [id, label])).toEqual([['a', 'other']])
    })

    it('S60: records what becomes of a status by itself, once, but no pause', async () => {
      await accounts.insert(sampleAccount('a', { label: 'mine' }), {
        clientId: 'client-1',
        clientSecret: 's',
      })
      const backoff = { throttles: 0, denials: 0 }
      const until = new Date(clock.now() + 1000)
      const ready: AccountStatus = { kind: 'ready' }
      const cooling: AccountStatus = { kind: 'cooling', until, why: 'throttled' }
      const parked: AccountStatus = { kind: 'parked', why: 'Suspended.' }
      async function move(from: AccountStatus, to: AccountStatus) {
        const standing = { from: { status: from, backoff }, to: { status: to, backoff } }
        await accounts.addCounters([{ id: 'a', successes: 0, strikes: 0, strikesReset: false, standing }])
      }
      await move(ready, cooling)
      await move(cooling, { kind: 'exhausted', until })
      await move({ kind: 'exhausted', until }, ready)
      expect(await tell()).toEqual([])
      await move(ready, parked)
      // Another process has seen it too.
      await move(ready, parked)
      await move(parked, ready)
      expect(await tell()).toMatchObject([
        { kind: 'account-status', before: { status: 'parked' }, after: { status: 'ready' } },
        {
          kind: 'account-status',
          actor: { kind: 'gateway' },
          subject: { kind: 'account', id: 'a', name: 'mine' },
          before: { status: 'ready' },
          after: { status: 'parked' },
          reason: 'No longer used until you enable it again. Suspended.',
        },
      ])
      expect(await problemsOf()).toEqual([])
    })
  })
}

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSecrets } from '../access/secrets.ts'
import type { FailureKind } from '../conversation/failures.ts'
import { createAccountStore } from '../storage/accounts.ts'
import { openDatabase, type Database } from '../storage/database.ts'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { AccountStore } from './account-store.ts'
import { isEnabled, type Account } from './account.ts'
import type { Outcome } from './standing/after-outcome.ts'
import { followChanges } from './follow-changes.ts'
import { createPool } from './pool/pool.ts'
import { sampleAccount, sampleLimits } from './sample-account.ts'
import { ready, waitsForPerson, type AccountStatus } from './status.ts'
import { chooseAtRandom } from './pool/strategies/random.ts'

const byHand: AccountStatus = { kind: 'disabled', by: 'operator' }
const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
const credentials = { clientId: 'client', clientSecret: 'canary-secret', refreshToken: 'canary-refresh' }
const failed = (kind: FailureKind): Outcome => ({ kind: 'failed', failure: { kind, message: 'scripted' } })
/** The database answers in its own time. */
const soon = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

const directory = mkdtempSync(join(tmpdir(), 'aqueduct-follow-'))
let database: Database
let store: AccountStore
beforeAll(async () => {
  database = await openDatabase({ path: join(directory, 'data.sqlite3') })
  store = createAccountStore(database, secrets)
})
beforeEach(async () => {
  await database.deleteFrom('accounts').execute()
})
afterAll(async () => {
  await database.destroy()
  rmSync(directory, { recursive: true })
})

const processes: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.close()))
})

/** What one process has of accounts, looking at the database when its clock is moved. */
async function startProcess(clock = createFakeClock(), own: AccountStore = store) {
  const told: string[] = []
  const forgotten: string[] = []
  const reports: unknown[] = []
  const since = await own.readRevision()
  const pool = await createPool({
    store: own,
    models: {
      offers: () => true,
      noteAccount: ({ id }) => void told.push(id),
      forgetAccount: (id) => void told.push(`${id} is gone`),
      noteModelRefused: () => {},
    },
    strategy: chooseAtRandom,
    random: () => 0.5,
    clock,
    limits: sampleLimits,
    report: (error) => void reports.push(error),
  })
  const follower = followChanges({
    store: own,
    pool,
    freshCredentials: {
      forget: (id) => void forgotten.push(id),
      forgetBefore: (id, version) => void forgotten.push(`${id} before ${version}`),
    },
    since,
    clock,
    report: (error) => void reports.push(error),
  })
  const started = {
    pool,
    clock,
    told,
    forgotten,
    reports,
    async follow() {
      clock.advance(1000)
      await soon()
    },
    async close() {
      await follower.close()
      await pool.close()
    },
  }
  processes.push(started)
  return started
}

const insert = (id: string, changes: Partial<Account> = {}) =>
  store.insert(sampleAccount(id, changes), credentials)
const scoreOf = ({ id, status, backoff, strikes }: Account) => ({ id, status, backoff, strikes })
const idsOf = (pool: { enabled(): readonly Account[] }) =>
  pool
    .enabled()
    .map(({ id }) => id)
    .toSorted()

async function readStored(id: string): Promise<Account> {
  const account = await store.find(id)
  if (account === undefined) throw new Error(`${id} is missing`)
  return account
}

const withoutRevision = ({ revision: _revision, ...account }: Account) => account

describe('a process', () => {
  it('learns of accounts that another one adds, changes and removes', async () => {
    await insert('a')
    const here = await startProcess()
    await insert('b')
    await here.follow()
    expect(idsOf(here.pool)).toEqual(['a', 'b'])
    await store.save({ ...(await readStored('b')), status: byHand }, { standing: true })
    await store.remove('a')
    await here.follow()
    expect(idsOf(here.pool)).toEqual([])
    expect(here.told).toEqual(['b', 'b', 'a is gone'])
    expect(here.forgotten).toContain('a')
  })

  it('serves a request that waits as soon as another one has switched an account on', async () => {
    await insert('a', {
      status: { kind: 'cooling', until: new Date(Date.parse('2026-11-22T10:00:04Z')), why: 'throttled' },
    })
    const here = await startProcess()
    const waiting = here.pool.lease()
    await store.save({ ...(await readStored('a')), status: ready }, { standing: true })
    await here.follow()
    expect((await waiting)?.account.id).toBe('a')
  })

  it('does not use on what it knew of credentials that were replaced', async () => {
    await insert('a')
    const here = await startProcess()
    await store.save(await readStored('a'), {
      standing: false,
      credentials: { ...credentials, refreshToken: 'new' },
    })
    await here.follow()
    expect(here.forgotten).toEqual(['a before 2'])
  })

  it.each(['before', 'after'] as const)(
    'does not have an account that was signed in anew sign in again, when the old refusal is written %s it is known',
    async (when) => {
      await insert('a')
      const here = await startProcess()
      here.pool.note('a', failed('sign-in-needed'))
      await store.save(
        { ...(await readStored('a')), clientId: 'new' },
        { standing: true, credentials: { ...credentials, clientId: 'new' } },
      )
      if (when === 'after') await here.follow()
      await here.pool.flush()
      expect(await readStored('a')).toMatchObject({ status: ready, backoff: { throttles: 0, denials: 0 } })
      await here.follow()
      expect(here.pool.enabled()).toMatchObject([{ clientId: 'new', status: ready }])
      here.pool.note('a', failed('sign-in-needed'))
      await here.pool.flush()
      expect(await readStored('a')).toMatchObject({ status: { why: 'sign-in-refused' } })
    },
  )

  it('takes its own writes for no news when they come back', async () => {
    await insert('a')
    await insert('b')
    const here = await startProcess()
    here.pool.note('a', failed('throttled'))
    here.pool.note('b', failed('upstream-unavailable'))
    await here.pool.flush()
    const before = here.pool.enabled().toSorted((x, y) => x.id.localeCompare(y.id))
    await here.follow()
    expect(here.pool.enabled().map(withoutRevision)).toEqual(before.map(withoutRevision))
    expect(here.told).toEqual([])
  })

  it('keeps what it has counted and not written yet', async () => {
    await insert('a')
    const here = await startProcess()
    here.pool.note('a', failed('upstream-unavailable'))
    here.pool.note('a', failed('throttled'))
    // Another one's strike arrives first.
    await store.addCounters([{ id: 'a', successes: 1, strikes: 1, strikesReset: false }])
    const { changed } = await store.changedSince(0)
    await here.pool.catchUp(async () => ({ ids: ['a'], changed }))
    expect(here.pool.enabled()).toMatchObject([{ strikes: 2, successes: 1, status: { kind: 'cooling' } }])
    await here.pool.flush()
    expect(await store.find('a')).toMatchObject({ strikes: 2, successes: 1, status: { kind: 'cooling' } })
  })

  it('disables an account by strikes that several have counted', async () => {
    for (const id of ['a', 'b']) await insert(id)
    const here = await startProcess()
    const there = await startProcess()
    for (const each of [here, there]) {
      each.pool.note('a', failed('upstream-unavailable'))
      await each.pool.flush()
    }
    await here.follow()
    here.pool.note('a', failed('upstream-unavailable'))
    expect(idsOf(here.pool)).toEqual(['b'])
    await here.pool.flush()
    await there.follow()
    expect(idsOf(there.pool)).toEqual(['b'])
  })

  it('starts the strikes anew when another one had a success', async () => {
    await insert('a', { strikes: 2 })
    await insert('b')
    const here = await startProcess()
    await store.addCounters([{ id: 'a', successes: 1, strikes: 0, strikesReset: true }])
    await here.follow()
    here.pool.note('a', failed('upstream-unavailable'))
    expect(idsOf(here.pool)).toEqual(['a', 'b'])
  })

  it('looks once more at what was changed here while it read', async () => {
    await insert('a')
    const here = await startProcess()
    const { changed } = await store.changedSince(0)
    const caughtUp = await here.pool.catchUp(async () => {
      here.pool.put(sampleAccount('a', { status: byHand }))
      return { ids: [], changed }
    })
    expect(caughtUp).toEqual({ changed: [], removed: [], isWhole: false })
    expect(here.pool.enabled()).toEqual([])
  })

  it('says once that the database cannot be read, and goes on looking', async () => {
    const disk = { broken: true }
    const own: AccountStore = {
      ...store,
      readRevision: async () => {
        if (disk.broken) throw new Error('no database')
        return store.readRevision()
      },
    }
    disk.broken = false
    const here = await startProcess(createFakeClock(), own)
    disk.broken = true
    await insert('a')
    await here.follow()
    await here.follow()
    expect(here.reports).toEqual([new Error('no database')])
    disk.broken = false
    await here.follow()
    expect(idsOf(here.pool)).toEqual(['a'])
    disk.broken = true
    await here.follow()
    expect(here.reports).toHaveLength(2)
  })
})

describe('two processes on one database', () => {
  const kinds: FailureKind[] = ['throttled', 'quota', 'suspended', 'upstream-unavailable', 'access-denied']
  const outcome = fc.oneof(
    { weight: 2, arbitrary: fc.constant<Outcome>({ kind: 'success' }) },
    { weight: 3, arbitrary: fc.constantFrom(...kinds).map(failed) },
  )
  const act = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('note'), id: fc.constantFrom('a', 'b', 'c'), outcome }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'flush' } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: 'follow' } as const) },
  )
  const steps = fc.array(fc.record({ who: fc.nat(1), act }), { maxLength: 25 })

  it('lose no park, count every success, and agree in the end', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        await database.deleteFrom('accounts').execute()
        for (const id of ['a', 'b', 'c']) await insert(id)
        const clock = createFakeClock()
        const both = [await startProcess(clock), await startProcess(clock)]
        const successes = new Map<string, number>()
        const parked = new Set<string>()
        const held = new Set<string>()
        for (const { who, act: step } of taken) {
          const process = both[who]
          if ('outcome' in step) {
            process?.pool.note(step.id, step.outcome)
            if (step.outcome.kind === 'success') successes.set(step.id, (successes.get(step.id) ?? 0) + 1)
            if (step.outcome.kind === 'failed' && step.outcome.failure.kind === 'suspended')
              parked.add(step.id)
          } else if (step.kind === 'flush') await process?.pool.flush()
          else await process?.follow()
          for (const { id, status } of await store.list()) {
            expect(waitsForPerson(status) || !held.has(id)).toBe(true)
            if (waitsForPerson(status)) held.add(id)
          }
        }
        for (const each of both) await each.pool.flush()
        await both[0]?.follow()
        await both[0]?.pool.flush()
        for (const each of both) await each.follow()

        const inStore = await store.list()
        for (const account of inStore) {
          expect(account.successes).toBe(successes.get(account.id) ?? 0)
          expect(waitsForPerson(account.status) || !parked.has(account.id)).toBe(true)
        }
        const byStrikes = inStore.filter(({ status }) => status.kind === 'disabled')
        expect(byStrikes.length).toBeLessThanOrEqual(2)
        for (const { pool, reports } of both) {
          expect(
            pool
              .enabled()
              .map(scoreOf)
              .toSorted((x, y) => x.id.localeCompare(y.id)),
          ).toEqual(
            inStore
              .filter(isEnabled)
              .map(scoreOf)
              .toSorted((x, y) => x.id.localeCompare(y.id)),
          )
          expect(reports).toEqual([])
        }
        await Promise.all(processes.splice(0).map((each) => each.close()))
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})

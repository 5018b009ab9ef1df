import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toGatewayError } from '../conversation/failures.ts'
import { createSecrets } from '../access/secrets.ts'
import { createAccountStore } from '../storage/accounts.ts'
import { openDatabase, type Database } from '../storage/database.ts'
import { createLeases } from '../storage/leases.ts'
import type { AccountStore } from './account-store.ts'
import type { AccountChange } from './account-input.ts'
import { createAccounts, type Accounts } from './accounts.ts'
import type { Outcome } from './standing/after-outcome.ts'
import { createFreshCredentials } from './tokens/fresh-credentials.ts'
import { createMemorySpill } from './tokens/memory-spill.ts'
import { createRefreshPace } from './tokens/refresh-pace.ts'
import { createTokenKeeper } from './tokens/token-keeper.ts'
import { createTokenLives } from './tokens/token-lives.ts'
import { createFakeClock, type FakeClock } from '../../test/fake-clock.ts'
import { createPool, type Pool } from './pool/pool.ts'
import { sampleLimits } from './sample-account.ts'
import { chooseAtRandom } from './pool/strategies/random.ts'

const input = { clientId: 'client-1', clientSecret: 'canary-secret', refreshToken: 'canary-refresh' }

const refreshTokens = () => Promise.reject(new Error('not expected'))
const oldestFirst = { sortBy: 'created_at', sortOrder: 'asc' } as const
const report = (error: unknown) => {
  throw error
}

const letRun = () => new Promise((resolve) => setImmediate(resolve))

describe('accounts', () => {
  let directory = ''
  let database: Database
  let store: AccountStore
  let pool: Pool
  let accounts: Accounts
  let forgotten: string[] = []
  let clock: FakeClock
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'aqueduct-accounts-'))
    database = await openDatabase({ path: join(directory, 'data.sqlite3') })
    store = createAccountStore(database, createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes }))
    clock = createFakeClock()
    pool = await createPool({
      store,
      strategy: chooseAtRandom,
      random: () => 0,
      clock,
      limits: sampleLimits,
      report,
    })
    const keeper = createTokenKeeper({ store, spill: createMemorySpill().of(), clock, report })
    const fresh = createFreshCredentials({
      store,
      keeper,
      lives: createTokenLives(clock),
      pace: createRefreshPace({ leases: createLeases(database), processId: 'p', clock }),
      refreshTokens,
      processId: 'p',
      clock,
      report,
    })
    forgotten = []
    const freshCredentials = {
      ...fresh,
      forget(id: string) {
        forgotten.push(id)
        fresh.forget(id)
      },
    }
    let count = 0
    const createId = () => `id-${(count += 1)}`
    accounts = createAccounts({ store, pool, freshCredentials, keeper, createId, clock })
  })
  afterEach(async () => {
    await database.destroy()
    rmSync(directory, { recursive: true, force: true })
  })

  it('changes one token only when no refresh is under way, whose refresh token would be lost', async () => {
    const { id } = await accounts.create(input)
    expect(await store.leaseRefresh(id, 1, { owner: 'p', durationMs: 20_000 })).toBe(true)
    const changed = accounts.change(id, { accessToken: 'canary-by-hand' })
    await letRun()
    const tokens = { accessToken: 'canary-new', refreshToken: 'canary-rotated', expiresAt: new Date(0) }
    expect(await store.saveTokens(id, 1, { tokens, at: new Date(clock.now()) })).toBe(true)
    clock.advance(1000)
    await changed
    expect(await store.readCredentials(id)).toMatchObject({
      accessToken: 'canary-by-hand',
      refreshToken: 'canary-rotated',
    })
  })

  it('changes one token only after those that the database did not take are in it', async () => {
    const { id } = await accounts.create(input)
    const broken = { ...store, saveTokens: () => Promise.reject(new Error('the disk is full')) }
    const spill = createMemorySpill()
    const before = createTokenKeeper({ store: broken, spill: spill.of(), clock, report: () => {} })
    const tokens = { accessToken: 'canary-new', refreshToken: 'canary-rotated', expiresAt: new Date(0) }
    expect(await before.keep(id, 1, { tokens, at: new Date(0) })).toBe('spilled')
    const keeper = createTokenKeeper({ store, spill: spill.of(), clock, report })
    const freshCredentials = { forget() {}, refreshNow: () => Promise.resolve() }
    const after = createAccounts({ store, pool, freshCredentials, keeper, createId: () => 'x', clock })
    await after.change(id, { accessToken: null })
    expect((await store.readCredentials(id))?.refreshToken).toBe('canary-rotated')
  })

  it('loses neither of two changes at once', async () => {
    const { id } = await accounts.create(input)
    await Promise.all([accounts.change(id, { label: 'mine' }), accounts.change(id, { weight: 7 })])
    expect(await accounts.get(id)).toMatchObject({ label: 'mine', weight: 7 })
  })

  it('gives up on a change when a refresh does not end', async () => {
    const { id } = await accounts.create(input)
    await store.leaseRefresh(id, 1, { owner: 'p', durationMs: 20_000 })
    const changed = accounts.change(id, { accessToken: 'canary-by-hand' }).catch(toGatewayError)
    for (let second = 0; second < 30; second += 1) {
      await letRun()
      clock.advance(1000)
    }
    expect(await changed).toMatchObject({ failure: { kind: 'refresh-unavailable' } })
  })

  it('creates an account that can be lent at once, and answers it without its secrets', async () => {
    const created = await accounts.create({ ...input, label: 'first', other: { token: 'canary-other' } })
    expect(created).toMatchObject({
      id: 'id-1',
      label: 'first',
      enabled: true,
      created_at: '2026-11-22T10:00:00Z',
      last_refresh_status: 'never',
      channel: 'q-json',
      region: 'us-east-1',
      hasClientSecret: true,
      hasRefreshToken: true,
      hasAccessToken: false,
    })
    expect((await pool.lease())?.account.id).toBe('id-1')
    const answers = [created, await accounts.get('id-1'), await accounts.list(oldestFirst)]
    expect(JSON.stringify(answers)).not.toContain('canary')
    expect(answers).toEqual([created, created, [created]])
  })

  it('takes empty tokens for absent ones', async () => {
    const created = await accounts.create({ ...input, refreshToken: '', accessToken: '' })
    expect(created).toMatchObject({ hasRefreshToken: false, hasAccessToken: false })
    expect(accounts.usableCount()).toBe(0)
  })

  it('creates a disabled account when asked to', async () => {
    expect(await accounts.create({ ...input, enabled: false })).toMatchObject({ enabled: false })
    expect(accounts.usableCount()).toBe(0)
  })

  it.each<[string, AccountChange]>([
    ['proxyUrl', { proxyUrl: null }],
    ['channel', { channel: 'q-rest' }],
    ['region', { region: 'eu-central-1' }],
    ['profileArn', { profileArn: 'none' }],
    ['signInRegion', { signInRegion: 'eu-west-1' }],
    ['models', { models: null }],
    ['refreshToken', { refreshToken: 'canary-other' }],
  ])(
    'takes another %s for the repair of an account that did not work as it was set up',
    async (_, change) => {
      const denied: Outcome = { kind: 'failed', failure: { kind: 'access-denied', message: 'why' } }
      const { id } = await accounts.create(input)
      pool.note(id, denied)
      expect(accounts.usableCount()).toBe(0)
      expect(await accounts.change(id, { label: 'renamed' })).toMatchObject({
        status: { kind: 'misconfigured' },
      })
      expect(await accounts.change(id, change)).toMatchObject({ status: { kind: 'ready' } })
      expect(accounts.usableCount()).toBe(1)
      pool.note(id, denied)
      // A quarter of an hour, as if it were the first time.
      expect(await accounts.get(id)).toMatchObject({ status: { until: '2026-11-22T10:15:00Z' } })
    },
  )

  it('takes no other setting for the repair of an account that rests or was switched off', async () => {
    const { id } = await accounts.create(input)
    const failure = { kind: 'throttled', message: 'why', retryAfterSeconds: 60 } as const
    pool.note(id, { kind: 'failed', failure })
    expect(await accounts.change(id, { region: 'eu-central-1' })).toMatchObject({
      status: { kind: 'cooling' },
    })
    await accounts.change(id, { enabled: false })
    expect(await accounts.change(id, { region: 'us-east-1' })).toMatchObject({ enabled: false })
  })

  it('shows counters that are not stored yet', async () => {
    await accounts.create(input)
    const lease = await pool.lease()
    lease?.settle({ kind: 'success' })
    expect(await accounts.get('id-1')).toMatchObject({ success_count: 1 })
  })

  it('removes an account from store, pool and memory', async () => {
    await accounts.create(input)
    await accounts.remove('id-1')
    expect(await accounts.list(oldestFirst)).toEqual([])
    expect(accounts.usableCount()).toBe(0)
    expect(forgotten).toEqual(['id-1'])
  })

  it('forgets what it knew of credentials that are replaced, with the access token of the sign-in before', async () => {
    await accounts.create({ ...input, accessToken: 'canary-access' })
    const changed = await accounts.change('id-1', { refreshToken: 'canary-other' })
    expect(changed).toMatchObject({ hasRefreshToken: true, hasAccessToken: false })
    expect(forgotten).toEqual(['id-1'])
    expect(await store.readCredentials('id-1')).toEqual({
      clientId: 'client-1',
      clientSecret: 'canary-secret',
      refreshToken: 'canary-other',
      version: 2,
    })
    await accounts.change('id-1', { accessToken: 'canary-access' })
    expect(await store.readCredentials('id-1')).toMatchObject({
      refreshToken: 'canary-other',
      accessToken: 'canary-access',
      version: 3,
    })
  })

  it('keeps credentials and status when only settings change', async () => {
    await accounts.create(input)
    pool.note('id-1', { kind: 'failed', failure: { kind: 'suspended', message: 'why' } })
    expect(await accounts.change('id-1', { weight: 2 })).toMatchObject({
      weight: 2,
      status: { kind: 'parked' },
    })
    expect(forgotten).toEqual([])
    expect(await store.readCredentials('id-1')).toMatchObject({ version: 1 })
  })

  it.each([
    ['parked', { kind: 'suspended', message: 'why' }, 'ready'],
    ['misconfigured', { kind: 'access-denied', message: 'why' }, 'ready'],
    ['exhausted', { kind: 'quota', message: 'why' }, 'exhausted'],
    ['cooling', { kind: 'throttled', message: 'why', retryAfterSeconds: 60 }, 'cooling'],
  ] as const)('switched on, an account that is %s becomes %o → %s', async (before, failure, after) => {
    await accounts.create(input)
    pool.note('id-1', { kind: 'failed', failure })
    expect((await accounts.get('id-1')).status.kind).toBe(before)
    const { status, error_count: errors } = await accounts.change('id-1', { enabled: true })
    expect([status.kind, errors]).toEqual([after, 0])
    await pool.flush()
    expect((await accounts.get('id-1')).status.kind).toBe(after)
  })

  it('mends an account whose stored secrets are damaged when it gets new ones, and not before', async () => {
    await accounts.create(input)
    await database.updateTable('accounts').set({ refreshToken: 'aq1:x:damaged' }).execute()
    expect(await accounts.get('id-1')).toMatchObject({ readable: false })
    await expect(accounts.change('id-1', { label: 'x' })).rejects.toMatchObject({
      failure: { kind: 'invalid-request', field: 'clientSecret' },
    })
    await expect(accounts.refresh('id-1')).rejects.toMatchObject({ failure: { kind: 'invalid-request' } })
    const mended = await accounts.change('id-1', { clientSecret: 's', refreshToken: 'r' })
    expect(mended).toMatchObject({ readable: true, hasRefreshToken: true })
    expect((await pool.lease())?.account.id).toBe('id-1')
  })

  it('adds an account once, whatever it is called', async () => {
    const first = await accounts.add({ ...input, label: 'one' })
    expect(first).toEqual({ status: 'created', id: 'id-1' })
    expect(await accounts.add({ ...input, label: 'two' })).toEqual({ status: 'duplicate', id: 'id-1' })
    expect(await accounts.list(oldestFirst)).toHaveLength(1)
  })

  it.each(['get', 'remove'] as const)('fails to %s what is not there', async (action) => {
    await expect(accounts[action]('x')).rejects.toMatchObject({ failure: { kind: 'not-found' } })
  })
})

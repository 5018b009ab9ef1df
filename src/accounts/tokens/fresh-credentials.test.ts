import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSecrets } from '../../access/secrets.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { createAccountStore } from '../../storage/accounts.ts'
import { openDatabase, type Database } from '../../storage/database.ts'
import { createLeases } from '../../storage/leases.ts'
import type { AccountStore } from '../account-store.ts'
import type { Credentials } from '../account.ts'
import { createFreshCredentials } from './fresh-credentials.ts'
import { createMemorySpill } from './memory-spill.ts'
import { createRefreshPace } from './refresh-pace.ts'
import { createTokenKeeper } from './token-keeper.ts'
import { createTokenLives } from './token-lives.ts'
import { createFakeClock } from '../../../test/fake-clock.ts'
import type { RefreshRequest, RefreshResult } from './refresh-result.ts'
import { sampleAccount } from '../sample-account.ts'

const MINUTE_MS = 60_000
const account = sampleAccount('a')
const refreshed: RefreshResult = {
  kind: 'refreshed',
  accessToken: 'new-access',
  refreshToken: 'new-refresh',
  expiresInSeconds: 3600,
}
const unavailable: RefreshResult = { kind: 'unavailable', reason: 'The sign-in service answered 500.' }
const refused: RefreshResult = { kind: 'refused', error: 'invalid_grant', description: 'revoked' }

/** The failure's kind, or what came instead. */
async function kindOf(work: Promise<string>): Promise<string> {
  return work.catch((error: unknown) => {
    if (error instanceof GatewayError) return error.failure.kind
    throw error
  })
}

describe('fresh credentials', () => {
  let directory = ''
  let database: Database
  let store: AccountStore
  let spill = createMemorySpill()
  let clock = createFakeClock()
  let requests: RefreshRequest[] = []
  let reports: unknown[] = []
  let answer: (request: RefreshRequest) => Promise<RefreshResult>

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'aqueduct-fresh-'))
    database = await openDatabase({ path: join(directory, 'data.sqlite3') })
    store = createAccountStore(database, createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes }))
    clock = createFakeClock()
    spill = createMemorySpill()
    requests = []
    reports = []
    answer = async () => refreshed
  })
  afterEach(async () => {
    await database.destroy()
    rmSync(directory, { recursive: true, force: true })
  })

  const insert = (credentials: Partial<Credentials> = {}) =>
    store.insert(account, {
      clientId: 'client-1',
      clientSecret: 'client-secret',
      refreshToken: 'old-refresh',
      accessToken: 'old-access',
      ...credentials,
    })
  const inMinutes = (minutes: number) => new Date(clock.now() + minutes * MINUTE_MS)
  const storedAt = (minutesAgo: number, livesMinutes: number) =>
    store.saveTokens('a', 1, {
      tokens: { accessToken: 'young', expiresAt: inMinutes(livesMinutes) },
      at: inMinutes(-minutesAgo),
    })
  const report = (error: unknown) => void reports.push(error)
  const createFresh = (changes: Partial<AccountStore> = {}, processId = 'process-1') => {
    const changed = { ...store, ...changes }
    return createFreshCredentials({
      store: changed,
      keeper: createTokenKeeper({ store: changed, spill: spill.of(), clock, report }),
      lives: createTokenLives(clock),
      pace: createRefreshPace({ leases: createLeases(database), processId, clock }),
      processId,
      clock,
      report,
      refreshTokens: (request) => {
        requests.push(request)
        return answer(request)
      },
    })
  }

  describe('get', () => {
    it('gives the stored token while it lives for more than a minute', async () => {
      await insert({ expiresAt: new Date(clock.now() + MINUTE_MS + 1) })
      expect(await createFresh().get(account)).toBe('old-access')
      expect(requests).toEqual([])
    })

    it('believes a token of unknown expiry until it is refused', async () => {
      await insert()
      const fresh = createFresh()
      expect(await fresh.get(account)).toBe('old-access')
      expect(await fresh.refresh(account, 'old-access')).toBe('new-access')
      expect(await fresh.get(account)).toBe('new-access')
      expect(requests).toHaveLength(1)
    })

    it('reads the database once, then serves from memory', async () => {
      await insert({ expiresAt: inMinutes(5) })
      let reads = 0
      const fresh = createFresh({
        readCredentials: (id) => {
          reads += 1
          return store.readCredentials(id)
        },
      })
      await fresh.get(account)
      await fresh.get(account)
      expect(reads).toBe(1)
    })

    it('refreshes in the last minute, in the region of the sign-in service, and stores what came', async () => {
      await insert({ expiresAt: inMinutes(1) })
      expect(await createFresh().get(account)).toBe('new-access')
      expect(requests).toEqual([
        {
          clientId: 'client-1',
          clientSecret: 'client-secret',
          refreshToken: 'old-refresh',
          region: account.signInRegion,
        },
      ])
      expect(await store.readCredentials('a')).toMatchObject({
        accessToken: 'new-access',
        refreshToken: 'new-refresh',
        expiresAt: inMinutes(60),
        version: 2,
      })
      expect(await store.find('a')).toMatchObject({
        lastRefresh: { status: 'success', at: new Date(clock.now()) },
      })
    })

    it('counts the life of a token from when it was asked for, not from when it came', async () => {
      await insert({ expiresAt: inMinutes(0) })
      const expected = inMinutes(60)
      answer = async () => {
        clock.advance(10_000)
        return refreshed
      }
      await createFresh().get(account)
      expect((await store.readCredentials('a'))?.expiresAt).toEqual(expected)
    })

    it('keeps the refresh token when the answer has none', async () => {
      await insert({ expiresAt: inMinutes(0) })
      answer = async () => ({ kind: 'refreshed', accessToken: 'new-access', expiresInSeconds: 3600 })
      await createFresh().get(account)
      expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'old-refresh' })
    })

    it('refreshes an account that has no access token yet', async () => {
      await store.insert(account, { clientId: 'c', clientSecret: 's', refreshToken: 'r' })
      expect(await createFresh().get(account)).toBe('new-access')
    })

    it('causes one refresh for fifty at once', async () => {
      await insert({ expiresAt: inMinutes(0) })
      const fresh = createFresh()
      const tokens = await Promise.all(Array.from({ length: 50 }, () => fresh.get(account)))
      expect(new Set(tokens)).toEqual(new Set(['new-access']))
      expect(requests).toHaveLength(1)
    })

    it('hands a token out only after it is stored', async () => {
      await insert({ expiresAt: inMinutes(0) })
      const order: string[] = []
      const fresh = createFresh({
        saveTokens: async (id, version, saved) => {
          order.push('storing')
          const done = await store.saveTokens(id, version, saved)
          order.push('stored')
          return done
        },
      })
      const waiting = [fresh.get(account), fresh.get(account)].map(async (token) => {
        order.push(`got ${await token}`)
      })
      await Promise.all(waiting)
      expect(order).toEqual(['storing', 'stored', 'got new-access', 'got new-access'])
    })

    it('lets a caller leave without ending the refresh for the others', async () => {
      await insert({ expiresAt: inMinutes(0) })
      const service = Promise.withResolvers<RefreshResult>()
      answer = () => service.promise
      const fresh = createFresh()
      const leaving = new AbortController()
      const left = kindOf(fresh.get(account, leaving.signal))
      const stayed = fresh.get(account, new AbortController().signal)
      leaving.abort()
      expect(await left).toBe('client-gone')
      service.resolve(refreshed)
      expect(await stayed).toBe('new-access')
      expect(requests).toHaveLength(1)
    })

    it('starts nothing for a caller that has left already', async () => {
      await insert({ expiresAt: inMinutes(0) })
      expect(await kindOf(createFresh().get(account, AbortSignal.abort()))).toBe('client-gone')
      expect(requests).toEqual([])
    })
  })

  describe('refresh after the model service refused a token', () => {
    it('causes one refresh, also for those who report the old token later', async () => {
      await insert({ expiresAt: inMinutes(30) })
      const fresh = createFresh()
      await fresh.get(account)
      const atOnce = Array.from({ length: 50 }, () => fresh.refresh(account, 'old-access'))
      expect(new Set(await Promise.all(atOnce))).toEqual(new Set(['new-access']))
      expect(await fresh.refresh(account, 'old-access')).toBe('new-access')
      expect(requests).toHaveLength(1)
    })

    it('takes the token that another process has stored meanwhile', async () => {
      await insert({ expiresAt: inMinutes(30) })
      const fresh = createFresh()
      await fresh.get(account)
      const tokens = { accessToken: 'theirs', expiresAt: inMinutes(60) }
      await store.saveTokens('a', 1, { tokens, at: new Date(clock.now()) })
      expect(await fresh.refresh(account, 'old-access')).toBe('theirs')
      expect(requests).toEqual([])
    })

    it('is not content with the refused token, which a reader before it still took for good', async () => {
      await insert({ expiresAt: inMinutes(30) })
      const fresh = createFresh()
      const [read, fetched] = await Promise.all([fresh.get(account), fresh.refresh(account, 'old-access')])
      expect([read, fetched]).toEqual(['old-access', 'new-access'])
    })

    it('never falls back to the refused token', async () => {
      await insert({ expiresAt: inMinutes(30) })
      answer = async () => unavailable
      expect(await kindOf(createFresh().refresh(account, 'old-access'))).toBe('refresh-unavailable')
    })
  })

  describe('refreshAhead', () => {
    it.each([
      ['older than 25 minutes', 26, 34, 1],
      ['near its end', 5, 9, 1],
      ['young and far from its end', 25, 35, 0],
    ])('of a token that is %s', async (_case, minutesAgo, livesMinutes, refreshes) => {
      await insert()
      await storedAt(minutesAgo, livesMinutes)
      await createFresh().refreshAhead(account)
      expect(requests).toHaveLength(refreshes)
    })

    it('that is refused costs no request its living token', async () => {
      await insert()
      await storedAt(26, 34)
      const service = Promise.withResolvers<RefreshResult>()
      answer = () => service.promise
      const fresh = createFresh()
      const ahead = fresh.refreshAhead(account)
      const request = fresh.get(account)
      service.resolve(refused)
      expect(await request).toBe('young')
      expect(await ahead).toMatchObject({ kind: 'kept', error: { failure: { kind: 'sign-in-needed' } } })
    })
  })

  describe('refreshNow', () => {
    it('asks although the token is young, and although the service has just refused', async () => {
      await insert({ expiresAt: inMinutes(59) })
      const fresh = createFresh()
      answer = async () => refused
      await expect(fresh.refreshNow(account)).rejects.toThrow(/invalid_grant/)
      answer = async () => refreshed
      await fresh.refreshNow(account)
      expect(requests).toHaveLength(2)
      expect(await fresh.get(account)).toBe('new-access')
    })

    it('is not content with a flight that set out for less', async () => {
      await insert({ expiresAt: inMinutes(59) })
      const fresh = createFresh()
      await Promise.all([fresh.get(account), fresh.refreshNow(account)])
      expect(requests).toHaveLength(1)
    })
  })

  describe('two processes on one database', () => {
    it('cause one refresh between them, and both use what came', async () => {
      await insert({ expiresAt: inMinutes(0) })
      const other = await openDatabase({ path: join(directory, 'data.sqlite3') })
      const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
      const service = Promise.withResolvers<RefreshResult>()
      answer = () => service.promise
      const first = createFresh()
      const second = createFresh(createAccountStore(other, secrets), 'process-2')
      const tokens = Promise.all([first.get(account), second.get(account)])
      // Both have read the old token by now; the one without the lease looks again after a moment.
      await vi.waitFor(() => expect(clock.pending()).toBe(1))
      service.resolve(refreshed)
      await first.settled()
      while (clock.pending() > 0) {
        clock.advance(250)
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(await tokens).toEqual(['new-access', 'new-access'])
      expect(requests).toHaveLength(1)
      await other.destroy()
    })

    it('do not wait for one that died with the lease', async () => {
      await insert({ expiresAt: inMinutes(0) })
      await store.leaseRefresh('a', 1, { owner: 'dead', durationMs: -1000 })
      expect(await createFresh().get(account)).toBe('new-access')
    })
  })

  it('is settled only when no refresh is under way', async () => {
    await insert({ expiresAt: inMinutes(0) })
    const service = Promise.withResolvers<RefreshResult>()
    answer = () => service.promise
    const fresh = createFresh()
    const order: string[] = []
    const leaving = new AbortController()
    const request = kindOf(fresh.get(account, leaving.signal))
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    leaving.abort()
    const settled = fresh.settled().then(() => order.push('settled'))
    order.push(await request)
    service.resolve(refreshed)
    await settled
    expect(order).toEqual(['client-gone', 'settled'])
    expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'new-refresh' })
  })

  describe('when the sign-in service gives nothing', () => {
    it('goes on with the old token while it lives, then says so', async () => {
      await insert({ expiresAt: new Date(clock.now() + 30_000) })
      answer = async () => unavailable
      const fresh = createFresh()
      expect(await fresh.get(account)).toBe('old-access')
      expect(await store.find('a')).toMatchObject({ lastRefresh: { status: 'failed' } })
      clock.advance(30_000)
      expect(await kindOf(fresh.get(account))).toBe('refresh-unavailable')
      expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'old-refresh', version: 1 })
    })

    it('leaves the service alone for five seconds, then asks again', async () => {
      await insert({ expiresAt: inMinutes(0) })
      answer = async () => unavailable
      const fresh = createFresh()
      await kindOf(fresh.get(account))
      await kindOf(fresh.get(account))
      expect(requests).toHaveLength(1)
      clock.advance(5000)
      answer = async () => refreshed
      expect(await fresh.get(account)).toBe('new-access')
    })

    it('reports when not even that could be noted, and throws what matters', async () => {
      await insert({ expiresAt: inMinutes(0) })
      answer = async () => unavailable
      const fresh = createFresh({ saveRefreshFailure: () => Promise.reject(new Error('disk full')) })
      expect(await kindOf(fresh.get(account))).toBe('refresh-unavailable')
      expect(reports).toEqual([new Error('disk full')])
    })
  })

  describe('when the sign-in service refuses', () => {
    it.each([
      ['invalid_grant', 'its refresh token is no longer accepted'],
      ['expired_token', 'its refresh token has expired'],
      ['invalid_client', 'the registration of its client has expired or is unknown'],
      ['access_denied', 'the sign-in service refuses it'],
    ])('tells the operator to sign in again on %s', async (error, reason) => {
      await insert({ expiresAt: inMinutes(0) })
      answer = async () => ({ kind: 'refused', error, description: 'x' })
      const fresh = createFresh()
      await expect(fresh.get(account)).rejects.toThrow(
        `The operator must sign this account in again: ${reason} (${error}).`,
      )
      expect(await kindOf(fresh.get(account))).toBe('sign-in-needed')
      expect(requests).toHaveLength(1)
      expect(await store.find('a')).toMatchObject({ lastRefresh: { status: 'failed' } })
    })

    it('tries again at once with credentials that another process has replaced', async () => {
      await insert({ expiresAt: inMinutes(0) })
      answer = async ({ refreshToken }) => {
        if (refreshToken !== 'old-refresh') return refreshed
        const tokens = { accessToken: 'x', refreshToken: 'their-refresh', expiresAt: inMinutes(0) }
        await store.saveTokens('a', 1, { tokens, at: new Date(clock.now()) })
        return refused
      }
      expect(await createFresh().get(account)).toBe('new-access')
      expect(requests.map(({ refreshToken }) => refreshToken)).toEqual(['old-refresh', 'their-refresh'])
      expect(await store.find('a')).toMatchObject({ lastRefresh: { status: 'success' } })
    })

    it('says the same where there is no refresh token at all', async () => {
      await store.insert(account, { clientId: 'c', clientSecret: 's' })
      expect(await kindOf(createFresh().get(account))).toBe('sign-in-needed')
      expect(requests).toEqual([])
    })
  })

  describe('when the database gets in the way', () => {
    it('does not overwrite a concurrent writer, and uses what that one stored', async () => {
      await insert({ expiresAt: inMinutes(0) })
      answer = async () => {
        const tokens = { accessToken: 'theirs', refreshToken: 'their-refresh', expiresAt: inMinutes(60) }
        await store.saveTokens('a', 1, { tokens, at: new Date(clock.now()) })
        return refreshed
      }
      expect(await createFresh().get(account)).toBe('theirs')
      expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'their-refresh', version: 2 })
    })

    it('uses tokens that could only be spilled, and stores them later without another refresh', async () => {
      await insert({ expiresAt: inMinutes(0) })
      let failures = 1
      const fresh = createFresh({
        saveTokens: async (id, version, saved) => {
          failures -= 1
          if (failures >= 0) throw new Error('disk full')
          return store.saveTokens(id, version, saved)
        },
      })
      expect(await fresh.get(account)).toBe('new-access')
      expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'old-refresh' })
      expect(spill.files).toHaveLength(1)
      clock.advance(5000)
      await vi.waitFor(async () =>
        expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'new-refresh' }),
      )
      await vi.waitFor(() => expect(spill.files).toEqual([]))
      expect(requests).toHaveLength(1)
    })

    it('does not use tokens that could be kept nowhere', async () => {
      await insert({ expiresAt: inMinutes(0) })
      let isFull = true
      spill.failWhen(() => isFull)
      const fresh = createFresh({
        saveTokens: async (id, version, saved) => {
          if (isFull) throw new Error('disk full')
          return store.saveTokens(id, version, saved)
        },
      })
      expect(await kindOf(fresh.get(account))).toBe('refresh-unavailable')
      expect(await kindOf(fresh.get(account))).toBe('refresh-unavailable')
      isFull = false
      expect(await fresh.get(account)).toBe('new-access')
      expect(requests).toHaveLength(1)
      expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'new-refresh' })
    })

    it('finds what another process could not store, in place of a refresh with the used-up token', async () => {
      await insert({ expiresAt: inMinutes(0) })
      const first = createFresh({ saveTokens: () => Promise.reject(new Error('disk full')) })
      expect(await first.get(account)).toBe('new-access')
      clock.advance(20_000)
      await store.leaseRefresh('a', 1, { owner: 'process-1', durationMs: -1000 })
      const second = createFresh({}, 'process-2')
      expect(await second.get(account)).toBe('new-access')
      expect(requests).toHaveLength(1)
      expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'new-refresh', version: 2 })
    })

    it('goes on with the living token when the row cannot be read', async () => {
      await insert({ expiresAt: new Date(clock.now() + 30_000) })
      let isDown = false
      answer = async () => unavailable
      const fresh = createFresh({
        readCredentials: (id) =>
          isDown ? Promise.reject(new Error('database down')) : store.readCredentials(id),
      })
      expect(await fresh.get(account)).toBe('old-access')
      isDown = true
      expect(await fresh.get(account)).toBe('old-access')
      clock.advance(30_000)
      expect(await kindOf(fresh.get(account))).toBe('refresh-unavailable')
    })

    it('fails for an account that was removed, and forgets its tokens', async () => {
      await insert({ expiresAt: inMinutes(30) })
      const fresh = createFresh()
      await fresh.get(account)
      await store.remove('a')
      fresh.forget('a')
      expect(await kindOf(fresh.get(account))).toBe('refresh-unavailable')
    })

    it('gives up on credentials that change each time', async () => {
      await insert({ expiresAt: inMinutes(0) })
      const fresh = createFresh({ saveTokens: async () => false })
      expect(await kindOf(fresh.get(account))).toBe('refresh-unavailable')
      expect(requests).toHaveLength(3)
    })
  })
})

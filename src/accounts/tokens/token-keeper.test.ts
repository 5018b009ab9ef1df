import { mkdtempSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { createSecrets } from '../../access/secrets.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { createAccountStore } from '../../storage/accounts.ts'
import { openDatabase, type Database } from '../../storage/database.ts'
import { createLeases } from '../../storage/leases.ts'
import { createTokenSpill } from '../../storage/token-spill.ts'
import type { AccountStore } from '../account-store.ts'
import { createFreshCredentials } from './fresh-credentials.ts'
import { createRefreshPace } from './refresh-pace.ts'
import type { RefreshRequest, RefreshResult } from './refresh-result.ts'
import { sampleAccount } from '../sample-account.ts'
import { createTokenKeeper, type TokenSpill } from './token-keeper.ts'
import { createTokenLives } from './token-lives.ts'

const account = sampleAccount('a')

/** A sign-in service that ends a refresh token when it is used, and knows whether it was asked with a dead one. */
function createOneShotService() {
  let living = 'refresh-0'
  let count = 0
  const refused: string[] = []
  return {
    refused,
    living: () => living,
    async refresh({ refreshToken }: RefreshRequest): Promise<RefreshResult> {
      if (refreshToken !== living) {
        refused.push(refreshToken)
        return { kind: 'refused', error: 'invalid_grant', description: 'used up' }
      }
      count += 1
      living = `refresh-${count}`
      return {
        kind: 'refreshed',
        accessToken: `access-${count}`,
        refreshToken: living,
        expiresInSeconds: 3600,
      }
    },
  }
}

function fail(when: () => boolean): void {
  if (when()) throw new Error('injected')
}

describe('tokens that the database does not take', () => {
  let directory = ''
  let database: Database
  let store: AccountStore
  let clock = createFakeClock()
  let warnings: string[] = []
  const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'aqueduct-keeper-'))
    database = await openDatabase({ path: join(directory, 'data.sqlite3') })
    store = createAccountStore(database, secrets)
    clock = createFakeClock(Date.now())
    warnings = []
    await store.insert(account, { clientId: 'c', clientSecret: 's', refreshToken: 'refresh-0' })
  })
  afterEach(async () => {
    await database.destroy()
    rmSync(directory, { recursive: true, force: true })
  })

  const openSpill = (processId: string) =>
    createTokenSpill({
      dataDirectory: directory,
      secrets,
      processId,
      clock,
      warn: ({ why }) => void warnings.push(why),
    })

  /** One run of a process whose database and spill fail as `faults` says. */
  function boot(
    service: ReturnType<typeof createOneShotService>,
    processId: string,
    faults: { save: () => boolean; spill: () => boolean },
  ) {
    const faulty: AccountStore = {
      ...store,
      saveTokens: async (...saved) => {
        fail(faults.save)
        return store.saveTokens(...saved)
      },
    }
    const files = openSpill(processId)
    const spill: TokenSpill = {
      ...files,
      write: async (spilled) => {
        fail(faults.spill)
        return files.write(spilled)
      },
    }
    const keeper = createTokenKeeper({ store: faulty, spill, clock, report: () => {} })
    const pace = createRefreshPace({ leases: createLeases(database), processId, clock })
    const lives = createTokenLives(clock)
    const refreshTokens = (request: RefreshRequest) => service.refresh(request)
    const fresh = createFreshCredentials({
      store: faulty,
      keeper,
      lives,
      pace,
      processId,
      refreshTokens,
      clock,
      report: () => {},
    })
    return { keeper, fresh }
  }

  const working = { save: () => false, spill: () => false }

  it('are lost in none of 500 failures of database and files, over restarts', async () => {
    const service = createOneShotService()
    const failed: boolean[] = []
    let isSaveBroken = false
    let isSpillBroken = false
    const count = (isBroken: boolean) => {
      if (isBroken) failed.push(true)
      return isBroken
    }
    const faults = { save: () => count(isSaveBroken), spill: () => count(isSpillBroken) }
    let process = boot(service, 'process-0', faults)
    for (let round = 0; failed.length < 500; round += 1) {
      clock.advance(3600_000)
      // The database fails, and every other time the files too; then it is the files alone, and after that nothing.
      isSaveBroken = true
      isSpillBroken = round % 2 === 1
      const token = await process.fresh.get(account).catch((error: unknown) => {
        if (error instanceof GatewayError) return error.failure.kind
        throw error
      })
      // What is on no disk is not used.
      expect(token).toBe(isSpillBroken ? 'refresh-unavailable' : `access-${round + 1}`)
      isSaveBroken = round % 3 === 2
      isSpillBroken = false
      if (round % 2 === 0) {
        // As by kill -9: nothing is closed.
        process = boot(service, `process-${round + 1}`, faults)
        await process.keeper.replay()
      }
      isSaveBroken = false
      expect(await process.fresh.get(account)).toBe(`access-${round + 1}`)
      await process.fresh.settled()
    }
    await process.keeper.close()
    expect(failed.length).toBeGreaterThanOrEqual(500)
    expect(service.refused).toEqual([])
    expect(await store.readCredentials('a')).toMatchObject({ refreshToken: service.living() })
    expect(await openSpill('x').list()).toEqual([])
    expect(warnings).toEqual([])
  })

  it('are stored at the next start before anything is refreshed', async () => {
    const service = createOneShotService()
    const first = boot(service, 'process-1', { ...working, save: () => true })
    expect(await first.fresh.get(account)).toBe('access-1')
    const second = boot(service, 'process-2', working)
    await second.keeper.replay()
    expect(await store.readCredentials('a')).toMatchObject({ accessToken: 'access-1', version: 2 })
    expect(await openSpill('x').list()).toEqual([])
  })

  const spilled = (id: string, version: number) => ({
    id,
    version,
    tokens: { accessToken: 'spilled', refreshToken: 'spilled', expiresAt: new Date(clock.now()) },
    at: new Date(clock.now()),
  })

  it('are dropped when the row is newer, as after a sign-in', async () => {
    await openSpill('x').write(spilled('a', 0))
    await boot(createOneShotService(), 'process-1', working).keeper.replay()
    expect(await openSpill('x').list()).toEqual([])
    expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'refresh-0', version: 1 })
  })

  it.each([
    ['a', 5, 'it is newer than what is in this database'],
    ['b', 1, 'its account is not in this database'],
  ])('are set aside when they belong to another database (%s, version %i)', async (id, version, why) => {
    await openSpill('x').write(spilled(id, version))
    await boot(createOneShotService(), 'process-1', working).keeper.replay()
    expect(warnings).toEqual([why])
    expect(await store.readCredentials('a')).toMatchObject({ refreshToken: 'refresh-0', version: 1 })
  })

  it('wait when the database still fails at the start', async () => {
    const service = createOneShotService()
    await boot(service, 'process-1', { ...working, save: () => true }).fresh.get(account)
    let isBroken = true
    const second = boot(service, 'process-2', { ...working, save: () => isBroken })
    await second.keeper.replay()
    expect(await second.fresh.get(account)).toBe('access-1')
    isBroken = false
    await second.keeper.close()
    expect(await store.readCredentials('a')).toMatchObject({ accessToken: 'access-1' })
  })

  it('go with their account, and stay with a change that leaves the sign-in alone', async () => {
    const { keeper, fresh } = boot(createOneShotService(), 'process-1', { ...working, save: () => true })
    await fresh.get(account)
    fresh.forget('a')
    await keeper.close()
    expect(await openSpill('x').list()).toHaveLength(1)
    await store.remove('a')
    fresh.forget('a')
    await keeper.close()
    expect(await openSpill('x').list()).toEqual([])
  })
})

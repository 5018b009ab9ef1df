/** Processes that share accounts, before a sign-in service that ends each refresh token with its use; time is a test's. */
import { createFreshCredentials } from '../src/accounts/tokens/fresh-credentials.ts'
import type { Leases } from '../src/background/leases.ts'
import { createMemorySpill } from '../src/accounts/tokens/memory-spill.ts'
import { createRefreshPace } from '../src/accounts/tokens/refresh-pace.ts'
import type { RefreshFailure, RefreshRequest, RefreshResult } from '../src/accounts/tokens/refresh-result.ts'
import { startRefreshSweep } from '../src/accounts/tokens/refresh-sweep.ts'
import { sampleAccount } from '../src/accounts/sample-account.ts'
import { afterOutcome, type Outcome } from '../src/accounts/standing/after-outcome.ts'
import type { Account, Credentials } from '../src/accounts/account.ts'
import type { AccountStore, StoredCredentials } from '../src/accounts/account-store.ts'
import { createTokenKeeper } from '../src/accounts/tokens/token-keeper.ts'
import { createTokenLives } from '../src/accounts/tokens/token-lives.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'

const LIFE_SECONDS = 3600

type TokenStore = Pick<
  AccountStore,
  'list' | 'readCredentials' | 'leaseRefresh' | 'saveTokens' | 'saveRefreshFailure'
>

interface Row {
  account: Account
  credentials: StoredCredentials
  lease?: { owner: string; until: number }
}

/** Rows as a database holds them; its own clock is never set. */
function createRows(clock: FakeClock): { rows: Map<string, Row>; store: TokenStore; leases: Leases } {
  const rows = new Map<string, Row>()
  const held = new Map<string, { owner: string; until: number }>()
  const isFree = (lease: { owner: string; until: number } | undefined, owner: string) =>
    lease === undefined || lease.owner === owner || lease.until <= clock.elapsed()
  const rowOf = (id: string, version: number) => {
    const row = rows.get(id)
    return row?.credentials.version === version ? row : undefined
  }
  const store: TokenStore = {
    list: async () => [...rows.values()].map(({ account }) => account),
    readCredentials: async (id) => rows.get(id)?.credentials,
    async leaseRefresh(id, version, { owner, durationMs }) {
      const row = rowOf(id, version)
      if (row === undefined || !isFree(row.lease, owner)) return false
      row.lease = { owner, until: clock.elapsed() + durationMs }
      return true
    },
    async saveTokens(id, version, { tokens, at }) {
      const row = rowOf(id, version)
      if (row === undefined) return false
      delete row.lease
      row.credentials = { ...row.credentials, ...tokens, refreshedAt: at, version: version + 1 }
      const { expiresAt } = tokens
      const lastRefresh = { status: 'success', at } as const
      row.account = { ...row.account, lastRefresh, expiresAt, tokenVersion: version + 1 }
      return true
    },
    async saveRefreshFailure(id, version, at) {
      const row = rowOf(id, version)
      if (row === undefined) return
      delete row.lease
      row.account = { ...row.account, lastRefresh: { status: 'failed', at } }
    },
  }
  const leases: Leases = {
    async take(name, { owner, durationMs }) {
      if (!isFree(held.get(name), owner)) return false
      held.set(name, { owner, until: clock.elapsed() + durationMs })
      return true
    },
    release: async (name) => void held.delete(name),
  }
  return { rows, store, leases }
}

/** Tokens die when they should, whatever clocks say. */
function createService(clock: FakeClock) {
  const refreshTokens = new Map<string, number>()
  const deaths = new Map<string, number>()
  let count = 0
  const service = {
    /** When it was asked, by the clock that is never set. */
    calls: [] as number[],
    refusals: 0,
    mostAtOnce: 0,
    latencyMs: 0,
    /** Set: what it answers everybody. */
    failure: undefined as RefreshFailure | undefined,
    issue(): { accessToken: string; refreshToken: string } {
      count += 1
      refreshTokens.set(`refresh-${count}`, count)
      deaths.set(`access-${count}`, clock.elapsed() + LIFE_SECONDS * 1000)
      return { accessToken: `access-${count}`, refreshToken: `refresh-${count}` }
    },
    takes: (accessToken: string) => (deaths.get(accessToken) ?? 0) > clock.elapsed(),
    kill: (accessToken: string) => void deaths.delete(accessToken),
    refresh,
  }
  let open = 0
  async function refresh({ refreshToken }: RefreshRequest): Promise<RefreshResult> {
    service.calls.push(clock.elapsed())
    open += 1
    service.mostAtOnce = Math.max(service.mostAtOnce, open)
    if (service.latencyMs > 0) await new Promise<void>((resolve) => clock.after(service.latencyMs, resolve))
    open -= 1
    if (service.failure !== undefined) return service.failure
    if (!refreshTokens.delete(refreshToken)) {
      service.refusals += 1
      return { kind: 'refused', error: 'invalid_grant', description: 'used up' }
    }
    return { kind: 'refreshed', ...service.issue(), expiresInSeconds: LIFE_SECONDS }
  }
  return service
}

function report(error: unknown): never {
  throw error
}

export type TokenLab = ReturnType<typeof createTokenLab>

/** `start`: what the wall clock says at the beginning, in milliseconds since the epoch. */
export function createTokenLab({ accounts, start }: { accounts: number; start?: number }) {
  const clock = createFakeClock(start)
  const { rows, store, leases } = createRows(clock)
  const service = createService(clock)
  const spill = createMemorySpill()
  const ids = Array.from({ length: accounts }, (_, index) => `account-${index}`)
  for (const id of ids) {
    const credentials: Credentials = { clientId: 'c', clientSecret: 's', ...service.issue() }
    const fingerprints = { clientSecret: '0', refreshToken: '1', accessToken: '2' }
    const createdAt = new Date(clock.now())
    const expiresAt = new Date(clock.now() + LIFE_SECONDS * 1000)
    rows.set(id, {
      account: sampleAccount(id, { fingerprints, createdAt, expiresAt }),
      credentials: { ...credentials, expiresAt, refreshedAt: createdAt, version: 1 },
    })
  }

  const refreshTokens = (request: RefreshRequest) => service.refresh(request)

  function startProcess(processId: string) {
    const keeper = createTokenKeeper({ store, spill: spill.of(), clock, report })
    const lives = createTokenLives(clock)
    const pace = createRefreshPace({ leases, processId, clock })
    const fresh = createFreshCredentials({
      store,
      keeper,
      lives,
      pace,
      processId,
      refreshTokens,
      clock,
      report,
    })
    let seed = 1
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const pool = {
      note(id: string, outcome: Outcome) {
        const row = rows.get(id)
        const circumstances = { now: clock.now(), random, maxStrikes: 100, mayDisable: () => true }
        if (row !== undefined) row.account = afterOutcome(row.account, outcome, circumstances)
      },
      isRefreshed: () => true,
    }
    const warnings: string[] = []
    const warn = (_facts: unknown, message: string) => void warnings.push(message)
    const sweep = startRefreshSweep({
      store,
      leases,
      processId,
      pool,
      freshCredentials: fresh,
      lives,
      clock,
      random,
      report,
      warn,
    })
    return {
      fresh,
      pool,
      warnings,
      /** As the relay does: a token that the model service refuses is replaced once. */
      request: async (id: string): Promise<string> => {
        const account = accountOf(id)
        const token = await fresh.get(account)
        return service.takes(token) ? token : fresh.refresh(account, token)
      },
      close: async () => {
        await Promise.all([pace.close(), sweep.close()])
        await fresh.settled()
        await keeper.close()
      },
    }
  }

  function accountOf(id: string): Account {
    const account = rows.get(id)?.account
    if (account === undefined) throw new Error(`There is no ${id}.`)
    return account
  }

  return {
    clock,
    service,
    ids,
    accountOf,
    rowOf: (id: string) => rows.get(id),
    startProcess,
    /** Lets time pass in steps, so that what each of them sets off can go on. */
    pass: async (ms: number, stepMs: number) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.advance(stepMs)
        await settle()
      }
    },
  }
}

/** Whatever can go on without time has gone on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

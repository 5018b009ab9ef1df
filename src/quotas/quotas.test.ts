import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { Account, Identity } from '../accounts/account.ts'
import { afterOutcome, type Outcome } from '../accounts/standing/after-outcome.ts'
import { creditsLeft, type Quota } from '../accounts/quota.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { UsageReading } from '../upstreams/upstream.ts'
import type { QuotaStore, StoredReading } from './quota-store.ts'
import { startQuotas } from './quotas.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const RESET = new Date('2026-12-01T00:00:00Z')
const NEXT_RESET = new Date('2027-01-01T00:00:00Z')

/** What all processes share. */
function createWorld(accounts: readonly Account[]) {
  const clock = createFakeClock()
  const rows = new Map<string, StoredReading & { revision: number }>()
  const samples: { at: Date; used: number }[] = []
  let revision = 0
  let holder: string | undefined
  /** What the answers of the database and of the service wait for. */
  const slow = { listing: Promise.resolve(), adding: Promise.resolve(), service: Promise.resolve() }
  const known = new Map(accounts.map((account) => [account.id, account]))
  const rowOf = (accountId: string) => {
    const row = rows.get(accountId) ?? { accountId, failures: 0, spent: 0, revision: 0 }
    rows.set(accountId, row)
    return row
  }
  const store: QuotaStore = {
    readRevision: async () => revision,
    changedSince: async (seen) => [...rows.values()].filter((row) => row.revision > seen),
    async listSpending() {
      const read = [...rows.values()].map((row) => ({
        ...row,
        ...(row.quota && { readAt: row.quota.readAt }),
      }))
      await slow.listing
      return read
    },
    async saveReading(accountId, quota, used) {
      revision += 1
      if (!known.has(accountId)) return
      samples.push({ at: quota.readAt, used })
      const fresh = { quota, triedAt: quota.readAt, failures: 0, spent: 0, revision }
      const { error: _, ...kept } = rowOf(accountId)
      rows.set(accountId, { ...kept, ...fresh })
    },
    async saveFailure(accountId, { error, at }) {
      revision += 1
      const row = rowOf(accountId)
      rows.set(accountId, { ...row, error, triedAt: at, failures: row.failures + 1, revision })
    },
    async addSpending(spending) {
      for (const { accountId, credits, at } of spending) {
        if (!known.has(accountId)) continue
        const row = rowOf(accountId)
        rows.set(accountId, { ...row, spent: row.spent + credits, usedAt: at })
      }
      await slow.adding
    },
    listSamples: async () => samples,
    listRecentSamples: async (ids) => new Map(ids.map((id) => [id, samples])),
    prune: async () => {},
  }
  const service = { used: 10, limit: 100, resetsAt: RESET, failure: undefined as GatewayError | undefined }
  const asked: string[] = []
  const identities = new Map<string, Identity>()
  const report: unknown[] = []

  async function readUsage({ id }: Account, signal: AbortSignal): Promise<UsageReading> {
    asked.push(id)
    if (service.failure !== undefined) throw service.failure
    if (signal.aborted) throw new GatewayError('client-gone', 'Nobody waits.')
    const { used, limit, resetsAt: endsAt } = service
    const quota: Quota = { readAt: new Date(clock.now()), sources: [{ kind: 'plan', used, limit, endsAt }] }
    await slow.service
    return { facts: { userId: `person-${id}`, plan: 'FREE' }, quota }
  }

  async function startProcess(processId: string) {
    const inPool = new Map<string, Quota | undefined>()
    const quotas = await startQuotas({
      store,
      accounts: {
        find: async (id) => known.get(id),
        saveIdentity: async (id, identity) => void identities.set(id, identity),
      },
      pool: {
        enabled: () => [...known.values()],
        setQuota: (id, quota) => void inPool.set(id, quota),
        spend: () => {},
        note: (id, outcome) => note(id, outcome),
      },
      leases: {
        take: async (_, { owner }) => (holder ??= owner) === owner,
        release: async (_, owner) => {
          if (holder === owner) holder = undefined
        },
      },
      processId,
      readUsage,
      clock,
      random: () => 0.5,
      reportReading: () => {},
      report: (error) => report.push(error),
    })
    const leftOf = (id: string) => {
      const quota = quotas.quotaOf(id)
      return quota && creditsLeft(quota, clock.now())
    }
    return { ...quotas, leftOf, inPool }
  }

  function note(id: string, outcome: Outcome): void {
    const account = known.get(id)
    if (account === undefined) return
    const circumstances = { now: clock.now(), random: () => 0.5, maxStrikes: 100, mayDisable: () => true }
    known.set(id, afterOutcome(account, outcome, circumstances))
  }

  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      clock.advance(Math.min(1000, left))
      await setImmediate()
    }
  }
  /** As if it was removed, by whichever process. */
  function remove(id: string): void {
    known.delete(id)
    rows.delete(id)
  }
  return { clock, known, remove, slow, service, asked, identities, report, startProcess, note, pass }
}

const withTokens = (id: string, changes: Partial<Account> = {}) =>
  sampleAccount(id, { fingerprints: { refreshToken: 'c0ffee00' }, ...changes })
const parked = { kind: 'parked', why: 'It is suspended.' } as const

describe('the quotas of accounts', () => {
  it('are read soon after the start, and tell who the account is', async () => {
    const world = createWorld([withTokens('a'), withTokens('b'), sampleAccount('without-tokens')])
    const quotas = await world.startProcess('p')
    expect(quotas.quotaOf('a')).toBeUndefined()
    await world.pass(15_000)
    expect(world.asked.toSorted()).toEqual(['a', 'b'])
    expect(quotas.leftOf('a')).toBe(90)
    expect(quotas.inPool.get('b')).toEqual(quotas.quotaOf('b'))
    expect(world.identities.get('a')).toEqual({ userId: 'person-a', plan: 'FREE' })
    await quotas.close()
    expect(world.report).toEqual([])
  })

  it('are read hourly, each quarter where they are used, and once a day where parked', async () => {
    const world = createWorld([
      withTokens('idle'),
      withTokens('used'),
      withTokens('parked', { status: parked }),
    ])
    const quotas = await world.startProcess('p')
    for (let minute = 0; minute < 6 * 60; minute += 5) {
      quotas.noteAnswer('used', 0.01)
      await world.pass(5 * MINUTE)
    }
    const times = (id: string) => world.asked.filter((each) => each === id).length
    expect(times('idle')).toBeGreaterThanOrEqual(6)
    expect(times('idle')).toBeLessThanOrEqual(7)
    expect(times('used')).toBeGreaterThanOrEqual(22)
    expect(times('used')).toBeLessThanOrEqual(25)
    expect(times('parked')).toBe(1)
    await quotas.close()
  })

  it('are taken off between readings, in all processes', async () => {
    const world = createWorld([withTokens('a')])
    const one = await world.startProcess('one')
    const two = await world.startProcess('two')
    await world.pass(20_000)
    expect(world.asked).toEqual(['a'])
    expect([one.leftOf('a'), two.leftOf('a')]).toEqual([90, 90])
    two.noteAnswer('a', 5)
    expect([one.leftOf('a'), two.leftOf('a')]).toEqual([90, 85])
    await world.pass(70_000)
    expect([one.leftOf('a'), two.leftOf('a')]).toEqual([85, 85])
    await one.close()
    await two.close()
  })

  // The spending of all processes is read after a minute, a price is stored after five seconds.
  it.each([
    ['listing', 57_000],
    ['adding', 54_000],
  ] as const)('take each price off once, when a slow %s crosses the other', async (what, answeredAt) => {
    const world = createWorld([withTokens('a')])
    const quotas = await world.startProcess('p')
    await world.pass(answeredAt)
    quotas.noteAnswer('a', 3)
    const answer = Promise.withResolvers<void>()
    world.slow[what] = answer.promise
    await world.pass(14_000)
    answer.resolve()
    await world.pass(1000)
    expect(quotas.leftOf('a')).toBe(87)
    await quotas.close()
  })

  it('are forgotten with the account, in all processes, whatever is told of it later', async () => {
    const world = createWorld([withTokens('a'), withTokens('b')])
    const both = [await world.startProcess('one'), await world.startProcess('two')]
    await world.pass(20_000)
    both[1]?.noteAnswer('a', 1)
    world.remove('a')
    await world.pass(70_000)
    expect(both.map((each) => each.quotaOf('a'))).toEqual([undefined, undefined])
    // An answer that was under way.
    both[0]?.noteAnswer('a', 1)
    await world.pass(70_000)
    const usage = await Promise.all(both.map((each) => each.usageOf('a')))
    expect(usage).toEqual([{}, {}])
    expect(both.map(({ leftOf }) => leftOf('b'))).toEqual([90, 90])
    await Promise.all(both.map((each) => each.close()))
  })

  it('are read on by another process when the one that reads stops', async () => {
    const world = createWorld([withTokens('a')])
    const one = await world.startProcess('one')
    const two = await world.startProcess('two')
    await world.pass(20_000)
    await one.close()
    await world.pass(2 * HOUR)
    expect(world.asked.length).toBeGreaterThanOrEqual(2)
    await two.close()
  })

  it('are known at once after a restart, without asking again', async () => {
    const world = createWorld([withTokens('a')])
    const first = await world.startProcess('p')
    await world.pass(20_000)
    first.noteAnswer('a', 4)
    await first.close()
    const second = await world.startProcess('q')
    expect(second.leftOf('a')).toBe(86)
    await world.pass(MINUTE)
    expect(world.asked).toEqual(['a'])
    await second.close()
  })

  it('are read soon after a refusal, whose pause then ends with the reset, and ready at once when renewed', async () => {
    const world = createWorld([withTokens('a')])
    const quotas = await world.startProcess('p')
    await world.pass(10 * MINUTE)
    world.service.used = 100
    world.service.resetsAt = new Date(world.clock.now() + 3 * HOUR)
    world.note('a', {
      kind: 'failed',
      failure: { kind: 'quota', message: 'used up' },
    })
    expect(world.known.get('a')?.status).toEqual({ kind: 'exhausted', until: RESET })
    await world.pass(MINUTE)
    expect(world.known.get('a')?.status).toEqual({ kind: 'exhausted', until: world.service.resetsAt })
    world.service.limit = 1000
    await world.pass(HOUR + 10 * MINUTE)
    expect(world.known.get('a')?.status).toEqual({ kind: 'ready' })
    await quotas.close()
  })

  it('are read right after the reset', async () => {
    const until = new Date('2026-11-22T10:20:00Z')
    const world = createWorld([withTokens('a', { status: { kind: 'exhausted', until: RESET } })])
    Object.assign(world.service, { used: 100, resetsAt: until })
    const quotas = await world.startProcess('p')
    await world.pass(19 * MINUTE)
    expect(world.known.get('a')?.status).toEqual({ kind: 'exhausted', until })
    Object.assign(world.service, { used: 0, resetsAt: NEXT_RESET })
    await world.pass(3 * MINUTE)
    expect(quotas.leftOf('a')).toBe(100)
    expect(world.asked).toHaveLength(2)
    await quotas.close()
  })

  it('do not end a pause by credits that were there when the service refused', async () => {
    const world = createWorld([withTokens('a')])
    const quotas = await world.startProcess('p')
    await world.pass(MINUTE)
    world.note('a', { kind: 'failed', failure: { kind: 'quota', message: 'for today' } })
    await world.pass(3 * HOUR)
    expect(world.asked.length).toBeGreaterThan(2)
    expect(world.known.get('a')?.status.kind).toBe('exhausted')
    await quotas.close()
  })

  it('do not end a pause by a first reading that was asked for before the service refused', async () => {
    const world = createWorld([withTokens('a')])
    const answer = Promise.withResolvers<void>()
    world.slow.service = answer.promise
    const quotas = await world.startProcess('p')
    await world.pass(15_000)
    expect(world.asked).toEqual(['a'])
    world.note('a', { kind: 'failed', failure: { kind: 'quota', message: 'used up' } })
    answer.resolve()
    await world.pass(1000)
    expect(quotas.leftOf('a')).toBe(90)
    expect(world.known.get('a')?.status.kind).toBe('exhausted')
    await quotas.close()
  })

  it('never bring a parked account back, and keep the words of a failure beside the last reading', async () => {
    const world = createWorld([withTokens('a', { status: parked })])
    const quotas = await world.startProcess('p')
    await world.pass(MINUTE)
    expect(world.known.get('a')?.status).toEqual(parked)
    world.service.failure = new GatewayError('suspended', 'Its owner should ask support.')
    await world.pass(27 * HOUR)
    expect(await quotas.usageOf('a')).toMatchObject({
      error: 'Its owner should ask support.',
      quota: { sources: [{ used: 10 }] },
    })
    expect(world.known.get('a')?.status).toEqual(parked)
    await quotas.close()
  })

  it('are asked for less and less often while that fails', async () => {
    const world = createWorld([withTokens('a')])
    world.service.failure = new GatewayError('upstream-unavailable', 'Out of order.')
    const quotas = await world.startProcess('p')
    await world.pass(HOUR)
    expect(world.asked.length).toBeGreaterThanOrEqual(5)
    expect(world.asked.length).toBeLessThanOrEqual(6)
    expect(quotas.quotaOf('a')).toBeUndefined()
    await quotas.close()
  })

  it('can be read now: the failure is thrown, and one that lasts is not waited for', async () => {
    const world = createWorld([withTokens('a')])
    const quotas = await world.startProcess('p')
    expect(creditsLeft(await quotas.readNow('a'), world.clock.now())).toBe(90)
    world.service.failure = new GatewayError('access-denied', 'No.')
    await expect(quotas.readNow('a')).rejects.toMatchObject({ failure: { kind: 'access-denied' } })
    await expect(quotas.readNow('nobody')).rejects.toMatchObject({ failure: { kind: 'not-found' } })
    await quotas.close()
  })

  it('are forecast from what was used day by day', async () => {
    const world = createWorld([withTokens('a')])
    const quotas = await world.startProcess('p')
    for (let hour = 0; hour < 48; hour += 1) {
      await world.pass(HOUR)
      world.service.used += 0.5
    }
    const { forecast } = await quotas.usageOf('a')
    expect(forecast).toMatchObject({ kind: 'runs-out' })
    expect(forecast?.creditsPerDay).toBeGreaterThan(11)
    expect(forecast?.creditsPerDay).toBeLessThan(13)
    await quotas.close()
  })

  it('are forecast for all accounts together', async () => {
    const world = createWorld([withTokens('a'), withTokens('b')])
    const quotas = await world.startProcess('p')
    expect(await quotas.lookAhead()).toMatchObject({ accounts: 2, known: 0, runsOutAt: undefined })
    for (let hour = 0; hour < 48; hour += 1) {
      await world.pass(HOUR)
      world.service.used += 0.5
    }
    const outlook = await quotas.lookAhead()
    expect(outlook).toMatchObject({ accounts: 2, known: 2, limit: 200 })
    expect(outlook.creditsPerDay).toBeGreaterThan(22)
    expect(outlook.creditsPerDay).toBeLessThan(26)
    // What was worked out is good for some minutes.
    expect(await quotas.lookAhead()).toBe(outlook)
    await quotas.close()
  })

  it('leave no timer behind', async () => {
    const world = createWorld([withTokens('a')])
    const quotas = await world.startProcess('p')
    quotas.noteAnswer('a', 1)
    await world.pass(MINUTE)
    await quotas.close()
    quotas.noteAnswer('a', 1)
    expect(world.clock.pending()).toBe(0)
  })
})

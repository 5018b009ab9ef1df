/** Limits and strategy that change while the pool is in use. */
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import type { PoolLimits } from './pool.ts'
import { createPool } from './pool.ts'
import { sampleAccount, sampleLimits } from '../sample-account.ts'
import { createStrategy, type StrategyName } from './strategies/strategies.ts'

type Changing = { -readonly [Name in keyof PoolLimits]: PoolLimits[Name] }

const named = (name: StrategyName) =>
  createStrategy({ name, withinPriority: 'random', soonestExpiringFirst: false })

async function start(ids: readonly string[], strategy: StrategyName = 'round-robin') {
  const limits: Changing = { ...sampleLimits }
  const accounts = ids.map((id) =>
    sampleAccount(id, { fingerprints: { clientSecret: '0', refreshToken: '1' } }),
  )
  const pool = await createPool({
    store: { list: async () => accounts, addCounters: async () => {} },
    strategy: named(strategy),
    random: () => 0,
    clock: createFakeClock(),
    limits,
    report: () => {},
  })
  async function serve(): Promise<string> {
    const lease = await pool.lease()
    lease?.settle({ kind: 'success' })
    return lease?.account.id ?? 'nobody'
  }
  const serveAll = async (count: number) => {
    const served: string[] = []
    for (let request = 0; request < count; request += 1) served.push(await serve())
    return served
  }
  return { limits, pool, serveAll }
}

describe('a pool in use', () => {
  it('lends by another strategy from the next request on, each time from the beginning', async () => {
    const { pool, serveAll } = await start(['a', 'b', 'c'])
    expect(new Set(await serveAll(3)).size).toBe(3)
    pool.heedSettings(named('random'))
    expect(new Set(await serveAll(6)).size).toBe(1)
    pool.heedSettings(named('weighted'))
    expect(new Set(await serveAll(3)).size).toBe(3)
    pool.heedSettings(named('round-robin'))
    expect(new Set(await serveAll(3)).size).toBe(3)
  })

  it('does so among hundreds, too, where a ranked list chooses', async () => {
    const { pool, serveAll } = await start(
      Array.from({ length: 300 }, (_, index) => `${index}`),
      'random',
    )
    expect(new Set(await serveAll(10)).size).toBe(1)
    pool.heedSettings(named('round-robin'))
    expect(new Set(await serveAll(300)).size).toBe(300)
  })

  it('serves who waits as soon as an account may answer more', async () => {
    const { limits, pool } = await start(['a'])
    limits.accountConcurrency = 1
    limits.waitMs = 5000
    pool.heedSettings(undefined)
    const first = await pool.lease()
    const second = pool.lease()
    await Promise.resolve()
    expect(pool.tally().waiting).toBe(1)
    limits.accountConcurrency = 2
    pool.heedSettings(undefined)
    expect([first?.account.id, (await second)?.account.id]).toEqual(['a', 'a'])
  })

  it('switches an account off at the number of strikes that holds then', async () => {
    const { limits, pool } = await start(['a', 'b'])
    const strike = { kind: 'failed', failure: { kind: 'upstream-unavailable', message: 'scripted' } } as const
    pool.note('a', strike)
    pool.note('a', strike)
    expect(pool.enabled()).toHaveLength(2)
    limits.maxStrikes = 3
    pool.note('a', strike)
    expect(pool.enabled().map(({ id }) => id)).toEqual(['b'])
  })
})

/** What several pools make of one account's limit, over the primary process's keeper. */
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { defaultSettings } from '../accounts/account.ts'
import { createPool } from '../accounts/pool/pool.ts'
import { sampleAccount, sampleLimits } from '../accounts/sample-account.ts'
import { chooseAtRandom } from '../accounts/pool/strategies/random.ts'
import { createAskedSlots, type AskedSlots } from './asked-slots.ts'
import type { ToPrimary } from './messages.ts'
import { createSlotKeeper } from './slot-keeper.ts'

const limited = (concurrencyLimit: number) =>
  sampleAccount('a', {
    fingerprints: { clientSecret: '0', refreshToken: '1' },
    settings: { ...defaultSettings, concurrencyLimit },
  })

const rest = () => new Promise((resolve) => setImmediate(resolve))

/** Pools of so many workers. Messages arrive in order, and never in the moment in which they are sent. */
async function createTestPools(count: number, concurrencyLimit: number) {
  const clock = createFakeClock()
  const asked: AskedSlots[] = []
  const mail: (() => void)[] = []
  const keeper = createSlotKeeper((worker, accountId) => {
    mail.push(() => asked[worker]?.hear({ kind: 'slot-offered', accountId }))
  })
  function hear(worker: number, message: ToPrimary): void {
    if (message.kind === 'release-slot') return keeper.release(worker, message.accountId)
    if (message.kind !== 'take-slot') return
    const { turn, accountId, limit } = message
    const granted = keeper.take(worker, accountId, limit)
    mail.push(() => asked[worker]?.hear({ kind: 'slot', turn, accountId, granted }))
  }
  const pools = await Promise.all(
    Array.from({ length: count }, (_, worker) => {
      const own = createAskedSlots({ tell: (message) => mail.push(() => hear(worker, message)), clock })
      asked.push(own)
      return createPool({
        store: { list: async () => [limited(concurrencyLimit)], addCounters: async () => {} },
        slots: own.slots,
        strategy: chooseAtRandom,
        random: () => 0,
        clock,
        limits: { ...sampleLimits, maxStrikes: 3, waitMs: 5000 },
        report: () => {},
      })
    }),
  )
  /** Until no message is on its way. */
  async function deliver(): Promise<void> {
    await rest()
    for (let next = mail.shift(); next !== undefined; next = mail.shift()) {
      next()
      await rest()
    }
  }
  return { pools, deliver, clock }
}

describe('an account that answers only so much at once', () => {
  it.each([
    [2, 1],
    [2, 3],
    [3, 2],
  ])('serves %i busy workers in turns, with a limit of %i', async (workers, limit) => {
    const { pools, deliver, clock } = await createTestPools(workers, limit)
    const grants = pools.map(() => 0)
    const open: (() => void)[] = []
    async function ask(worker: number): Promise<void> {
      const lease = await pools[worker]?.lease()
      grants[worker] = (grants[worker] ?? 0) + 1
      open.push(() => {
        lease?.settle({ kind: 'success' })
        void ask(worker)
      })
    }
    for (let request = 0; request < 8; request += 1) pools.forEach((_, worker) => void ask(worker))
    await deliver()
    const rounds = 20 * workers
    for (let round = 0; round < rounds; round += 1) {
      open.shift()?.()
      await deliver()
      clock.advance(10)
      await deliver()
    }
    expect(grants.reduce((sum, each) => sum + each, 0)).toBe(rounds + limit)
    for (const each of grants) expect(each).toBeGreaterThanOrEqual(rounds / (workers + 1))
  })

  it('has room for all workers as soon as the limit is raised', async () => {
    const { pools, deliver } = await createTestPools(2, 1)
    await Promise.all([pools[0]?.lease(), deliver()])
    const waiting = pools[1]?.lease()
    await deliver()
    pools[1]?.update(limited(2))
    await deliver()
    expect((await waiting)?.account.id).toBe('a')
  })

  it('is given up with the client that left while it was asked for, and free for the next', async () => {
    const { pools, deliver } = await createTestPools(2, 1)
    const client = new AbortController()
    const gone = pools[0]?.lease({ signal: client.signal }).catch((error: unknown) => error)
    client.abort()
    expect(await gone).toMatchObject({ failure: { kind: 'client-gone' } })
    await deliver()
    const [lease] = await Promise.all([pools[1]?.lease(), deliver()])
    expect(lease?.account.id).toBe('a')
  })
})

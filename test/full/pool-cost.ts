/**
 * What lending costs a request, by how many accounts there are: a lease and its end, with a model and a conversation.
 * Lending among many costs at most 3 % of a whole request more than among one; a request with a stream of 20 tokens takes
 * the gateway about 0.7 ms of processor time (bench/RESULTS.md). Run: node test/full/pool-cost.ts
 */
import { performance } from 'node:perf_hooks'
import { createPool } from '../../src/accounts/pool/pool.ts'
import { sampleAccount, sampleLimits } from '../../src/accounts/sample-account.ts'
import { createSessions } from '../../src/accounts/pool/sessions.ts'
import { createStrategy, type StrategyName } from '../../src/accounts/pool/strategies/strategies.ts'
import { systemClock as clock } from '../../src/clock.ts'

/** Many short rounds: whatever else the machine does spares the best of them. */
const REQUESTS = 500
const ROUNDS = 80
const REQUEST_MICROSECONDS = 700
const MOST_ADDED = 0.03 * REQUEST_MICROSECONDS
const strategies: StrategyName[] = [
  'random',
  'round-robin',
  'least-in-flight',
  'most-quota-left',
  'weighted',
  'priority',
]

async function createBenchPool(accountCount: number, name: StrategyName) {
  const settings = { ...sampleAccount('').settings, concurrencyLimit: 2 }
  const fingerprints = { clientSecret: '0', refreshToken: '1' }
  const accounts = Array.from({ length: accountCount }, (_, index) =>
    sampleAccount(`account-${index}`, { fingerprints, ...(index % 2 === 1 && { settings }) }),
  )
  const pool = await createPool({
    store: { list: async () => accounts, addCounters: async () => {} },
    models: { offers: () => true, noteAccount() {}, forgetAccount() {}, noteModelRefused() {} },
    sessions: createSessions({ clock, maxSessions: 10_000, maxIdleMs: 3_600_000 }),
    strategy: createStrategy({ name, withinPriority: 'random', soonestExpiringFirst: false }),
    random: Math.random,
    clock,
    limits: sampleLimits,
    report: () => {},
  })
  accounts.forEach(({ id }, index) => {
    const sources = [{ kind: 'plan', used: index % 1000, limit: 1000 }] as const
    pool.setQuota(id, { readAt: new Date(), sources })
  })
  return pool
}

/** Microseconds of a lease and its end, in the best of some rounds. */
async function measure(accountCount: number, name: StrategyName): Promise<number> {
  const pool = await createBenchPool(accountCount, name)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    for (let request = 0; request < REQUESTS; request += 1) {
      // Each begins another conversation: the strategy is asked every time.
      const session = { key: `${round} ${request}`, isOpening: true }
      const lease = await pool.lease({ model: 'm', key: 'k', session })
      lease?.noteAnswered()
      lease?.settle({ kind: 'success' })
    }
    least = Math.min(least, ((performance.now() - start) * 1000) / REQUESTS)
  }
  await pool.close()
  return least
}

for (const name of strategies) {
  const alone = await measure(1, name)
  for (const accountCount of [1, 10, 1000, 10_000]) {
    const microseconds = accountCount === 1 ? alone : await measure(accountCount, name)
    const added = microseconds - alone
    const share = ((100 * added) / REQUEST_MICROSECONDS).toFixed(2)
    const words = `${name}, ${accountCount} accounts: ${microseconds.toFixed(2)} µs, added ${share} % of a request`
    process.stdout.write(`${words}\n`)
    if (added > MOST_ADDED) process.exitCode = 1
  }
}

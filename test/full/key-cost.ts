/**
 * What a client's key costs a request: its digest, the look-up among many, every limit it may have, and what an answer has
 * used. At most 5 % of a whole request; one with a stream of 20 tokens takes the gateway about 0.7 ms of processor time
 * (bench/RESULTS.md). The record of events is on no request's way. Run: node test/full/key-cost.ts
 */
import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { createClientKeys } from '../../src/access/client-keys.ts'
import { systemClock as clock } from '../../src/clock.ts'
import { openKeyRing } from '../../src/keys/key-ring.ts'
import { createKeySecrets } from '../../src/keys/key-secrets.ts'
import { sampleKey } from '../../src/keys/sample-key.ts'
import { createLimitKeeper } from '../../src/limits/key-limits.ts'
import type { UsageSums } from '../../src/quotas/client-usage-store.ts'
import { summarizeUsage } from '../../src/quotas/summarize-usage.ts'

const REQUESTS = 500
const ROUNDS = 80
const REQUEST_MICROSECONDS = 700
const MOST_ADDED = 0.05 * REQUEST_MICROSECONDS
const limits = {
  requestsPerMinute: 1e9,
  concurrentRequests: 1000,
  tokensPerDay: 1e12,
  tokensPerMonth: 1e12,
  creditsPerDay: 1e12,
  creditsPerMonth: 1e12,
}
const usage: UsageSums = {
  requests: 1,
  inputTokens: 20,
  outputTokens: 20,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  credits: 0.01,
  assumedCredits: 0,
}

async function createRequest(keyCount: number) {
  const secrets = createKeySecrets({ digestKey: randomBytes(32), randomBytes })
  const made = Array.from({ length: keyCount }, (_, index) => {
    const { secret, digest, prefix } = secrets.create()
    const addresses = ['192.0.2.0/24', '127.0.0.0/8']
    const createdAt = new Date()
    return {
      secret,
      key: sampleKey(`${index}`, { limits, addresses, secrets: [{ digest, prefix, createdAt }] }),
    }
  })
  const created = await openKeyRing({
    store: { readRevision: async () => 1, list: async () => made.map(({ key }) => key) },
    uses: { note() {} },
    clock,
  })
  const keys = createClientKeys({
    listed: [],
    printOf: () => '',
    digestOf: (secret) => secrets.digestOf(secret),
    created,
  })
  const keeper = createLimitKeeper({
    clientUsage: { read: async () => summarizeUsage([], new Date().toISOString().slice(0, 10)) },
    clock,
    report: (error) => {
      throw error
    },
  })
  const headers = { authorization: `Bearer ${made[0]?.secret ?? ''}` }
  return async () => {
    const { print, grant } = keys.check(headers, '127.0.0.1')
    const limited = { print, limits: grant.limits }
    await keeper.admit(limited, 'answer')
    keeper.headersFor(limited)
    keeper.note(limited, [usage])
  }
}

for (const keyCount of [1, 1000]) {
  const request = await createRequest(keyCount)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    for (let index = 0; index < REQUESTS; index += 1) await request()
    least = Math.min(least, ((performance.now() - start) * 1000) / REQUESTS)
  }
  const share = ((100 * least) / REQUEST_MICROSECONDS).toFixed(2)
  process.stdout.write(`${keyCount} keys: ${least.toFixed(2)} µs, ${share} % of a request\n`)
  if (least > MOST_ADDED) process.exitCode = 1
}

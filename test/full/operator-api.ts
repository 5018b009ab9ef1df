/**
 * 200,000 requests of any kind to the operator's API, or as many as ten minutes allow. Run: node test/full/operator-api.ts [seed] [count]
 * Each is answered as it is documented, without a failure of the gateway's own and without a secret.
 */
import { performance } from 'node:perf_hooks'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { openOperatorApi } from './hostile/operator-api.ts'
import { createRandom } from './hostile/random.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 200_000
const LANES = 4
const LONGEST_MS = 10 * 60_000
const password = 'tall trees 47'

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const environment = { ADMIN_PASSWORD: password, ACCOUNT_WAIT_SECONDS: '0' }
const gateway = await startGatewayUnderTest({ environment })
const statuses = new Map<number, number>()
const succeeded = new Set<string>()
const start = performance.now()
let steps = 0
try {
  await Promise.all(Array.from({ length: LANES }, (_, lane) => runLane(seed + lane)))
} finally {
  await gateway.close()
}
const told = Array.from(statuses, ([status, times]) => `${status} ${times}`).join(', ')
const seconds = ((performance.now() - start) / 1000).toFixed(0)
process.stdout.write(`Seed ${seed}: ${steps} requests in ${seconds} s, ${succeeded.size} routes: ${told}\n`)

/** Each lane has accounts and sign-ins of its own, so that it knows how they stand. */
async function runLane(laneSeed: number): Promise<void> {
  const api = await openOperatorApi(gateway, password)
  const random = createRandom(laneSeed)
  while (steps < count && performance.now() - start < LONGEST_MS) {
    steps += 1
    const { operation, status } = await api.step(random)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status === 200) succeeded.add(operation)
  }
  await api.close()
}

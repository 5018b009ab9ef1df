import { afterAll, beforeAll, expect, it } from 'vitest'
import { openOperatorApi } from './full/hostile/operator-api.ts'
import { createRandom } from './full/hostile/random.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from './gateway-under-test.ts'

const SEED = 20_261_122
const STEPS = 300
const password = 'tall trees 47'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    environment: { ADMIN_PASSWORD: password, ACCOUNT_WAIT_SECONDS: '0' },
  })
})
afterAll(() => gateway.close())

it("F15, S30: the operator's API answers any row of requests as it is documented, and tells no secret", async () => {
  const api = await openOperatorApi(gateway, password)
  const random = createRandom(SEED)
  const succeeded = new Set<string>()
  for (let step = 0; step < STEPS; step += 1) {
    const { operation, status } = await api.step(random)
    if (status === 200) succeeded.add(operation)
  }
  await api.close()
  // Else it would have shown little.
  expect(succeeded.size).toBeGreaterThan(10)
})

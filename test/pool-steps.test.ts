import { expect, it } from 'vitest'
import { playPool } from './pool-steps.ts'

it('the pool keeps to what it promises, whatever comes in whatever order', { timeout: 180_000 }, async () => {
  const { steps, lent } = await playPool({ steps: 100_000, seed: 20_261_122 })
  expect(steps).toBeGreaterThanOrEqual(100_000)
  // Else it would have promised little.
  expect(lent).toBeGreaterThan(steps / 10)
})

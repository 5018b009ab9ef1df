import { expect, it } from 'vitest'
import { checkMutatedSources } from '../../test/mutated-sources.ts'

const RUNS = 300

it('F17: sources that were damaged or changed are read or refused, and nothing else happens', async () => {
  const { read, refused } = await checkMutatedSources({ runs: RUNS, seed: 20_261_123 })
  expect(read + refused).toBe(RUNS)
  // Both, or the mutations would be too weak, or too strong, to show anything.
  expect(Math.min(read, refused)).toBeGreaterThan(RUNS / 20)
}, 60_000)

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { readPlace, shareOut, writePlace } from './place.ts'

describe('the place of a worker', () => {
  it('reaches it by its environment', () => {
    expect(readPlace(writePlace({ number: 2, count: 3 }))).toEqual({ number: 2, count: 3 })
    expect(() => readPlace(undefined)).toThrow('AQUEDUCT_WORKER is no place')
  })

  it('has a part of the requests and connections; all parts together are what was set', () => {
    const counts = fc.integer({ min: 1, max: 64 })
    fc.assert(
      fc.property(counts, fc.integer({ min: 64, max: 10_000 }), (count, total) => {
        const config = readConfig({ MAX_CONCURRENT_REQUESTS: `${total}` })
        const shares = Array.from({ length: count }, (_, index) =>
          shareOut(config, { number: index + 1, count }),
        )
        const sums = [
          [shares.map((share) => share.maxConcurrentRequests), total],
          [shares.map((share) => share.maxConnections), config.maxConnections],
        ] as const
        for (const [parts, sum] of sums) {
          expect(parts.reduce((before, part) => before + part, 0)).toBe(sum)
          expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('has a part of the retries of a second', () => {
    expect(shareOut(readConfig({}), { number: 2, count: 4 }).retryBudgetPerSecond).toBe(0.75)
  })

  it.each([
    [4, 64],
    [64, 32],
  ])('of %i has room for %d megabytes of bodies, and at least for the largest one', (count, megabytes) => {
    expect(shareOut(readConfig({}), { number: 1, count }).maxBufferedMegabytes).toBe(megabytes)
  })
})

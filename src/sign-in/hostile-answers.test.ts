import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHostileService, type HostileService } from '../../test/full/hostile/oidc-answers.ts'
import { createRandom } from '../../test/full/hostile/random.ts'

/** Some three hundred of the ten thousand rounds of test/full/oidc-answers.ts. */
describe('hostile answers of the sign-in service', () => {
  let service: HostileService
  beforeAll(async () => {
    service = await startHostileService()
  })
  afterAll(() => service.close())

  it('become failures or valid states, of every kind', { timeout: 30_000 }, async () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 300; seed += 1) {
      for (const kind of await service.check(createRandom(seed))) seen.add(kind)
    }
    const kinds = ['registered', 'started', 'approved', 'refreshed', 'pending', 'slow-down', 'expired']
    const failures = ['refused', 'unavailable', 'other-region', 'begun', 'not-begun']
    expect([...seen].toSorted()).toEqual([...kinds, ...failures].toSorted())
  })
})

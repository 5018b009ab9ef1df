/** Bodies of the model APIs as clients send them, and bent: F4 and F5 at a small count; test/full has the large ones. */
import { describe, expect, it } from 'vitest'
import { bodyApis } from './full/hostile/bent-bodies.ts'
import { checkBodies } from './full/hostile/check-bodies.ts'

const SEED = 20_261_123
const BODIES = 200

describe.each(bodyApis.map((api) => [api.dialect.name, api] as const))('F4: a body of %s', (_, api) => {
  it('is taken when its API knows it, and refused by the path of what is wrong with it', () => {
    const { sound, taken, refused } = checkBodies(api, { seed: SEED, count: BODIES })
    // Else it would have shown little.
    expect(Math.min(sound, taken - sound, refused)).toBeGreaterThan(BODIES / 20)
  })
})

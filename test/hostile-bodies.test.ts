/** Bodies of the model APIs as clients send them, and bent: F4 and F5 at a small count; test/full has the large ones. */
import { describe, expect, it } from 'vitest'
import { bodyApis } from './full/hostile/bent-bodies.ts'
import { checkOddBody, oddCase } from './full/hostile/check-odd-bodies.ts'
import { checkBodies } from './full/hostile/check-bodies.ts'

const SEED = 20_261_123
const BODIES = 120
const ODD_BODIES = 180

describe.each(bodyApis.map((api) => [api.dialect.name, api] as const))('F4: a body of %s', (_, api) => {
  it('is taken when its API knows it, and refused by the path of what is wrong with it', () => {
    const { sound, taken, refused } = checkBodies(api, { seed: SEED, count: BODIES })
    // Else it would have shown little.
    expect(Math.min(sound, taken - sound, refused)).toBeGreaterThan(BODIES / 20)
  })
})

it('F5, S48: JSON that is odd is taken or refused as it deserves, with little work, and changes no prototype', () => {
  const outcomes = Array.from({ length: ODD_BODIES }, (_, nth) => checkOddBody(oddCase(SEED, nth)))
  const taken = outcomes.filter((outcome) => outcome === 'taken').length
  expect(Math.min(taken, ODD_BODIES - taken)).toBeGreaterThan(ODD_BODIES / 5)
})

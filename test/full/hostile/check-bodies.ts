/** Holds bodies of one model API against the list of what is tolerated. */
import fc from 'fast-check'
import { bentBodies, findFault, type BodyApi } from './bent-bodies.ts'
import { checkSent, takeBody } from './take-body.ts'

export interface BodyTally {
  /** As they were made. */
  sound: number
  taken: number
  refused: number
}

/** Throws with the seed, and with the smallest body that shows it, when one is taken or refused that must not be. */
export function checkBodies(api: BodyApi, { seed, count }: { seed: number; count: number }): BodyTally {
  const tally: BodyTally = { sound: 0, taken: 0, refused: 0 }
  const property = fc.property(bentBodies(api), (bent) => {
    const outcome = takeBody(api.dialect, Buffer.from(JSON.stringify(bent.body)))
    checkSent(outcome)
    if (bent.bends.length === 0) tally.sound += 1
    tally[outcome.kind] += 1
    const fault = findFault(bent, outcome)
    if (fault !== undefined) throw new Error(`${api.dialect.name}: ${fault}`)
  })
  fc.assert(property, { numRuns: count, seed })
  return tally
}

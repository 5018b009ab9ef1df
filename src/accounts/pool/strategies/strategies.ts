/** The strategies by the names that settings use. */
import { chooseLeastInFlight } from './least-in-flight.ts'
import { chooseMostQuotaLeft } from './most-quota-left.ts'
import { createPriority } from './priority.ts'
import { chooseAtRandom } from './random.ts'
import { createRoundRobin } from './round-robin.ts'
import { preferSoonestExpiring } from './soonest-expiring.ts'
import type { Strategy } from './strategy.ts'
import { createWeighted } from './weighted.ts'

const plainStrategies = {
  random: () => chooseAtRandom,
  'round-robin': createRoundRobin,
  'least-in-flight': () => chooseLeastInFlight,
  'most-quota-left': () => chooseMostQuotaLeft,
  weighted: createWeighted,
} as const satisfies Record<string, () => Strategy>

/** A strategy that looks at all candidates alike. */
export type PlainStrategyName = keyof typeof plainStrategies
export type StrategyName = PlainStrategyName | 'priority'

export interface StrategyChoice {
  name: StrategyName
  /** Chooses within one priority. */
  withinPriority: PlainStrategyName
  /** Whether credits that lapse first are used first; a higher priority still goes before. */
  soonestExpiringFirst: boolean
}

export function createStrategy({ name, withinPriority, soonestExpiringFirst }: StrategyChoice): Strategy {
  const plainName = name === 'priority' ? withinPriority : name
  const plain = plainStrategies[plainName]()
  const preferring = soonestExpiringFirst ? preferSoonestExpiring(plain) : plain
  const whole =
    name === 'priority'
      ? createPriority(preferring, { isByChance: preferring === chooseAtRandom })
      : preferring
  const rules = [
    ...(name === 'priority' ? [name] : []),
    ...(soonestExpiringFirst ? ['soonest-expiring'] : []),
    plainName,
  ]
  // Some are the same function for everybody, which is not to be written on.
  const own: Strategy = (candidates, random) => whole(candidates, random)
  return Object.assign(own, { ranking: whole.ranking, rules })
}

import { chooseBest } from './choose-best.ts'
import type { Strategy } from './strategy.ts'

export const chooseLeastInFlight: Strategy = (candidates, random) =>
  chooseBest(candidates, ({ leases }) => -leases, random)

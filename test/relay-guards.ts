/** Retry budget and host breaker as the gateway has them by default. */
import type { Clock } from '../src/clock.ts'
import { createHostBreaker } from '../src/relay/host-breaker.ts'
import { createRetryBudget } from '../src/relay/retry-budget.ts'

export function relayGuards(clock: Pick<Clock, 'elapsed'>) {
  return {
    budget: createRetryBudget({ clock, perRequest: 0.1, perSecond: 3 }),
    breaker: createHostBreaker({ clock, accountsToOpen: 3, failuresToOpen: 5 }),
  }
}

/** All accounts are served by one host. */
export const hostOf = () => 'https://q.example'

import type { Candidate, Strategy } from './strategy.ts'
import { createTurns } from './turns.ts'

const isWeighty = ({ account }: Candidate) => account.settings.weight > 0

/** Turns in proportion to the weights. Accounts that weigh 0 serve, alike, only when there is nobody else. */
export function createWeighted(): Strategy {
  const inTurn = createTurns((candidate) => (isWeighty(candidate) ? candidate.account.settings.weight : 1))
  return (candidates, random) => {
    if (candidates.every(isWeighty)) return inTurn(candidates, random)
    const weighty = candidates.filter(isWeighty)
    return inTurn(weighty.length > 0 ? weighty : candidates, random)
  }
}

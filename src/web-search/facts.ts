/** What an answer says about how it came to be, over all of its rounds. */
import type { Loss } from '../conversation/loss.ts'
import type { AnswerFacts, ReplySink } from '../relay/pump.ts'

const LOST_SEARCH: Loss = { kind: 'web-search' }

interface FactSum {
  sink: ReplySink
  /** What was told last stands for this round; what comes now is of the next one. */
  settleRound(): void
}

export function createFactSum(sink: ReplySink): FactSum {
  const losses = new Map<string, Loss>()
  const repairs = new Set<string>()
  let latest: AnswerFacts = { losses: [], repairs: [] }
  return {
    sink: {
      ...sink,
      describe(facts) {
        latest = facts
        sink.describe({
          losses: [...losses.values(), ...facts.losses.filter((loss) => !losses.has(nameOf(loss)))],
          repairs: [...new Set([...repairs, ...facts.repairs])],
        })
      },
    },
    settleRound() {
      for (const loss of latest.losses) losses.set(nameOf(loss), loss)
      for (const repair of latest.repairs) repairs.add(repair)
    },
  }
}

function nameOf({ kind, detail }: Loss): string {
  return `${kind} ${detail ?? ''}`
}

/** Tells the client that its tool did not reach the model. */
export function withLostSearch(sink: ReplySink): ReplySink {
  return {
    ...sink,
    describe: (facts) => sink.describe({ ...facts, losses: [...facts.losses, LOST_SEARCH] }),
  }
}

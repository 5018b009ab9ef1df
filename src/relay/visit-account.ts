import type { Outcome } from '../accounts/after-outcome.ts'
import type { Lease } from '../accounts/pool.ts'
import { waitFor } from '../accounts/wait-for.ts'
import type { Failure, GatewayError } from '../conversation/failures.ts'
import { makeAttempt } from './attempt.ts'
import { chooseRemedy, type History } from './remedies.ts'
import type { RelayOptions, Target, Task } from './task.ts'

export interface Visit extends Target {
  lease: Lease
  history: History
  /** By the clock that is never set. */
  startedAt: number
  waitMs: number
}

/**
 * All attempts on one account. Undefined: answered. A failure is answered when another account may be tried, and thrown
 * when nothing may. However it ends, the lease is settled.
 */
export async function visitAccount(
  options: RelayOptions,
  task: Task,
  visit: Visit,
): Promise<GatewayError | undefined> {
  const { lease, history, sink } = visit
  let outcome: Outcome = { kind: 'abandoned' }
  let refused: string | undefined
  /** Whether all that the next attempt leaves out, beside what the last one did, are the model's own fields. */
  let isWithoutFields = false
  try {
    if (visit.waitMs > 0) await waitFor(visit.waitMs, { clock: options.clock, signal: visit.signal })
    for (;;) {
      const { error, accessToken } = await makeAttempt(options, task, { ...visit, refused })
      outcome = outcomeOf(error?.failure)
      if (error === undefined) {
        // Answered without them, where it was refused with them: so it will be with every request of the account.
        if (isWithoutFields) options.models.noteFieldsRefused(lease.account.id, task.model.id)
        return undefined
      }

      history.elapsedMs = options.clock.elapsed() - visit.startedAt
      const rewritten = history.exchange.rewrite(history.form, error.failure)
      const setback = { kind: error.failure.kind, isRewritable: rewritten !== undefined }
      const remedy = sink.hasContentLeft() ? undefined : chooseRemedy(setback, history)
      if (remedy === 'other-account') return error
      if (remedy === undefined) throw error
      const { kind: failure } = error.failure
      visit.onRemedy?.({ failure, remedy, accountId: lease.account.id, attempt: history.attempts })
      history.repairs.add(remedy)
      isWithoutFields = remedy === 'rewrite' && rewritten?.modelFields !== history.form.modelFields
      if (remedy === 'rewrite') history.form = rewritten ?? history.form
      if (remedy === 're-ask') {
        history.exchange = options.upstream.prepare(task.demands.remind(error.failure), task.model)
      }
      refused = remedy === 'refresh' ? accessToken : undefined
    }
  } finally {
    lease.settle(outcome)
  }
}

function outcomeOf(failure: Failure | undefined): Outcome {
  if (failure === undefined) return { kind: 'success' }
  return failure.kind === 'client-gone' ? { kind: 'abandoned' } : { kind: 'failed', failure }
}

import type { Lease } from '../accounts/pool/pool.ts'
import type { Outcome } from '../accounts/standing/after-outcome.ts'
import { waitFor } from '../background/wait-for.ts'
import { GatewayError, type Failure } from '../conversation/failures.ts'
import type { Access } from '../upstreams/upstream.ts'
import { makeAttempt, type Manner } from './attempt.ts'
import { chooseRemedy, isTooLate, type History } from './remedies.ts'
import { needsBudget } from './retry-budget.ts'
import type { RelayOptions, Target, Task } from './task.ts'

export interface Visit extends Target {
  lease: Lease
  history: History
  /** By the clock that is never set. */
  startedAt: number
  waitMs: number
}

/** What comes after a failure: another attempt on the same account, or one on another. */
type Next =
  | { kind: 'again'; manner: Manner; isWithoutFields: boolean }
  | { kind: 'move'; error: GatewayError }

/**
 * All attempts on one account. Undefined: answered. A failure is answered when another account may be tried, and thrown
 * when nothing may. However it ends, the lease is settled.
 */
export async function visitAccount(
  options: RelayOptions,
  task: Task,
  visit: Visit,
): Promise<GatewayError | undefined> {
  const { lease } = visit
  const { tokenVersion } = lease.account
  let outcome: Outcome = { kind: 'abandoned' }
  let manner: Manner = {}
  /** Whether all that the next attempt leaves out, beside what the last one did, are the model's own fields. */
  let isWithoutFields = false
  try {
    if (visit.waitMs > 0) await waitFor(visit.waitMs, { clock: options.clock, signal: visit.signal })
    for (;;) {
      const { error, ...attempt } = await makeAttempt(options, task, { ...visit, manner })
      if (error === undefined) {
        outcome = { kind: 'success' }
        // Answered without them, where it was refused with them: so it will be with every request of the account.
        if (isWithoutFields) options.models.noteFieldsRefused(lease.account.id, task.model.id)
        return undefined
      }
      outcome = attempt.isSpared ? { kind: 'spared' } : outcomeOf(error.failure, tokenVersion)
      const next = await remedy(options, task, { ...visit, ...attempt, error, manner })
      if (next.kind === 'move') {
        if (next.error !== error) outcome = outcomeOf(next.error.failure, tokenVersion)
        return next.error
      }
      manner = next.manner
      isWithoutFields = next.isWithoutFields
    }
  } catch (thrown) {
    // More was found out about the account; what went wrong with the client says nothing about it.
    if (thrown instanceof GatewayError && outcome.kind !== 'spared')
      outcome = outcomeOf(thrown.failure, tokenVersion)
    throw thrown
  } finally {
    lease.settle(outcome)
  }
}

function outcomeOf(failure: Failure, tokenVersion: number): Outcome {
  return failure.kind === 'client-gone' ? { kind: 'abandoned' } : { kind: 'failed', failure, tokenVersion }
}

interface Mishap extends Visit {
  error: GatewayError
  /** What was refused, if the service was asked at all. */
  access: Access | undefined
  manner: Manner
  /** Nothing was sent at all. */
  isHeldBack: boolean
  attemptMs: number
}

/** Throws the failure when nothing is left to try before the retry line. */
async function remedy(options: RelayOptions, task: Task, mishap: Mishap): Promise<Next> {
  const { lease, history, sink, error, access } = mishap
  const { account } = lease
  history.elapsedMs = options.clock.elapsed() - mishap.startedAt
  const { kind: failure } = error.failure
  const rewritten = history.exchange.rewrite(history.form, error.failure)
  const setback = {
    kind: failure,
    isRewritable: rewritten !== undefined,
    isProfileDoubtful: access !== undefined && options.profiles.mayHelp(account, error.failure),
    isHeldBack: mishap.isHeldBack,
    attemptMs: mishap.attemptMs,
  }
  const chosen = sink.hasContentLeft() ? undefined : chooseRemedy(setback, history)
  if (chosen === undefined) throw error
  // What sends no more to the service than it has asked for costs nothing.
  if (needsBudget(failure) && !mishap.isHeldBack && !options.budget.take()) throw error
  if (chosen === 'other-account') return { kind: 'move', error }
  mishap.onRemedy?.({ failure, remedy: chosen, accountId: account.id, attempt: history.attempts })
  history.repairs.add(chosen)
  history.remedy = chosen
  if (chosen === 'profile-lookup' && access !== undefined) {
    return tryOtherProfile(options, task, { ...mishap, access })
  }
  const isWithoutFields = chosen === 'rewrite' && rewritten?.modelFields !== history.form.modelFields
  if (chosen === 'rewrite') history.form = rewritten ?? history.form
  if (chosen === 're-ask') {
    history.exchange = options.upstream.prepare(task.demands.remind(error.failure), task.model)
  }
  const refused = chosen === 'refresh' ? access?.accessToken : undefined
  return { kind: 'again', manner: { ...mishap.manner, refused }, isWithoutFields }
}

/** Where there is no other one, or nobody can tell, what is left of the remedies is tried. */
async function tryOtherProfile(
  options: RelayOptions,
  task: Task,
  mishap: Mishap & { access: Access },
): Promise<Next> {
  const { lease, history, access, error, signal } = mishap
  const found = await options.profiles.reconsider({ account: lease.account, access, error }, signal)
  history.elapsedMs = options.clock.elapsed() - mishap.startedAt
  if (found.kind === 'stands') return remedy(options, task, { ...mishap, error: found.error })
  if (isTooLate(history)) throw error
  history.hasOtherProfile = true
  return { kind: 'again', manner: { profile: found.profile }, isWithoutFields: false }
}

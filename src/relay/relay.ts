import { retryAfterSeconds } from '../accounts/standing/availability.ts'
import type { Lease, Pool } from '../accounts/pool/pool.ts'
import type { Account } from '../accounts/account.ts'
import { noteChoice } from '../calls/call.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { GatewayError, policyOf, toGatewayError, type FailureKind } from '../conversation/failures.ts'
import { planDemands } from '../demands/demands.ts'
import { heedName } from '../models/heed-name.ts'
import { FULL_FORM, type Access, type RequestPreview } from '../upstreams/upstream.ts'
import { noteMove, waitAfter, type History } from './remedies.ts'
import type { PlanWishes, RelayOptions, Target, Task } from './task.ts'
import { visitAccount } from './visit-account.ts'

/** A conversation that the upstream can carry, about to be answered. */
export interface Plan {
  /** The model that answers, by the service's own id. */
  modelId: string
  inputTokens: number
  /** What the service would be sent for the account; nothing is sent. */
  preview(access: Omit<Access, 'accessToken'>): Promise<RequestPreview>
  /** Resolves when the whole reply is in the sink; rejects with the last failure, which the sink has not told yet. */
  run(target: Target): Promise<void>
}

export interface Relay {
  /** Throws `invalid-request` or `model-not-found`. */
  plan(conversation: Conversation, wishes?: PlanWishes): Plan
}

/** Plays a conversation against the accounts: attempt after attempt, until content has left or nothing is left to try. */
export function createRelay(options: RelayOptions): Relay {
  let requests = 0
  return {
    plan(asked, wishes = {}) {
      const model = options.models.resolve(asked.model)
      const conversation = heedName(asked, options.models)
      const demands = planDemands(conversation)
      const exchange = options.upstream.prepare(demands.conversation, model)
      const task: Task = { exchange, model, conversation, demands, ...wishes }
      return {
        modelId: model.id,
        inputTokens: exchange.inputTokens,
        async preview(access) {
          const offered = await options.models.ofAccount(access, model)
          return exchange.preview(access, { model: offered, form: FULL_FORM })
        },
        run(target) {
          requests += 1
          options.budget.noteRequest()
          return runAttempts(options, task, { ...target, requestId: String(requests) })
        },
      }
    },
  }
}

async function runAttempts(
  options: RelayOptions,
  task: Task,
  target: Target & { requestId: string },
): Promise<void> {
  const startedAt = options.clock.elapsed()
  const history: History = {
    accounts: new Set(),
    repairs: new Set(),
    movedOnce: new Set(),
    elapsedMs: 0,
    attempts: 0,
    remedy: undefined,
    requestId: target.requestId,
    hasOtherProfile: false,
    form: FULL_FORM,
    exchange: task.exchange,
  }
  const { signal, call } = target
  let failed: GatewayError | undefined
  let lastAccountId = ''

  for (;;) {
    const avoid = avoidedNow(options)
    const lease = await lend(options, task, { history, failed, signal, avoid, call })
    const { id: accountId } = lease.account
    const { placement, choice: picked } = lease
    if (call !== undefined) {
      noteChoice(call, { accountId, placement, picked, considered: lease.explain() })
    }
    if (failed !== undefined) {
      const move = {
        failure: failed.failure.kind,
        remedy: 'other-account',
        attempt: history.attempts,
      } as const
      target.onRemedy?.({ ...move, accountId: lastAccountId, nextAccountId: accountId })
    }
    history.remedy = failed && 'other-account'
    lastAccountId = accountId
    history.accounts.add(accountId)
    const waitMs = failed === undefined ? 0 : waitAfter(failed.failure.kind, options.random())
    const visit = { lease, startedAt, waitMs }
    try {
      failed = await visitAccount(options, task, { ...target, ...visit, history })
    } catch (error) {
      throw withRetryAfter(toGatewayError(error), options.pool, task)
    }
    if (failed === undefined) return
    noteMove(failed.failure.kind, history)
  }
}

/** Undefined, as a rule: no account is. */
function avoidedNow(options: RelayOptions): ((account: Account) => boolean) | undefined {
  return options.breaker.isAnyOpen() ? (account) => isHeldBack(options, account) : undefined
}

/** Whether what is sent for the account would go to a host that is known to be down. */
function isHeldBack({ upstream, breaker }: RelayOptions, account: Account): boolean {
  const { channel, region, profileArn, learnedProfile } = account
  const arn = profileArn ?? (learnedProfile?.kind === 'arn' ? learnedProfile.arn : undefined)
  try {
    const host = upstream.hostOf({ channel, region, ...(arn !== undefined && { profileArn: arn }) })
    return breaker.waitMs(host) > 0
  } catch {
    // Its channel is not known, which the attempt will tell.
    return false
  }
}

/** When no account is left that was not tried, the client is told what went wrong with the last one. */
async function lend(
  { pool }: RelayOptions,
  task: Task,
  state: {
    history: History
    failed: GatewayError | undefined
    signal: AbortSignal
    avoid: ((account: Account) => boolean) | undefined
    call: Target['call']
  },
): Promise<Lease> {
  const { history, failed, signal } = state
  const { model, accountId, tags, key, keyConcurrency, session } = task
  const wishes = {
    model: model.id,
    exclude: history.accounts,
    accountId,
    tags,
    key,
    keyConcurrency,
    session,
    signal,
    avoid: state.avoid,
  }
  const lease = await pool.lease(wishes).catch((error: unknown) => {
    if (state.call !== undefined) noteChoice(state.call, { considered: pool.explain(wishes) })
    throw error
  })
  if (lease !== undefined) return lease
  throw failed === undefined
    ? new GatewayError('internal', 'The pool lent no account to the first attempt.')
    : withRetryAfter(failed, pool, task)
}

/** The least that `Retry-After` can say. */
const AT_ONCE_SECONDS = 1
/** Their pauses are the pool's, and end for the client when any account is ready again for the model. */
const PAUSING: ReadonlySet<FailureKind> = new Set(['throttled', 'quota', 'capacity'])

/** What the service said is about the one account that failed last; where others are ready, the client need not wait for that. */
function withRetryAfter(
  error: GatewayError,
  pool: Pick<Pool, 'retryAfterSeconds'>,
  { model, tags, accountId }: Task,
): GatewayError {
  const { kind, message, retryAfterSeconds: told, ...details } = error.failure
  if (!PAUSING.has(kind)) return error
  // A pause that the service did not tell may be over before its refusal is.
  const soonest = told !== undefined || policyOf(kind).heals ? AT_ONCE_SECONDS : undefined
  const itself = told === undefined ? soonest : retryAfterSeconds(told * 1000)
  const wait =
    pool.retryAfterSeconds({ model: model.id, tags }) ?? (accountId === undefined ? soonest : itself)
  if (wait === undefined) return error
  return new GatewayError(kind, message, { ...details, retryAfterSeconds: wait, cause: error.cause })
}

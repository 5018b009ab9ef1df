import type { Outcome } from '../accounts/after-outcome.ts'
import type { FreshCredentials } from '../accounts/fresh-credentials.ts'
import type { Lease, Pool } from '../accounts/pool.ts'
import { waitFor } from '../accounts/wait-for.ts'
import type { Clock } from '../clock.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { GatewayError, toGatewayError, type Failure, type FailureKind } from '../conversation/failures.ts'
import { createGrammarCheck } from '../conversation/grammar.ts'
import type { ReplyStage } from '../conversation/stage.ts'
import { heedName } from '../models/heed-name.ts'
import { accessOf } from '../models/access-of.ts'
import type { Models } from '../models/models.ts'
import {
  FULL_FORM,
  type Exchange,
  type ModelInfo,
  type RequestForm,
  type Upstream,
} from '../upstreams/upstream.ts'
import { pump, type ReplySink, type StreamTimeouts } from './pump.ts'
import { chooseRemedy, noteMove, repairsOf, type History } from './remedies.ts'
import { createGate, type GateKind } from './stages/gate.ts'
import { createThinkingFilter } from './stages/hide-thinking.ts'

export interface RelayOptions {
  upstream: Pick<Upstream, 'prepare'>
  models: Pick<Models, 'resolve' | 'asksToThink' | 'ofAccount' | 'noteFieldsRefused'>
  pool: Pick<Pool, 'lease' | 'retryAfterSeconds'>
  freshCredentials: Pick<FreshCredentials, 'get' | 'refresh'>
  clock: Clock
  /** From 0 up to, not including, 1. */
  random: () => number
  timeouts: StreamTimeouts
}

/** A conversation that the upstream can carry, about to be answered. */
export interface Plan {
  /** The model that answers, by the service's own id. */
  modelId: string
  inputTokens: number
  /** Resolves when the whole reply is in the sink; rejects with the last failure, which the sink has not told yet. */
  run(target: Target): Promise<void>
}

export interface Target {
  sink: ReplySink
  gate: GateKind
  /** Aborts when the client is gone. */
  signal: AbortSignal
}

export interface PlanWishes {
  /** Only this account, whatever its status. Unknown ones are `not-found` when the plan runs. */
  accountId?: string
}

export interface Relay {
  /** Throws `invalid-request` or `model-not-found`. */
  plan(conversation: Conversation, wishes?: PlanWishes): Plan
}

const LEAST_CAPACITY_WAIT_MS = 1000
const MOST_CAPACITY_WAIT_MS = 3000

/** Plays a conversation against the accounts: attempt after attempt, until content has left or nothing is left to try. */
export function createRelay(options: RelayOptions): Relay {
  return {
    plan(asked, wishes = {}) {
      const model = options.models.resolve(asked.model)
      const conversation = heedName(asked, options.models)
      const exchange = options.upstream.prepare(conversation, model)
      const task: Task = { exchange, model, conversation, ...wishes }
      return {
        modelId: model.id,
        inputTokens: exchange.inputTokens,
        run: (target) => runAttempts(options, task, target),
      }
    },
  }
}

interface Task extends PlanWishes {
  exchange: Exchange
  model: ModelInfo
  conversation: Conversation
}

async function runAttempts(options: RelayOptions, task: Task, target: Target): Promise<void> {
  const startedAt = options.clock.elapsed()
  const history: History = {
    accounts: new Set(),
    repairs: new Set(),
    movedOnce: new Set(),
    elapsedMs: 0,
    form: FULL_FORM,
  }
  let failed: GatewayError | undefined

  for (;;) {
    const lease = await lend(options, task, { history, failed, signal: target.signal })
    history.accounts.add(lease.account.id)
    const visit = { lease, startedAt, waitMs: waitBefore(failed, options.random) }
    try {
      failed = await visitAccount(options, task, { ...target, ...visit, history })
    } catch (error) {
      throw withRetryAfter(toGatewayError(error), options.pool.retryAfterSeconds(task.model.id))
    }
    if (failed === undefined) return
    noteMove(failed.failure.kind, history)
  }
}

interface Visit extends Target {
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
async function visitAccount(
  options: RelayOptions,
  task: Task,
  visit: Visit,
): Promise<GatewayError | undefined> {
  const { lease, history, sink } = visit
  let outcome: Outcome = { kind: 'abandoned' }
  let refused: string | undefined
  try {
    if (visit.waitMs > 0) await waitFor(visit.waitMs, { clock: options.clock, signal: visit.signal })
    for (;;) {
      const { error, accessToken } = await makeAttempt(options, task, { ...visit, refused })
      outcome = outcomeOf(error?.failure)
      if (error === undefined) return undefined

      history.elapsedMs = options.clock.elapsed() - visit.startedAt
      const rewritten = task.exchange.rewrite(history.form, error.failure)
      const setback = { kind: error.failure.kind, isRewritable: rewritten !== undefined }
      const remedy = sink.hasContentLeft() ? undefined : chooseRemedy(setback, history)
      if (remedy === 'other-account') return error
      if (remedy === undefined) throw error
      history.repairs.add(remedy)
      if (remedy === 'rewrite' && rewritten !== undefined) {
        noteRewriting(options, { task, lease, from: history.form, to: rewritten })
        history.form = rewritten
      }
      refused = remedy === 'refresh' ? accessToken : undefined
    }
  } finally {
    lease.settle(outcome)
  }
}

/** An account that refuses the model's own fields does so for every request. */
function noteRewriting(
  { models }: RelayOptions,
  { task, lease, from, to }: { task: Task; lease: Lease; from: RequestForm; to: RequestForm },
): void {
  if (from.modelFields === to.modelFields) return
  models.noteFieldsRefused(lease.account.id, task.model.id)
}

function outcomeOf(failure: Failure | undefined): Outcome {
  if (failure === undefined) return { kind: 'success' }
  return failure.kind === 'client-gone' ? { kind: 'abandoned' } : { kind: 'failed', failure }
}

/** A model without room is given a moment before it is asked for again. */
function waitBefore(failed: GatewayError | undefined, random: () => number): number {
  if (failed?.failure.kind !== 'capacity') return 0
  return LEAST_CAPACITY_WAIT_MS + random() * (MOST_CAPACITY_WAIT_MS - LEAST_CAPACITY_WAIT_MS)
}

/** When no account is left that was not tried, the client is told what went wrong with the last one. */
async function lend(
  { pool }: RelayOptions,
  { model, accountId }: Task,
  state: { history: History; failed: GatewayError | undefined; signal: AbortSignal },
): Promise<Lease> {
  const { history, failed, signal } = state
  const only = accountId === undefined ? {} : { accountId }
  const lease = await pool.lease({ model: model.id, exclude: history.accounts, signal, ...only })
  if (lease !== undefined) return lease
  throw failed === undefined
    ? new GatewayError('internal', 'The pool lent no account to the first attempt.')
    : withRetryAfter(failed, pool.retryAfterSeconds(model.id))
}

/** Their pauses are the pool's, and end for the client when any account is ready again for the model. */
const PAUSING: ReadonlySet<FailureKind> = new Set(['throttled', 'quota', 'capacity'])

function withRetryAfter(error: GatewayError, retryAfterSeconds: number | undefined): GatewayError {
  const { kind, message, ...details } = error.failure
  if (!PAUSING.has(kind) || retryAfterSeconds === undefined) return error
  return new GatewayError(kind, message, { ...details, retryAfterSeconds, cause: error.cause })
}

interface Attempt {
  accessToken: string | undefined
  error: GatewayError | undefined
}

/** One request to the upstream. Everything that belongs to it is made here and thrown away with it. */
async function makeAttempt(
  options: RelayOptions,
  { exchange, model, conversation }: Task,
  target: Target & { lease: Lease; history: History; refused: string | undefined },
): Promise<Attempt> {
  const { history, refused, signal, sink } = target
  const { account } = target.lease
  const { freshCredentials } = options
  let accessToken: string | undefined
  try {
    accessToken =
      refused === undefined
        ? await freshCredentials.get(account, signal)
        : await freshCredentials.refresh(account, refused, signal)
    const access = accessOf(account, accessToken)
    const offered = await options.models.ofAccount(access, model)
    const { form } = history
    const { body, decoder, losses } = await exchange.send(access, { model: offered, form, signal })
    sink.describe({ losses, repairs: repairsOf(history) })
    const { clock, timeouts } = options
    await pump({
      body,
      decoder,
      stages: createStages(conversation, target.gate),
      sink,
      clock,
      timeouts,
      signal,
    })
    return { accessToken, error: undefined }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    return { accessToken, error: refused === undefined ? error : sharpen(error) }
  }
}

/** Fresh for one attempt, in the order in which events pass them. */
function createStages(conversation: Conversation, gate: GateKind): ReplyStage[] {
  const hiding = createThinkingFilter(conversation.thinking)
  return [createGrammarCheck(), ...(hiding === undefined ? [] : [hiding]), createGate(gate)]
}

/** A token refused right after it was made is not old: the account itself is not let in. */
function sharpen(error: GatewayError): GatewayError {
  if (error.failure.kind !== 'token-expired') return error
  return new GatewayError(
    'access-denied',
    'The model service refuses this account even with a fresh token: check its profile and subscription, or sign it in again.',
    { cause: error },
  )
}

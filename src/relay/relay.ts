import type { FreshCredentials } from '../accounts/fresh-credentials.ts'
import type { Lease, Outcome, Pool } from '../accounts/pool.ts'
import type { Clock } from '../clock.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { GatewayError, toGatewayError, type FailureKind } from '../conversation/failures.ts'
import { createGrammarCheck } from '../conversation/grammar.ts'
import type { ReplyStage } from '../conversation/stage.ts'
import type { Exchange, Upstream } from '../upstreams/upstream.ts'
import { pump, type ReplySink, type StreamTimeouts } from './pump.ts'
import { chooseRemedy, type History } from './remedies.ts'
import { createGate, type GateKind } from './stages/gate.ts'
import { createThinkingFilter, isThinkingShown } from './stages/hide-thinking.ts'

export interface RelayOptions {
  upstream: Upstream
  pool: Pick<Pool, 'lease'>
  freshCredentials: Pick<FreshCredentials, 'get' | 'refresh'>
  clock: Clock
  timeouts: StreamTimeouts
}

/** A conversation that the upstream can carry, about to be answered. */
export interface Plan {
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

export interface Relay {
  /** Throws `invalid-request` or `model-not-found`. */
  plan(conversation: Conversation): Plan
}

/** Plays a conversation against the accounts: attempt after attempt, until content has left or nothing is left to try. */
export function createRelay(options: RelayOptions): Relay {
  return {
    plan(conversation) {
      const exchange = options.upstream.prepare(conversation)
      return {
        inputTokens: exchange.inputTokens,
        run: (target) => runAttempts(options, exchange, { ...target, conversation }),
      }
    },
  }
}

/** What is the same for all attempts of a request. */
interface Task extends Target {
  conversation: Conversation
}

async function runAttempts(options: RelayOptions, exchange: Exchange, target: Task): Promise<void> {
  const startedAt = options.clock.elapsed()
  const history: History = { accounts: new Set(), repairs: new Set(), elapsedMs: 0 }
  let lease = await lend(options, history, undefined)
  let refused: string | undefined

  for (;;) {
    history.accounts.add(lease.account.id)
    const { error, accessToken } = await makeAttempt(options, exchange, { ...target, lease, refused })
    if (error === undefined) return lease.settle({ kind: 'success' })

    history.elapsedMs = options.clock.elapsed() - startedAt
    const { kind } = error.failure
    const remedy = target.sink.hasContentLeft() ? undefined : chooseRemedy(kind, history)
    if (remedy === 'refresh' || remedy === 'repeat') {
      history.repairs.add(remedy)
      refused = remedy === 'refresh' ? accessToken : undefined
      continue
    }
    lease.settle(outcomeOf(kind))
    if (remedy === undefined) throw error
    lease = await lend(options, history, error)
    refused = undefined
  }
}

function outcomeOf(failure: FailureKind): Outcome {
  return failure === 'client-gone' ? { kind: 'abandoned' } : { kind: 'failed', failure }
}

/** When no account is left that was not tried, the client is told what went wrong with the last one. */
async function lend({ pool }: RelayOptions, history: History, lastError?: GatewayError): Promise<Lease> {
  const lease = await pool.lease({ exclude: history.accounts })
  if (lease !== undefined) return lease
  throw lastError ?? new GatewayError('internal', 'The pool lent no account to the first attempt.')
}

interface Attempt {
  accessToken: string | undefined
  error: GatewayError | undefined
}

/** One request to the upstream. Everything that belongs to it is made here and thrown away with it. */
async function makeAttempt(
  options: RelayOptions,
  exchange: Exchange,
  target: Task & { lease: Lease; refused: string | undefined },
): Promise<Attempt> {
  const { refused, signal, sink } = target
  const { account } = target.lease
  const { freshCredentials } = options
  let accessToken: string | undefined
  try {
    accessToken =
      refused === undefined
        ? await freshCredentials.get(account, signal)
        : await freshCredentials.refresh(account, refused, signal)
    const reply = await exchange.send({ ...account, accessToken }, signal)
    await pump({ ...options, ...reply, stages: createStages(target), sink, signal })
    return { accessToken, error: undefined }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    return { accessToken, error: refused === undefined ? error : sharpen(error) }
  }
}

/** Fresh for one attempt, in the order in which events pass them. */
function createStages({ conversation, gate }: Task): ReplyStage[] {
  const hiding = isThinkingShown(conversation.thinking) ? [] : [createThinkingFilter()]
  return [createGrammarCheck(), ...hiding, createGate(gate)]
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

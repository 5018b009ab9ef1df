import type { Clock } from '../clock.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import { createGrammarCheck } from '../conversation/grammar.ts'
import type { Access, Exchange, Upstream } from '../upstreams/upstream.ts'
import { pump, type ReplySink, type StreamTimeouts } from './pump.ts'
import { chooseRemedy, type History } from './remedies.ts'
import { createGate, type GateKind } from './stages/gate.ts'

/** How the work on one lent account ended. */
export type Outcome = { kind: 'success' } | { kind: 'abandoned' } | { kind: 'failed'; error: GatewayError }

/** One account, lent until it is settled. */
export interface Lease {
  readonly account: { readonly id: string } & Omit<Access, 'accessToken'>
  /**
   * A token that should work. `refused`: the one that the service has just refused, so that it is not given again.
   * Throws `sign-in-needed` or `refresh-unavailable`.
   */
  accessToken(options: { refused: string | undefined; signal: AbortSignal }): Promise<string>
  /** Exactly once. */
  settle(outcome: Outcome): void
}

/** Lends an account that was not tried yet; throws `no-account` and its kin when there is none at all. */
export interface Lender {
  lease(options: { exclude: ReadonlySet<string>; signal: AbortSignal }): Promise<Lease>
}

export interface RelayOptions {
  upstream: Upstream
  lender: Lender
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
        run: (target) => runAttempts(options, exchange, target),
      }
    },
  }
}

async function runAttempts(options: RelayOptions, exchange: Exchange, target: Target): Promise<void> {
  const startedAt = options.clock.elapsed()
  const accounts = new Set<string>()
  const history: History = { accounts, repairs: new Set(), elapsedMs: 0 }
  const { signal } = target
  let lease = await options.lender.lease({ exclude: accounts, signal })
  let refused: string | undefined

  for (;;) {
    accounts.add(lease.account.id)
    const attempt = await makeAttempt(options, exchange, { ...target, lease, refused })
    if (attempt.error === undefined) return lease.settle({ kind: 'success' })

    const { error } = attempt
    history.elapsedMs = options.clock.elapsed() - startedAt
    const remedy = target.sink.hasContentLeft() ? undefined : chooseRemedy(error.failure.kind, history)
    if (remedy === 'refresh' || remedy === 'repeat') {
      history.repairs.add(remedy)
      refused = remedy === 'refresh' ? attempt.accessToken : undefined
      continue
    }
    lease.settle(error.failure.kind === 'client-gone' ? { kind: 'abandoned' } : { kind: 'failed', error })
    if (remedy === undefined) throw error
    lease = await lendAnother(options.lender, accounts, target.signal, error)
    refused = undefined
  }
}

/** When no other account is there, the client is told what went wrong, not that there is no other account. */
async function lendAnother(
  lender: Lender,
  exclude: ReadonlySet<string>,
  signal: AbortSignal,
  lastError: GatewayError,
): Promise<Lease> {
  try {
    return await lender.lease({ exclude, signal })
  } catch {
    throw lastError
  }
}

interface Attempt {
  accessToken: string | undefined
  error: GatewayError | undefined
}

/** One request to the upstream. Everything that belongs to it is made here and thrown away with it. */
async function makeAttempt(
  options: RelayOptions,
  exchange: Exchange,
  target: Target & { lease: Lease; refused: string | undefined },
): Promise<Attempt> {
  const { lease, refused, signal, sink } = target
  let accessToken: string | undefined
  try {
    accessToken = await lease.accessToken({ refused, signal })
    const reply = await exchange.send({ ...lease.account, accessToken }, signal)
    const stages = [createGrammarCheck(), createGate(target.gate)]
    await pump({ ...options, ...reply, stages, sink, signal })
    return { accessToken, error: undefined }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    return { accessToken, error: refused === undefined ? error : sharpen(error) }
  }
}

/** A token refused right after it was made is not old: the account itself is not let in. */
function sharpen(error: GatewayError): GatewayError {
  if (error.failure.kind !== 'token-expired') return error
  return new GatewayError(
    'access-denied',
    'Amazon Q refuses this account even with a fresh token: check its profile and subscription, or sign it in again.',
    { cause: error },
  )
}

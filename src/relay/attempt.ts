import type { Lease } from '../accounts/pool/pool.ts'
import type { LearnedProfile } from '../accounts/account.ts'
import { beginAttempt, type CallAttempt } from '../calls/call.ts'
import { GatewayError, policyOf, toGatewayError, type Failure } from '../conversation/failures.ts'
import type { Usage } from '../conversation/reply.ts'
import type { Access, UpstreamReply } from '../upstreams/upstream.ts'
import { pump } from './pump.ts'
import { chooseRemedy, repairsOf, type History } from './remedies.ts'
import type { RelayStage } from './pipeline.ts'
import { createReplyStages } from './reply-stages.ts'
import { needsBudget } from './retry-budget.ts'
import type { RelayOptions, Target, Task } from './task.ts'

/** Told among the repairs of an answer: it goes out without the tool call in which it broke off. */
const WITHOUT_CUT_CALL = 'without-cut-call'

interface Attempt {
  /** Undefined: it failed before the service was asked. */
  access: Access | undefined
  error: GatewayError | undefined
  /** The account is not to blame: the service fails for others too. */
  isSpared: boolean
  /** Nothing was sent: the service is known to be down. */
  isHeldBack: boolean
  attemptMs: number
}

/** In what an attempt differs from the first one on its account. */
export interface Manner {
  /** The access token that the service did not take. */
  refused?: string | undefined
  /** To be tried in place of the one that was refused. */
  profile?: LearnedProfile | undefined
}

interface AttemptTarget extends Target {
  lease: Lease
  history: History
  startedAt: number
  manner: Manner
}

/** What an answer of the service that can be read begins with. */
const OK = 200
const INTERRUPTED = { kind: 'interrupted', isRewritable: false, isProfileDoubtful: false } as const

/** One request to the upstream. Everything that belongs to it is made here and thrown away with it. */
export async function makeAttempt(
  options: RelayOptions,
  task: Task,
  target: AttemptTarget,
): Promise<Attempt> {
  const { history, manner, lease, startedAt } = target
  history.attempts += 1
  const elapsed = () => options.clock.elapsed() - startedAt
  const note = beginAttempt(target.call ?? { attempts: [] }, {
    accountId: lease.account.id,
    startedAt: elapsed(),
    remedy: history.remedy,
  })
  let access: Access | undefined
  let host: string | undefined
  try {
    access = await gainAccess(options, target)
    host = options.upstream.hostOf(access)
    const reply = await send(options, task, { ...target, access, host, note, elapsed })
    await pass(options, task, { ...target, reply, note, elapsed })
    note.outcome = 'answered'
    return concluded(undefined)
  } catch (thrown) {
    const error = manner.refused === undefined ? toGatewayError(thrown) : sharpen(toGatewayError(thrown))
    note.outcome = error.failure.kind
    const isHostDown = host !== undefined && options.breaker.isOpen(host)
    if (isHostDown && isStrike(error.failure)) note.spared = true
    return concluded(error)
  }

  function concluded(error: GatewayError | undefined): Attempt {
    const endedAt = elapsed()
    note.endedAt = endedAt
    const attemptMs = endedAt - note.startedAt
    const isHeldBack = note.heldBack === true
    return { access, error, isSpared: isHeldBack || note.spared === true, isHeldBack, attemptMs }
  }
}

async function gainAccess(
  { freshCredentials, profiles }: RelayOptions,
  { lease: { account }, signal, manner: { refused, profile } }: AttemptTarget,
): Promise<Access> {
  const accessToken =
    refused === undefined
      ? await freshCredentials.get(account, signal)
      : await freshCredentials.refresh(account, refused, signal)
  return profiles.accessTo(account, accessToken, { signal, profile })
}

interface Noted {
  note: CallAttempt
  /** Milliseconds since the request came. */
  elapsed: () => number
}

/** Resolves when the answer begins. Tells the breaker, the pool and the call how that went. */
async function send(
  options: RelayOptions,
  { model }: Task,
  target: AttemptTarget & Noted & { access: Access; host: string },
): Promise<UpstreamReply> {
  const { access, host, history, lease, note, signal } = target
  const offered = await options.models.ofAccount(access, model)
  const passage = options.breaker.admit(host)
  if (passage === undefined) {
    note.heldBack = true
    throw serviceDown()
  }
  const noteAnswer = () => {
    note.headersAt = target.elapsed()
    passage.noteAnswer()
    lease.noteAnswered()
  }
  note.sentAt = target.elapsed()
  try {
    const reply = await history.exchange.send(access, { model: offered, form: history.form, signal })
    noteAnswer()
    note.status = OK
    if (reply.requestId !== undefined) note.requestId = reply.requestId
    return reply
  } catch (thrown) {
    const { failure } = toGatewayError(thrown)
    Object.assign(note, failure.answered)
    if (isFailureOfHost(failure, access)) {
      const { requestId } = history
      const isBlamed = passage.noteFailure({ accountId: lease.account.id, requestId })
      if (!isBlamed && isStrike(failure)) note.spared = true
    } else if (isAnswer(failure, access)) noteAnswer()
    throw thrown
  }
}

/** Plays the answer to the client. */
async function pass(
  options: RelayOptions,
  { conversation, demands }: Task,
  target: AttemptTarget & Noted & { reply: UpstreamReply },
): Promise<void> {
  const { history, lease, note, signal, sink, gate } = target
  const { body, decoder, losses } = target.reply
  const { profile } = target.manner
  if (profile !== undefined) await options.profiles.remember(lease.account, profile)
  const repairs = repairsOf(history)
  sink.describe({ losses, repairs })
  const { clock, timeouts, budget } = options
  const isLastChance = () => {
    const remedy = chooseRemedy(INTERRUPTED, { ...history, elapsedMs: target.elapsed() })
    return remedy === undefined || (needsBudget(INTERRUPTED.kind) && !budget.isLeft())
  }
  const onCallLeftOut = () => sink.describe({ losses, repairs: [...repairs, WITHOUT_CUT_CALL] })
  const onContent = () => {
    note.firstContentAt = target.elapsed()
  }
  const { inputTokens } = history.exchange
  const wishes = { conversation, demands, gate, inputTokens, isLastChance, onCallLeftOut, onContent }
  let told: Usage | undefined
  const noteUsage = (usage: Usage) => void (told = usage)
  const stages = [createUsageNote(noteUsage), ...createReplyStages(wishes)]
  try {
    await pump({ body, decoder, stages, sink, clock, timeouts, signal })
  } catch (error) {
    // What has left counts as the answer.
    if (told !== undefined && !sink.hasContentLeft()) note.thrownAway = told
    throw error
  }
}

/** Sees what the service says of its answer, whatever becomes of that. */
function createUsageNote(noteUsage: (usage: Usage) => void): RelayStage {
  return {
    push(event, emit) {
      if (event.type === 'reply-end') noteUsage(event.usage)
      emit(event)
    },
    end() {},
  }
}

/** What cannot be reached is as good as down, but by an account's own proxy nobody else goes. */
function isFailureOfHost({ kind }: Failure, { proxyUrl }: Access): boolean {
  if (kind === 'unreachable') return proxyUrl === undefined
  return kind === 'upstream-unavailable' || kind === 'upstream-timeout'
}

/** Whether the service has said it. An account's own proxy may also refuse access, before the service is reached. */
function isAnswer({ kind }: Failure, { proxyUrl }: Access): boolean {
  if (kind === 'unreachable' || kind === 'client-gone' || kind === 'internal') return false
  return kind !== 'access-denied' || proxyUrl === undefined
}

/** No strikes while the service is down for everybody. */
function isStrike({ kind }: Failure): boolean {
  const { effect } = policyOf(kind)
  return effect === 'strike' || effect === 'half-strike'
}

const DOWN_RETRY_SECONDS = 1

function serviceDown(): GatewayError {
  return new GatewayError(
    'unreachable',
    'Amazon Q fails at every request at the moment, or cannot be reached. It is tried once a second: send the request again soon.',
    { retryAfterSeconds: DOWN_RETRY_SECONDS },
  )
}

/** A token refused right after it was made is not old: the account itself is not let in, or not in this region. */
function sharpen(error: GatewayError): GatewayError {
  if (error.failure.kind !== 'token-expired') return error
  return new GatewayError(
    'access-denied',
    'The model service refuses this account even with a fresh token: check its profile and subscription, or sign it in again.',
    { refusal: 'profile', cause: error },
  )
}

import type { LearnedProfile } from '../accounts/account.ts'
import type { Lease } from '../accounts/pool.ts'
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import type { Access } from '../upstreams/upstream.ts'
import { pump } from './pump.ts'
import { chooseRemedy, repairsOf, type History } from './remedies.ts'
import { createReplyStages } from './reply-stages.ts'
import type { RelayOptions, Target, Task } from './task.ts'

/** Told among the repairs of an answer: it goes out without the tool call in which it broke off. */
const WITHOUT_CUT_CALL = 'without-cut-call'

interface Attempt {
  /** Undefined: it failed before the service was asked. */
  access: Access | undefined
  error: GatewayError | undefined
}

/** In what an attempt differs from the first one on its account. */
export interface Manner {
  /** The access token that the service did not take. */
  refused?: string | undefined
  /** To be tried in place of the one that was refused. */
  profile?: LearnedProfile | undefined
}

const INTERRUPTED = { kind: 'interrupted', isRewritable: false, isProfileDoubtful: false } as const

/** One request to the upstream. Everything that belongs to it is made here and thrown away with it. */
export async function makeAttempt(
  options: RelayOptions,
  { model, conversation, demands }: Task,
  target: Target & { lease: Lease; history: History; startedAt: number; manner: Manner },
): Promise<Attempt> {
  const { history, signal, sink, gate } = target
  const { refused, profile } = target.manner
  history.attempts += 1
  const { exchange, form } = history
  const { account } = target.lease
  const { freshCredentials, profiles } = options
  let access: Access | undefined
  try {
    const accessToken =
      refused === undefined
        ? await freshCredentials.get(account, signal)
        : await freshCredentials.refresh(account, refused, signal)
    access = await profiles.accessTo(account, accessToken, { signal, profile })
    const offered = await options.models.ofAccount(access, model)
    const { body, decoder, losses } = await exchange.send(access, { model: offered, form, signal })
    if (profile !== undefined) await profiles.remember(account, profile)
    const repairs = repairsOf(history)
    sink.describe({ losses, repairs })
    const { clock, timeouts } = options
    const isLastChance = () => {
      const elapsedMs = clock.elapsed() - target.startedAt
      return chooseRemedy(INTERRUPTED, { ...history, elapsedMs }) === undefined
    }
    const onCallLeftOut = () => sink.describe({ losses, repairs: [...repairs, WITHOUT_CUT_CALL] })
    const { inputTokens } = exchange
    await pump({
      body,
      decoder,
      stages: createReplyStages({ conversation, demands, gate, inputTokens, isLastChance, onCallLeftOut }),
      sink,
      clock,
      timeouts,
      signal,
    })
    return { access, error: undefined }
  } catch (thrown) {
    const error = toGatewayError(thrown)
    return { access, error: refused === undefined ? error : sharpen(error) }
  }
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

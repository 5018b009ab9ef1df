import type { Lease } from '../accounts/pool.ts'
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import { accessOf } from '../models/access-of.ts'
import { pump } from './pump.ts'
import { chooseRemedy, repairsOf, type History } from './remedies.ts'
import { createReplyStages } from './reply-stages.ts'
import type { RelayOptions, Target, Task } from './task.ts'

/** Told among the repairs of an answer: it goes out without the tool call in which it broke off. */
const WITHOUT_CUT_CALL = 'without-cut-call'

interface Attempt {
  accessToken: string | undefined
  error: GatewayError | undefined
}

/** One request to the upstream. Everything that belongs to it is made here and thrown away with it. */
export async function makeAttempt(
  options: RelayOptions,
  { model, conversation, demands }: Task,
  target: Target & { lease: Lease; history: History; startedAt: number; refused: string | undefined },
): Promise<Attempt> {
  const { history, refused, signal, sink, gate } = target
  history.attempts += 1
  const { exchange, form } = history
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
    const { body, decoder, losses } = await exchange.send(access, { model: offered, form, signal })
    const repairs = repairsOf(history)
    sink.describe({ losses, repairs })
    const { clock, timeouts } = options
    const isLastChance = () => {
      const elapsedMs = clock.elapsed() - target.startedAt
      return (
        chooseRemedy({ kind: 'interrupted', isRewritable: false }, { ...history, elapsedMs }) === undefined
      )
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
    'The model service refuses this account even with a fresh token: check its profile and subscription, or sign it in again.',
    { cause: error },
  )
}

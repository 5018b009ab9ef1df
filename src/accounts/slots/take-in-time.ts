import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Slots } from './slots.ts'

/** A process that lives answers within a millisecond or so: that much waiting is allowed to everybody. */
const ANSWER_TAKES_MS = 1000

/**
 * Whether the account had a slot left. Throws `client-gone` as soon as the signal aborts, and `overloaded-here` when no answer
 * came by `lastMoment` (milliseconds since the epoch); a slot that is granted after that is released.
 */
export function takeInTime(
  slots: Pick<Slots, 'take' | 'release'>,
  { accountId, limit }: { accountId: string; limit: number },
  { clock, signal, lastMoment }: { clock: Clock; signal: AbortSignal | undefined; lastMoment: number },
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let isWaiting = true
    const stopWaiting = () => {
      isWaiting = false
      cancel()
      signal?.removeEventListener('abort', leave)
    }
    const fail = (error: unknown) => {
      stopWaiting()
      reject(error)
    }
    const leave = () => fail(new GatewayError('client-gone', 'The client left while its request waited.'))
    const cancel = clock.after(Math.max(lastMoment - clock.now(), ANSWER_TAKES_MS), () => fail(noAnswer()))
    if (signal?.aborted === true) return leave()
    signal?.addEventListener('abort', leave, { once: true })
    slots.take(accountId, limit).then((granted) => {
      if (!isWaiting) return granted ? slots.release(accountId) : undefined
      stopWaiting()
      return resolve(granted)
    }, fail)
  })
}

function noAnswer(): GatewayError {
  return new GatewayError(
    'overloaded-here',
    'It could not be found out in time whether an account has room for this request. Send it again later.',
    { retryAfterSeconds: 1 },
  )
}

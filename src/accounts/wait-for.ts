import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'

/** Resolves after `delayMs`; rejects with `client-gone` as soon as the signal aborts, leaving no timer behind. */
export function waitFor(
  delayMs: number,
  { clock, signal }: { clock: Clock; signal: AbortSignal | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      cancel()
      reject(new GatewayError('client-gone', 'The client left while its request waited.'))
    }
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', leave)
      resolve()
    })
    if (signal?.aborted === true) leave()
    else signal?.addEventListener('abort', leave, { once: true })
  })
}

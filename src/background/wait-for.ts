import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'

/** Resolves after `delayMs`, or when what it left in `wakers` is called; rejects with `client-gone` as soon as the signal aborts, leaving no timer behind. */
export function waitFor(
  delayMs: number,
  { clock, signal, wakers }: { clock: Clock; signal: AbortSignal | undefined; wakers?: Set<() => void> },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      cancel()
      wakers?.delete(wake)
      reject(new GatewayError('client-gone', 'The client left while its request waited.'))
    }
    const wake = () => {
      cancel()
      wakers?.delete(wake)
      signal?.removeEventListener('abort', leave)
      resolve()
    }
    const cancel = clock.after(delayMs, wake)
    wakers?.add(wake)
    if (signal?.aborted === true) leave()
    else signal?.addEventListener('abort', leave, { once: true })
  })
}

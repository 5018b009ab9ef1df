import { GatewayError } from '../conversation/failures.ts'

/**
 * Waits for work that others may share. A `signal` that aborts ends the wait with `client-gone` and leaves the work
 * alone; one that has aborted already does not start it.
 */
export async function detachable<T>(start: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return start()
  const gone = Promise.withResolvers<never>()
  const leave = () => gone.reject(new GatewayError('client-gone', 'The client left.'))
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await (signal.aborted ? gone.promise : Promise.race([start(), gone.promise]))
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

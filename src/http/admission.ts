import type { ServerResponse } from 'node:http'
import { GatewayError } from '../conversation/failures.ts'

export interface Admission {
  /** Throws `overloaded-here` when there are enough answers, without counting one: before a body is read in vain. */
  demandRoom(): void
  /** Counts the answer until its response closes. Throws `overloaded-here` when there are enough, and `client-gone`. */
  admit(response: ServerResponse): void
}

/**
 * Bounds how many answers are being made at once. A request counts from when its body is there: how many bodies are on
 * their way is bounded by their bytes (read-body.ts) and by the connections, and slow ones must not keep others out.
 */
export function createAdmission(limits: { readonly maxConcurrent: number }): Admission {
  let open = 0

  function demandRoom(): void {
    const { maxConcurrent } = limits
    if (open < maxConcurrent) return
    const text = `The gateway is answering ${maxConcurrent} requests already (MAX_CONCURRENT_REQUESTS).`
    throw new GatewayError('overloaded-here', text, { retryAfterSeconds: 2 })
  }

  return {
    demandRoom,
    admit(response) {
      // Its client left meanwhile: no close will follow.
      if (response.destroyed)
        throw new GatewayError('client-gone', 'The client left before its request was begun.')
      demandRoom()
      open += 1
      response.once('close', () => {
        open -= 1
      })
    },
  }
}

import type { ServerResponse } from 'node:http'
import { GatewayError } from '../conversation/failures.ts'

export interface Admission {
  /** Counts the answer until its response closes. Throws `overloaded-here` when there are enough, and `client-gone`. */
  admit(response: ServerResponse): void
}

/** Bounds how many answers are being made at once. */
export function createAdmission(maxConcurrent: number): Admission {
  let open = 0
  return {
    admit(response) {
      // While it was found out who it is, which may take a while; such a response does not close once more.
      if (response.destroyed) {
        throw new GatewayError('client-gone', 'The client left before its request was begun.')
      }
      if (open >= maxConcurrent) {
        const text = `The gateway is answering ${maxConcurrent} requests already (MAX_CONCURRENT_REQUESTS).`
        throw new GatewayError('overloaded-here', text, { retryAfterSeconds: 2 })
      }
      open += 1
      response.once('close', () => {
        open -= 1
      })
    },
  }
}

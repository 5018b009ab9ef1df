import { Agent } from 'undici'

/** Well below the minute or more after which load balancers close idle connections. */
const KEEP_ALIVE_MS = 20_000

/**
 * The connections to the service. No cap: a stream holds its connection for minutes, and a cap would make others wait.
 * One request a connection at a time. Bodies have no time-out here, as whoever reads them has a clock of its own.
 */
export function createDispatcher(options: { connectTimeoutMs: number }): Agent {
  return new Agent({
    connect: { timeout: options.connectTimeoutMs },
    // One connection a stream: with HTTP/2 one lost packet would stall all answers.
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    bodyTimeout: 0,
  })
}

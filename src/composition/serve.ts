/** Listening, and the end of it. */
import type { FastifyInstance } from 'fastify'
import { systemClock as clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { trackOpenAnswers } from '../http/open-answers.ts'
import { StartError } from '../start-error.ts'

/** When the gateway stops, answers that are open have so long to finish. */
const GOODBYE_MS = 25_000

export interface Gateway {
  /** Where it listens, as `http://host:port`. */
  url: string
  /** Takes no more requests, lets open ones finish for a while, and leaves everything stored. */
  close(): Promise<void>
}

export async function serve(
  config: Config,
  app: FastifyInstance,
  closeRest: () => Promise<void>,
): Promise<Gateway> {
  const { host, port } = config
  const answers = trackOpenAnswers(app.server)
  const url = await app.listen({ host, port }).catch(async (error: unknown) => {
    await app.close()
    await closeRest()
    throw toListenError(error, { host, port })
  })

  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    const serverClosed = app.close()
    await answers.allFinished(clock, GOODBYE_MS)
    // What is left are connections without a request, which some clients open ahead of time, and answers without end.
    app.server.closeAllConnections()
    await serverClosed
    await closeRest()
  }
  return {
    url,
    close() {
      closed ??= close()
      return closed
    },
  }
}

function toListenError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new StartError(`PORT ${port} of ${host} is in use: set another one.`, error)
  if (code === 'EACCES')
    return new StartError(`PORT ${port} may not be used by this user: set one above 1023.`, error)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`HOST ${host} is no address of this machine.`, error)
  }
  return error
}

/** A bare server on a socket of its own, and what connects to it. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createDispatchers, type Dispatchers } from '../src/outbound/dispatchers.ts'

export interface LocalServer {
  server: Server
  dispatchers: Dispatchers
  close(): Promise<void>
}

export async function startLocalServer(): Promise<LocalServer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dispatchers = createDispatchers({ connectTimeoutMs: 5000 })
  return {
    server,
    dispatchers,
    async close() {
      await dispatchers.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

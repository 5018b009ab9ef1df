import type { Server } from 'node:http'

/** Longer than any pause of the bench, so that no kept connection closes under a request. */
const KEEP_ALIVE_MS = 300_000

/** Listens on a free port of loopback and says where, as the first line of output. */
export function serve(server: Server): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.listen(0, '127.0.0.1', 4096, () => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The server has no port.')
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${address.port}` })}\n`)
  })
  process.on('SIGTERM', () => process.exit(0))
}

import { once } from 'node:events'
import { createServer } from 'node:net'

/** A place where nobody has any business; it counts who comes all the same. */
export async function openSink(): Promise<{ url: string; visits(): number; close(): void }> {
  let visits = 0
  const server = createServer((socket) => {
    visits += 1
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, visits: () => visits, close: () => void server.close() }
}

import type { Server } from 'node:http'

/**
 * Closes connections beyond so many at once. Node's own `maxConnections` would have a worker refuse them, and the primary
 * process offer them round and round without end.
 */
export function limitConnections(server: Server, limit: number): void {
  let open = 0
  server.on('connection', (socket) => {
    open += 1
    socket.once('close', () => {
      open -= 1
    })
    if (open > limit) socket.destroy()
  })
}

/** What becomes of a body that is answered before it was read: a little is read and thrown away, more ends the connection. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'

const MOST_UNREAD_BYTES = 65_536
/** How long a client that still sends has to read its answer. */
const LINGER_MS = 2000
/** How long the little may take to come. */
const REST_MS = 10_000

/** To be called before the answer goes out. */
export function endAfterUnreadBody(request: FastifyRequest, reply: FastifyReply, clock: Clock): void {
  if (request.raw.complete) return
  if (!mayHoldMore(request.raw)) return endInTime(request.raw, clock)
  reply.header('connection', 'close')
  linger(request.raw.socket, clock)
}

function mayHoldMore({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  return Number(headers['content-length'] ?? 0) > MOST_UNREAD_BYTES
}

function endInTime(request: IncomingMessage, clock: Clock): void {
  // Its client has left already: no more events come.
  if (request.destroyed || request.socket.destroyed) return
  const { socket } = request
  const cancel = clock.after(REST_MS, () => request.destroy())
  function settle(): void {
    cancel()
    socket.off('close', settle)
  }
  // One that is thrown away ends; a connection that breaks ends nothing, but closes.
  request.once('end', settle)
  request.once('close', settle)
  socket.once('close', settle)
}

/**
 * Has the connection end in two steps: ours at once, the client's when it has seen that, or after a while. A connection
 * that is closed while its client still sends is reset, and takes the answer with it.
 */
function linger(socket: Socket, clock: Clock): void {
  socket.destroySoon = () => {
    socket.end()
    const cancel = clock.after(LINGER_MS, () => socket.destroy())
    socket.once('close', cancel)
  }
}

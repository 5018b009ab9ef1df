/**
 * Node's primary process keeps its copy of a connection until the worker has said that it took it. When the worker dies before that,
 * the client would wait for ever. Here the answer that will not come is given in its place: not taken, so another
 * worker gets the connection; or, when Node has given up listening meanwhile because no worker was left, taken, which closes
 * it. Should Node word these messages otherwise one day, this does nothing.
 */
import type { Worker } from 'node:cluster'
import * as z from 'zod'

const handOver = z.looseObject({ cmd: z.literal('NODE_CLUSTER'), act: z.literal('newconn'), seq: z.number() })
const answer = z.looseObject({ cmd: z.literal('NODE_CLUSTER'), ack: z.number() })

/** For reading what a process has said before it ended. */
export const LAST_WORDS_MS = 50

/** Answers a function to be called for each worker as soon as it is forked. */
export function createConnectionReturn(): (worker: Worker) => void {
  const listening = new Set<Worker>()
  /** Counts how often the last worker that listened has gone: Node then closes the socket, and later opens another one. */
  let socket = 0

  function noteGone(worker: Worker): void {
    if (listening.delete(worker) && listening.size === 0) socket += 1
  }

  return (worker) => {
    worker.once('listening', () => void listening.add(worker))
    worker.once('disconnect', () => noteGone(worker))
    const handedOver = watchConnections(worker, () => socket)
    worker.process.once('exit', () => {
      noteGone(worker)
      setTimeout(() => {
        // Node waits for an answer here too, and would count the dead worker among those that take connections.
        if (worker.isConnected()) worker.disconnect()
        for (const [ack, from] of handedOver) {
          worker.process.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: from !== socket })
        }
      }, LAST_WORDS_MS)
    })
  }
}

/** Of connections that the worker was given and has not answered: the number of the answer, and the socket they came from. */
function watchConnections({ process: child }: Worker, socket: () => number): ReadonlyMap<number, number> {
  const handedOver = new Map<number, number>()
  const send: unknown = Reflect.get(child, 'send')
  if (typeof send !== 'function') return handedOver

  child.send = (message: unknown, ...rest: unknown[]) => {
    const { data } = handOver.safeParse(message)
    if (data !== undefined) handedOver.set(data.seq, socket())
    return Boolean(Reflect.apply(send, child, [message, ...rest]))
  }
  child.on('internalMessage', (message: unknown) => {
    const { data } = answer.safeParse(message)
    if (data !== undefined) handedOver.delete(data.ack)
  })
  return handedOver
}

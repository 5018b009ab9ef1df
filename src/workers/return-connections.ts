/**
 * Node's primary process keeps its copy of a connection until the worker has said that it took it. When the worker dies before that,
 * the client would wait for ever. Here the answer that will not come is given in its place: not taken, so another
 * worker gets the connection. Should Node word these messages otherwise one day, this does nothing.
 */
import type { Worker } from 'node:cluster'
import * as z from 'zod'

const handOver = z.looseObject({ cmd: z.literal('NODE_CLUSTER'), act: z.literal('newconn'), seq: z.number() })
const answer = z.looseObject({ cmd: z.literal('NODE_CLUSTER'), ack: z.number() })

const LAST_WORDS_MS = 50

/** To be called for each worker as soon as it is forked. */
export function returnConnectionsAtDeath(worker: Worker): void {
  const { process: child } = worker
  const handedOver = new Set<number>()
  const send: unknown = Reflect.get(child, 'send')
  if (typeof send !== 'function') return

  child.send = (message: unknown, ...rest: unknown[]) => {
    const { data } = handOver.safeParse(message)
    if (data !== undefined) handedOver.add(data.seq)
    return Boolean(Reflect.apply(send, child, [message, ...rest]))
  }
  child.on('internalMessage', (message: unknown) => {
    const { data } = answer.safeParse(message)
    if (data !== undefined) handedOver.delete(data.ack)
  })
  child.once('exit', () => {
    // First what it has sent before is read.
    setTimeout(() => {
      // Node waits for an answer here too, and would count the dead worker among those that take connections.
      if (worker.isConnected()) worker.disconnect()
      for (const ack of handedOver)
        child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false })
    }, LAST_WORDS_MS)
  })
}

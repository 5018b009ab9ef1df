/**
 * Node's primary process keeps its copy of a connection until the worker has said that it took it. When the worker dies before that,
 * the client would wait for ever. Here the answer that will not come is given in its place: not taken, so another
 * worker gets the connection. Should Node word these messages otherwise one day, this does nothing.
 */
import type { Worker } from 'node:cluster'
import { z } from 'zod'

const handOver = z.looseObject({ cmd: z.literal('NODE_CLUSTER'), act: z.literal('newconn'), seq: z.number() })
const answer = z.looseObject({ cmd: z.literal('NODE_CLUSTER'), ack: z.number() })

/** To be called for each worker as soon as it is forked. */
export function returnConnectionsAtDeath({ process: child }: Worker): void {
  const handedOver = new Set<number>()
  const send: unknown = Reflect.get(child, 'send')
  if (typeof send !== 'function') return

  child.send = (message: unknown, ...rest: unknown[]) => {
    const { data } = handOver.safeParse(message)
    if (Reflect.get(Object(message), 'act') === 'newconn') process.stderr.write('SENT ' + JSON.stringify(message) + String(data?.seq) + '\n')
    if (data !== undefined) handedOver.add(data.seq)
    return Boolean(Reflect.apply(send, child, [message, ...rest]))
  }
  child.on('internalMessage', (message: unknown) => {
    const { data } = answer.safeParse(message)
    if (data !== undefined) handedOver.delete(data.ack)
  })
  // Comes after everything that the worker has sent.
  child.once('disconnect', () => {
    process.stderr.write('GONE ' + [...handedOver].join() + '\n')
    for (const ack of handedOver) child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false })
  })
}

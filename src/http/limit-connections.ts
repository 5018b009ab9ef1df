import type { Server } from 'node:http'
import { throttleSubject } from '../access/throttle-subject.ts'

interface ConnectionCaps {
  /** Of all together, at once. */
  total: number
  /** Of one address, or of one /64 network of IPv6. Read at each use. */
  readonly perAddress: number
  /** Whether many clients stand behind an address, whose number nobody here knows. */
  isExempt(address: string | undefined): boolean
  /** Told once of an address that has too many, until all its connections have ended. */
  report(address: string): void
}

/**
 * Closes connections beyond so many at once. Node's own `maxConnections` would have a worker refuse them, and the primary
 * process offer them round and round without end.
 */
export function limitConnections(server: Server, caps: ConnectionCaps): void {
  const ofAddress = new Map<string, { open: number; isReported: boolean }>()
  let open = 0
  server.on('connection', (socket) => {
    const subject = throttleSubject(socket.remoteAddress)
    const isExempt = caps.isExempt(socket.remoteAddress)
    const own = ofAddress.get(subject) ?? { open: 0, isReported: false }
    ofAddress.set(subject, own)
    open += 1
    own.open += 1
    socket.once('close', () => {
      open -= 1
      own.open -= 1
      if (own.open === 0) ofAddress.delete(subject)
    })
    const isGreedy = !isExempt && own.open > caps.perAddress
    if (isGreedy && !own.isReported) {
      own.isReported = true
      caps.report(subject)
    }
    if (open > caps.total || isGreedy) socket.destroy()
  })
}

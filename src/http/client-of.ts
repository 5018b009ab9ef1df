/** By which names a caller is counted. */
import type { FastifyRequest } from 'fastify'
import { ANYONE, type Caller } from '../access/caller.ts'
import { throttleSubject } from '../access/throttle-subject.ts'
import { unreachable } from '../conversation/unreachable.ts'

/** For what is held apart by client: its key, or its address while none is asked for. */
export function clientOf({ caller = ANYONE, peer }: Pick<FastifyRequest, 'caller' | 'peer'>): string {
  switch (caller.kind) {
    case 'key':
      return `key ${caller.print}`
    case 'operator':
      return 'operator'
    case 'anyone':
      return `address ${throttleSubject(peer.address)}`
    default:
      return unreachable(caller)
  }
}

/** For what it uses: while no key is asked for, all clients are one. */
export function usageClientOf({ caller = ANYONE }: { caller?: Caller }): string {
  switch (caller.kind) {
    case 'key':
      return caller.print
    case 'operator':
      return 'operator'
    case 'anyone':
      return 'open'
    default:
      return unreachable(caller)
  }
}

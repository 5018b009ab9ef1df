import type { FastifyRequest } from 'fastify'
import { ANYONE } from '../access/caller.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { Actor } from '../events/event.ts'

/** Who makes the request, for the events: as its credentials tell, and from which address. */
export function actorOf({ caller = ANYONE, peer }: Pick<FastifyRequest, 'caller' | 'peer'>): Actor {
  const from = peer.address === undefined ? {} : { address: peer.address }
  switch (caller.kind) {
    case 'operator': {
      const { via, name } = caller
      return { kind: 'operator', via, ...(name !== undefined && { name }), ...from }
    }
    case 'key':
      return { kind: 'client', via: caller.print, name: caller.grant.name, ...from }
    case 'anyone':
      return { kind: 'client', ...from }
    default:
      return unreachable(caller)
  }
}

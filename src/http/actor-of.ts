import type { FastifyRequest } from 'fastify'
import { ANYONE } from '../access/caller.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { Actor } from '../events/event.ts'

/** Who makes the request, for the events: as its credentials tell, and from which address. */
export function actorOf({ caller = ANYONE, ip: address }: Pick<FastifyRequest, 'caller' | 'ip'>): Actor {
  switch (caller.kind) {
    case 'operator': {
      const { via, name } = caller
      return { kind: 'operator', via, ...(name !== undefined && { name }), address }
    }
    case 'key':
      return { kind: 'client', via: caller.print, name: caller.grant.name, address }
    case 'anyone':
      return { kind: 'client', address }
    default:
      return unreachable(caller)
  }
}

import type { FastifyRequest } from 'fastify'
import { ANYONE } from '../access/caller.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { Actor } from '../events/event.ts'

/** Who makes the request, as events name them. */
export function actorOf({ caller = ANYONE, socket }: Pick<FastifyRequest, 'caller' | 'socket'>): Actor {
  const from = socket.remoteAddress === undefined ? {} : { address: socket.remoteAddress }
  switch (caller.kind) {
    case 'operator':
      return {
        kind: 'operator',
        via: caller.via,
        ...(caller.name !== undefined && { name: caller.name }),
        ...from,
      }
    case 'key':
      return { kind: 'client', via: caller.print, name: caller.grant.name, ...from }
    case 'anyone':
      return { kind: 'client', ...from }
    default:
      return unreachable(caller)
  }
}

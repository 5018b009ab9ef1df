import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../events/event.ts'

/** Who makes a request, in the words of events. */
export function actorOf({ caller, ip }: FastifyRequest): Actor {
  if (caller?.kind !== 'operator') return { kind: 'client', address: ip }
  const { via, name } = caller
  return { kind: 'operator', via, address: ip, ...(name !== undefined && { name }) }
}

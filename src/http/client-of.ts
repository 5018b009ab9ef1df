import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { bearerOf, secretOf } from '../access/request-headers.ts'
import { throttleSubject } from '../access/throttle-subject.ts'

/**
 * Who sends a request that access has let in, for what is counted by client: a digest of its key, or its address while
 * none is asked for. Who carries several keys counts by address too, as one of them may be made up to be counted anew.
 */
export function createClientOf({ demandsKey }: { demandsKey: () => boolean }) {
  return ({ headers, socket }: FastifyRequest): string => {
    const carried = [bearerOf(headers), secretOf(headers, 'x-api-key'), secretOf(headers, 'api-key')]
    const [key, ...others] = new Set(carried.filter((secret) => secret !== undefined && secret !== ''))
    if (!demandsKey() || key === undefined || others.length > 0) {
      return `address ${throttleSubject(socket.remoteAddress)}`
    }
    return `key ${hash('sha256', key)}`
  }
}

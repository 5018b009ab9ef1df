import type { FastifyRequest } from 'fastify'
import type { Access } from '../../access/access.ts'
import { GatewayError } from '../../conversation/failures.ts'

/**
 * Demands that the operator has just shown who he is: by the password in this request, or by calling from this machine
 * where there is none. A session or a token alone will not do, for it may have been left open or stolen.
 */
export async function confirmOperator(
  request: FastifyRequest,
  { access, password }: { access: Access; password: string | undefined },
): Promise<void> {
  const { caller } = request
  if (caller?.kind !== 'operator') throw new GatewayError('forbidden', 'This is for the operator.')
  if (caller.via === 'local' || caller.via === 'password') return
  if (password === undefined) {
    throw new GatewayError('forbidden', 'Send the operator password again, as `password`.', {
      field: 'password',
      code: 'password_needed',
    })
  }
  const host = request.headers.host ?? ''
  const confirmed = await access.check({
    route: 'operator',
    method: request.method,
    path: request.routeOptions.url ?? '(unknown)',
    target: request.raw.url ?? '',
    httpVersion: request.raw.httpVersion,
    hosts: [host],
    // Nothing else that lets somebody in.
    headers: { host, authorization: `Bearer ${password}` },
    connection: request.raw.socket,
    // What it decides is about cookies, and none is asked.
    isSecure: false,
  })
  if (confirmed.kind === 'operator' && confirmed.via === 'password') return
  throw new GatewayError('forbidden', 'The password is wrong.', { field: 'password' })
}

import type { FastifyRequest } from 'fastify'
import type { OperatorDesk } from '../../access/operators/operator-desk.ts'
import { throttleSubject } from '../../access/throttle-subject.ts'
import { GatewayError } from '../../conversation/failures.ts'

/**
 * Demands that the operator has just shown who he is: by the password in this request, or by calling from this machine
 * where there is none. A session or a token alone will not do, for it may have been left open or stolen.
 */
export async function confirmOperator(
  { caller, peer }: Pick<FastifyRequest, 'caller' | 'peer'>,
  { desk, password }: { desk: Pick<OperatorDesk, 'confirm'>; password: string | undefined },
): Promise<void> {
  if (caller?.kind !== 'operator') throw new GatewayError('forbidden', 'This is for the operator.')
  if (caller.via === 'local' || caller.via === 'password') return
  if (password === undefined) {
    throw new GatewayError('forbidden', 'Send the operator password again, as `password`.', {
      field: 'password',
      code: 'password_needed',
    })
  }
  await desk.confirm(password, throttleSubject(peer.address))
}

import type { FastifyInstance } from 'fastify'
import { GatewayError } from '../../conversation/failures.ts'
import type { EventRecorder } from '../../events/event.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { actorOf } from '../actor-of.ts'
import { answering } from './answering.ts'
import { keyRotationAnswer } from './answers.ts'
import { rotateBody } from './contract.ts'

export interface SecretRouteParts {
  keyRotation: {
    /** Answers the id of the key in use from now on. */
    rotateMaster(): Promise<string>
    /** Undefined: this process cannot wrap keys, for another one has rotated the master key. */
    rotateData(): Promise<string | undefined>
  }
  events: EventRecorder
}

/** Rotates the keys of secrets at rest while the gateway serves. */
export function registerSecrets(routes: FastifyInstance, { keyRotation, events }: SecretRouteParts): void {
  routes.post('/v2/secrets/rotate', answering(keyRotationAnswer), async (request) => {
    const { what } = parseBody(rotateBody, request.body)
    const actor = actorOf(request)
    const keyId = what === 'master' ? await keyRotation.rotateMaster() : await keyRotation.rotateData()
    if (keyId === undefined) throw lacksMasterKey()
    const kind = what === 'master' ? 'master-key-rotated' : 'data-key-rotated'
    const subject = { kind: 'setting', id: `${what}-key` } as const
    await events.record({ kind, actor, subject, after: { keyId } })
    return { what, keyId }
  })
}

function lacksMasterKey(): GatewayError {
  return new GatewayError(
    'invalid-request',
    'The master key was rotated, and this process was started with the one before: start it with the new one.',
  )
}

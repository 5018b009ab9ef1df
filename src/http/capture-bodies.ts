/** Copies what is said in a request and its answer, where an operator has switched that on. */
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Captures, OngoingCapture } from '../captures/captures.ts'
import { outcomeOf } from '../calls/outcome.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined: nothing of it is kept. */
    capture?: OngoingCapture
  }
}

/** A hook for routes, for requests that were admitted: whoever has no key shall not fill what is kept. */
export function captureBodies(captures: Pick<Captures, 'begin'>): onRequestHookHandler {
  return (request, reply, done) => {
    const { caller } = request
    // Its client left while it was admitted: no close will follow, and nothing was said.
    const capture = reply.raw.destroyed
      ? undefined
      : captures.begin(caller?.kind === 'key' ? caller.grant.id : undefined)
    if (capture !== undefined) watch(capture, request, reply)
    done()
  }
}

function watch(capture: OngoingCapture, request: FastifyRequest, reply: FastifyReply): void {
  request.capture = capture
  const { raw } = reply
  for (const method of ['write', 'end'] as const) {
    const send = raw[method]
    // Whoever writes the answer, and whatever calls what: this is what leaves.
    Reflect.set(
      raw,
      method,
      new Proxy(send, {
        apply(target, self, given: unknown[]) {
          const [piece] = given
          if (typeof piece === 'string' || piece instanceof Uint8Array) capture.answer.add(piece)
          return Reflect.apply(target, self, given)
        },
      }),
    )
  }
  raw.once('close', () => {
    const { id, body, failure, routeOptions } = request
    const outcome = outcomeOf(failure)
    capture.end({
      id,
      path: routeOptions.url ?? '',
      body,
      hasFailed: outcome !== 'ok' && outcome !== 'cancelled',
    })
  })
}

/** What holds for every request, whatever its route: limits, headers of all answers, CORS, and the end of service. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Cors } from './cors.ts'
import { describeMiss, methodsOf, pathOf, requestIdHeaders } from './error-edge.ts'
import { HttpRefusal } from './http-refusal.ts'
import { isOperatorPath } from './operator-path.ts'
import { addPageHeaders } from './page-headers.ts'
import { installPeers, type Peers } from './peer.ts'
import { checkRequestHead } from './request-limits.ts'
import { endAfterUnreadBody } from './unread-body.ts'

interface SurfaceParts {
  cors: Cors
  peers: Peers
  clock: Clock
}

/** Answers hold secrets or are made for one caller; nobody shall keep them or take them for something else. */
const commonHeaders = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }

/** Registers the first hooks of a request, and the last. */
export function installSurface(app: FastifyInstance, { cors, peers, clock }: SurfaceParts): void {
  installPeers(app, peers)
  let isStopping = false
  app.addHook('preClose', async () => {
    isStopping = true
  })

  app.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request)
    reply.headers({
      ...requestIdHeaders(request.id),
      ...commonHeaders,
      ...cors.headersFor(path, request.headers),
    })
    checkRequestHead(request.raw)
    if (isStopping) throw stopping()
  })

  app.addHook('onSend', (request, reply, payload, done) => {
    endAfterUnreadBody(request, reply, clock)
    addPageHeaders(reply, request.peer.isSecure)
    done(null, payload)
  })
}

/** Registers the last of the hooks that need no route: OPTIONS, and requests that no route takes, whose body is not read. */
export function installMisses(app: FastifyInstance, cors: Cors): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) done()
    else if (request.method === 'OPTIONS' && methodsOf(app, pathOf(request)).length > 0) {
      answerOptions(request, reply, { app, cors })
    } else done(describeMiss(app, request, reply))
  })
}

/** A preflight carries no key, so it is answered without one; it tells nothing about the operator's routes. */
function answerOptions(
  request: FastifyRequest,
  reply: FastifyReply,
  { app, cors }: { app: FastifyInstance; cors: Cors },
): void {
  const path = pathOf(request)
  if (!isOperatorPath(path)) {
    const methods = methodsOf(app, path)
    reply.headers({
      allow: [...methods, 'OPTIONS'].join(', '),
      ...cors.preflightHeadersFor(path, request.headers, methods),
    })
  }
  void reply.code(204).send()
}

function stopping(): HttpRefusal {
  return HttpRefusal.close('overloaded-here', 'The gateway is stopping.', { retryAfterSeconds: 5 })
}

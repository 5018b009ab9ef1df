/**
 * Some clients try a WebSocket first, and go on by POST at once when they are told with 426 that there is none. Nobody listens
 * to `upgrade` of the server, so Node leaves such a request a request.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Dialect } from '../dialects/dialect.ts'
import { pathOf } from './error-edge.ts'
import { singleValues } from './single-values.ts'

/** Before anything else is said of requests without a route. No body is read, nobody has to say who they are. */
export function refuseWebSockets(app: FastifyInstance, dialects: readonly Dialect[]): void {
  app.addHook('onRequest', (request, reply, done) => {
    const dialect = request.is404 && asksForWebSocket(request) ? dialectAt(request, dialects) : undefined
    if (dialect === undefined) done()
    else answer(dialect, request, reply)
  })
}

function asksForWebSocket({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase().includes('websocket') === true
}

function dialectAt(request: FastifyRequest, dialects: readonly Dialect[]): Dialect | undefined {
  const path = withoutEndSlashes(pathOf(request))
  return dialects.find(({ paths }) => paths.includes(path))
}

/** Paths with slashes at their end are those without. */
function withoutEndSlashes(path: string): string {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

function answer(dialect: Dialect, request: FastifyRequest, reply: FastifyReply): void {
  const failure = {
    kind: 'wrong-method',
    message: 'There are no WebSockets here: send the request by POST, with `stream: true` for a stream.',
    code: 'websocket_not_supported',
  } as const
  const { body } = dialect.writeError(failure, request.id, singleValues(request.headers))
  // The status demands that header, and that header its name in the other.
  const headers = { upgrade: 'HTTP/1.1', connection: 'upgrade, close', allow: 'POST' }
  void reply.code(426).headers(headers).send(body)
}

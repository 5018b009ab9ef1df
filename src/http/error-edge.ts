import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError, toGatewayError, type FailureKind } from '../conversation/failures.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Cors } from './cors.ts'
import { HttpRefusal } from './http-refusal.ts'
import { singleValues } from './single-values.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The client API that the route speaks; its errors are told in that API's shape. */
    dialect?: Dialect
  }
}

/** Fastify's own refusals, in our words. */
const fastifyFailures: Record<string, { kind: FailureKind; message: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    kind: 'wrong-type',
    message: 'Send the body as JSON, with `content-type: application/json`.',
  },
  FST_ERR_BAD_URL: { kind: 'invalid-request', message: 'The path of the request cannot be decoded.' },
}

type DescribeMiss = (app: FastifyInstance, request: FastifyRequest, reply: FastifyReply) => GatewayError

/** Every error and every unknown route becomes JSON in the caller's dialect; what is ours to fix is logged. */
export function installErrorEdge(
  app: FastifyInstance,
  dialects: readonly Dialect[],
  describe: DescribeMiss = describeMiss,
): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendError(toOwnError(error), dialects, { request, reply }),
  )
  app.setNotFoundHandler((request, reply) =>
    sendError(describe(app, request, reply), dialects, { request, reply }),
  )
}

/** For requests that Fastify refuses before any hook has run, such as those with a path that is no path. */
export function createFrameworkErrorHandler(dialects: readonly Dialect[], cors: Cors) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers({
      ...requestIdHeaders(request.id),
      ...cors.headersFor(pathOf(request), request.headers),
    })
    sendError(toOwnError(error), dialects, { request, reply })
  }
}

/** Anthropic's clients read the one, OpenAI's the other. */
export function requestIdHeaders(requestId: string): Record<string, string> {
  return { 'request-id': requestId, 'x-request-id': requestId }
}

function sendError(
  error: GatewayError,
  dialects: readonly Dialect[],
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const { failure, cause, stack } = error
  request.failure = failure.kind
  if (failure.kind === 'internal') request.log.error({ err: cause ?? stack }, 'request failed')
  const answer = dialectOf(request, dialects).writeError(failure, request.id, singleValues(request.headers))
  const refusal = error instanceof HttpRefusal ? error : undefined
  // Fastify would close after every bad body; a connection closed on a client that still sends loses it the answer.
  if (refusal?.closesConnection === true) reply.header('connection', 'close')
  else reply.removeHeader('connection')
  return reply
    .code(refusal?.status ?? answer.status)
    .headers(answer.headers)
    .send(answer.body)
}

function toOwnError(error: FastifyError): GatewayError {
  const known = fastifyFailures[error.code]
  if (known !== undefined) return new GatewayError(known.kind, known.message, { cause: error })
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new GatewayError('invalid-request', 'The request is not valid HTTP for this route.', {
      cause: error,
    })
  }
  return toGatewayError(error)
}

/** An answer repeats so much of a path that nobody has. */
const MOST_OF_PATH = 200
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The methods that a path takes; none: it is unknown. */
export function methodsOf(app: FastifyInstance, path: string): string[] {
  const found = METHODS.filter((method) => app.findRoute({ method, url: path }) !== null)
  return found.flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : [method]))
}

/** A known path with another method is told apart from an unknown one. */
export function describeMiss(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): GatewayError {
  const path = pathOf(request)
  const allowed = methodsOf(app, path)
  if (allowed.length === 0) return noSuchPath(request)
  reply.header('allow', allowed.join(', '))
  return new GatewayError(
    'wrong-method',
    `${shownPath(request)} takes ${allowed.join(' or ')}, not ${request.method}.`,
  )
}

export function noSuchPath(request: FastifyRequest): GatewayError {
  return new GatewayError('not-found', `There is no ${request.method} ${shownPath(request)} here.`)
}

function shownPath(request: FastifyRequest): string {
  const path = pathOf(request)
  return path.length > MOST_OF_PATH ? `${path.slice(0, MOST_OF_PATH)}…` : path
}

/** The route's dialect; without a route, that of the client who would most likely call like this. */
function dialectOf(request: FastifyRequest, dialects: readonly Dialect[]): Dialect {
  const headers = singleValues(request.headers)
  const dialect =
    request.routeOptions.config.dialect ?? dialects.find((each) => each.recognises(pathOf(request), headers))
  if (dialect === undefined) throw new TypeError('No dialect recognises the request.')
  return dialect
}

/** As it came, without the query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

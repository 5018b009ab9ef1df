/** Asks at the door, before a body is read: every route belongs to a kind, and each kind has its rule. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteKind } from '../access/access-request.ts'
import type { Access } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who the route is for. One that does not say so is the operator's. */
    access?: RouteKind
  }

  interface FastifyRequest {
    /** Who makes the request; before the check nobody knows. */
    caller?: Caller
  }
}

/** Patterns of the routes that answer everybody. They tell nothing but that the gateway is there, and how it is used. */
const PUBLIC_ROUTES = /^(\/healthz|\/api\/hello|\/openapi\.json|\/docs(\/.*)?)$/

/** Adds the check to every route of the server, those of later plugins included. */
export function installGuards(app: FastifyInstance, access: Access): void {
  app.decorateRequest('caller', undefined)
  app.addHook('onRequest', async (request) => {
    request.caller = await access.check({
      route: routeKindOf(request),
      method: request.method,
      path: request.routeOptions.url ?? '(unknown)',
      target: request.raw.url ?? '',
      httpVersion: request.raw.httpVersion,
      hosts: hostsOf(request.raw.rawHeaders),
      headers: request.headers,
      connection: request.raw.socket,
    })
  })
}

/** Every value of `Host`, in order. Read from the raw list, which is there already. */
function hostsOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host')
}

/** By the route that will answer, never by the request's own text. A route that says nothing is the operator's. */
function routeKindOf(request: FastifyRequest): RouteKind {
  // Neither a miss nor a preflight gets anything but an error or a word about methods.
  if (request.is404 || request.method === 'OPTIONS') return 'public'
  const { url = '', config } = request.routeOptions
  if (config.access !== undefined) return config.access
  if (PUBLIC_ROUTES.test(url) || (url === '/' && request.method === 'HEAD')) return 'public'
  return 'operator'
}

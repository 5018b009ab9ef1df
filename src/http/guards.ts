/** Asks at the door, before a body is read: every route belongs to a kind, and each kind has its rule. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessRequest, RouteKind } from '../access/access-request.ts'
import type { Access } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import { HttpRefusal } from './http-refusal.ts'
import { isOperatorPath } from './operator-path.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who the route is for. One that does not say so is not taken: the start fails. */
    access?: RouteKind
  }

  interface FastifyRequest {
    /** Who makes the request; before the check nobody knows. */
    caller?: Caller
  }

  interface FastifyInstance {
    routePolicies: RoutePolicy[]
  }
}

/** Who each route is for, as it was registered. */
export interface RoutePolicy {
  method: string
  path: string
  access: RouteKind
}

/** The `config` of a route of the operator's. */
export const forOperator = { access: 'operator' } as const
/** The `config` of a route that answers everybody: it tells nothing but that the gateway is there, and how it is used. */
export const forEverybody = { access: 'public' } as const

interface GuardParts {
  access: Access
  /** Whether the operator's routes may be asked for under this `Host`. */
  isOperatorHost: (host: string | undefined) => boolean
}

/** Adds the check to every route of the server, those of later plugins included. */
export function installGuards(app: FastifyInstance, { access, isOperatorHost }: GuardParts): void {
  const routePolicies: RoutePolicy[] = []
  app.decorate('routePolicies', routePolicies)
  app.addHook('onRoute', ({ method, url: path, config }) => {
    if (config?.access === undefined)
      throw new TypeError(`${String(method)} ${path} does not say who it is for.`)
    for (const each of [method].flat()) routePolicies.push({ method: each, path, access: config.access })
  })
  app.decorateRequest('caller', undefined)
  app.addHook('onRequest', async (request) => {
    request.caller = await access.check(accessRequestOf(request))
    // Last: where no password is needed, a foreign name is a sign of a proxy and means more than a refusal.
    if (isOfOperator(request) && !isOperatorHost(request.peer.host)) throw misdirected()
  })
}

/** What decides whether a request may be made; whoever answers for long asks again. */
export function accessRequestOf(request: FastifyRequest): AccessRequest {
  return {
    route: routeKindOf(request),
    method: request.method,
    path: request.routeOptions.url ?? '(unknown)',
    target: request.raw.url ?? '',
    httpVersion: request.raw.httpVersion,
    isSecure: request.peer.isSecure,
    hosts: hostsOf(request.raw.rawHeaders),
    ...seenBy(request),
  }
}

/** A trusted proxy steps aside for its client: whoever counts tries and compares origins shall see that one. */
function seenBy({ headers, peer, raw }: FastifyRequest): Pick<AccessRequest, 'headers' | 'connection'> {
  if (!peer.isForwarded) return { headers, connection: raw.socket }
  return { headers: { ...headers, host: peer.host }, connection: { remoteAddress: peer.address } }
}

/** Those that need no password, such as that which asks for one, included. */
function isOfOperator(request: FastifyRequest): boolean {
  return routeKindOf(request) === 'operator' || isOperatorPath(request.routeOptions.url ?? '')
}

function misdirected(): HttpRefusal {
  const text =
    'Accounts are not managed under this host: use an address of the gateway, or set PUBLIC_URL to where it is found.'
  return HttpRefusal.keepOpen('forbidden', text, { status: 421, code: 'misdirected_request' })
}

/** Every value of `Host`, in order. Read from the raw list, which is there already. */
function hostsOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host')
}

/** By the route that will answer, never by the request's own text. */
function routeKindOf(request: FastifyRequest): RouteKind {
  // Neither a miss nor a preflight gets anything but an error or a word about methods.
  if (request.is404 || request.method === 'OPTIONS') return 'public'
  return request.routeOptions.config.access ?? 'operator'
}

import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Access } from '../access/access.ts'
import { throttleSubject } from '../access/throttle-subject.ts'
import type { Call } from '../calls/call.ts'
import { describeCall } from '../calls/describe-call.ts'
import type { Traffic } from '../calls/traffic.ts'
import type { TokenCounts } from '../token-counts/token-counts.ts'
import { registerAccountRoutes, type AccountRouteParts } from './admin/accounts.ts'
import { writeBySchema } from './admin/answering.ts'
import { isTrialPath } from './admin/trial-routes.ts'
import { registerChatRoutes, type ChatRouteParts } from './chat-routes.ts'
import { answerClientError } from './client-errors.ts'
import type { ConsoleFiles } from './console/console-files.ts'
import { registerConsole } from './console/register-console.ts'
import type { Cors } from './cors.ts'
import { registerDocs } from './docs/register-docs.ts'
import { createFrameworkErrorHandler, installErrorEdge } from './error-edge.ts'
import { installGuards } from './guards.ts'
import { registerHealthRoutes, type HealthParts } from './health.ts'
import { acceptLabelledJson } from './json-bodies.ts'
import { registerKeptAnswerRoutes } from './kept-answer-routes.ts'
import { limitConnections } from './limit-connections.ts'
import { registerModelRoutes, type ModelRouteParts } from './model-routes.ts'
import { installEndings } from './note-endings.ts'
import { isOperatorPath } from './operator-path.ts'
import type { Peers } from './peer.ts'
import { refuseWebSockets } from './refuse-web-sockets.ts'
import { MAX_HEADER_BYTES, MOST_BODY_BYTES } from './request-limits.ts'
import { installMisses, installSurface } from './surface.ts'
import { registerTokenCountRoutes } from './token-count-routes.ts'
import { registerUsageRoute } from './usage-route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    call?: Call
  }
}

export interface AppParts {
  logger: FastifyBaseLogger
  newId(): string
  access: Access
  connections: ConnectionLimits
  cors: Cors
  peers: Peers
  /** Whether the operator's routes may be asked for under this `Host`. */
  isOperatorHost: (host: string | undefined) => boolean
  health: HealthParts
  chat: ChatRouteParts
  tokenCounts: TokenCounts
  /** Is told how requests of clients ended. */
  traffic: Pick<Traffic, 'note'>
  models: AccountRouteParts['models']
  searchesWeb: ModelRouteParts['searchesWeb']
  consoleFiles: ConsoleFiles
  /** Undefined: the operator's routes, and the console that uses them, are switched off. */
  admin: Omit<AccountRouteParts, 'models' | 'access'> | undefined
}

export interface ConnectionLimits {
  /** At once. */
  maxConnections: number
  /** Read at each use. */
  readonly maxConnectionsPerAddress: number
  headersTimeoutMs: number
  bodyTimeoutMs: number
  keepAliveTimeoutMs: number
}

/** How often connections are checked against their time limits; that much earlier they are cut, so that none lasts longer. */
const CHECK_INTERVAL_MS = 250
const CHECKS_OF_SHORT_LIMITS = 10
/** Of the operator's routes: accounts, alone or in batches. */
const OPERATOR_BODY_BYTES = 1_000_000

/** A route may describe its answers alone: requests are read by its handler, which refuses them in the caller's dialect. */
function buildValidator(): never {
  throw new TypeError('A route has a schema of its requests; they are read by its handler.')
}

/** The HTTP server with all its routes, not yet listening. */
export function createApp(parts: AppParts): FastifyInstance {
  const { access, chat, cors, isOperatorHost, peers } = parts
  const app = createServer(parts)
  // Declared here so that every request object has the same shape.
  app.decorateRequest('call', undefined)
  app.decorateRequest('capture', undefined)
  installEndings(app, { traffic: parts.traffic, clock: chat.clock })
  installSurface(app, { cors, peers, clock: chat.clock })
  installGuards(app, { access, isOperatorHost })
  refuseWebSockets(app, chat.dialects)
  installMisses(app, cors)
  app.addHook('onResponse', async (request, reply) => {
    const { method, url: path = '(unknown)' } = request.routeOptions
    const status = reply.raw.statusCode
    const { call } = request
    const milliseconds = Math.round(reply.elapsedTime)
    request.log.info({ method, path, status, milliseconds, ...(call && describeCall(call)) }, 'request')
  })
  app.addHook('onRoute', (route) => {
    // A test through an account is a whole chat; its route is none of accounts.
    if (isOperatorPath(route.url) && !isTrialPath(route.url)) {
      route.bodyLimit ??= OPERATOR_BODY_BYTES
    }
  })
  installErrorEdge(app, chat.dialects)
  acceptLabelledJson(app, chat.bodies)
  registerDocs(app, { version: parts.health.version, dialects: chat.dialects })
  registerHealthRoutes(app, parts.health)
  registerChatRoutes(app, chat)
  registerTokenCountRoutes(app, { ...chat, tokenCounts: parts.tokenCounts })
  registerKeptAnswerRoutes(app, chat)
  registerModelRoutes(app, { models: parts.models, limits: chat.limits, searchesWeb: parts.searchesWeb })
  registerUsageRoute(app, chat)
  const { admin, models } = parts
  if (admin !== undefined) {
    registerConsole(app, parts.consoleFiles)
    registerAccountRoutes(app, { ...admin, models, access })
  }
  return app
}

/** Its user's own programs, or a proxy in front that nobody has named. */
function isOfThisMachine(address: string | undefined): boolean {
  const subject = throttleSubject(address)
  return subject === '0:0:0:0::/64' || subject.startsWith('127.')
}

function createServer(parts: AppParts): FastifyInstance {
  const { connections, chat } = parts
  const { headersTimeoutMs, bodyTimeoutMs, keepAliveTimeoutMs } = connections
  const checkIntervalMs = Math.min(CHECK_INTERVAL_MS, Math.ceil(headersTimeoutMs / CHECKS_OF_SHORT_LIMITS))
  const app = fastify({
    loggerInstance: parts.logger,
    // Its lines hold whole URLs and addresses; ours, above, say less and enough.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => `req_${parts.newId()}`,
    bodyLimit: MOST_BODY_BYTES,
    frameworkErrors: createFrameworkErrorHandler(chat.dialects, parts.cors),
    clientErrorHandler: answerClientError,
    // Our own answer, in the caller's dialect: surface.ts.
    return503OnClosing: false,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Bodies have a limit of their own, whose answer says more; this one is for those that nobody reads.
    requestTimeout: headersTimeoutMs + bodyTimeoutMs,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: headersTimeoutMs - checkIntervalMs,
      requestTimeout: headersTimeoutMs + bodyTimeoutMs,
      connectionsCheckingInterval: checkIntervalMs,
      insecureHTTPParser: false,
      // Told in JSON by request-limits.ts.
      requireHostHeader: false,
    },
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    // Fastify's own are for JSON Schema, and would be loaded at every start.
    schemaController: { compilersFactory: { buildValidator, buildSerializer: () => writeBySchema } },
  })
  limitConnections(app.server, {
    total: connections.maxConnections,
    get perAddress() {
      return connections.maxConnectionsPerAddress
    },
    isExempt: (address) => isOfThisMachine(address) || parts.peers.isTrusted(address),
    report: (address) =>
      app.log.warn(
        { address },
        'an address has too many connections (MAX_CONNECTIONS_PER_ADDRESS); a proxy belongs into TRUSTED_PROXIES',
      ),
  })
  return app
}

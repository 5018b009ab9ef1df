import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Access } from '../access/access.ts'
import { registerAccountRoutes, type AccountRouteParts } from './admin/accounts.ts'
import { registerChatRoutes, type ChatRouteParts } from './chat-routes.ts'
import { createFrameworkErrorHandler, installErrorEdge, requestIdHeaders } from './error-edge.ts'
import { installGuards } from './guards.ts'
import { registerHealthRoutes, type HealthParts } from './health.ts'
import { registerModelRoutes, type ModelRouteParts } from './model-routes.ts'
import { registerTokenCountRoutes } from './token-count-routes.ts'

export interface AppParts {
  logger: FastifyBaseLogger
  newId(): string
  maxBodyBytes: number
  access: Access
  health: HealthParts
  chat: ChatRouteParts
  models: ModelRouteParts['models']
  /** Undefined: the operator's routes are switched off. */
  admin: AccountRouteParts | undefined
}

/** The HTTP server with all its routes, not yet listening. */
export function createApp(parts: AppParts): FastifyInstance {
  const app = fastify({
    loggerInstance: parts.logger,
    // Its lines hold whole URLs and addresses; ours, below, say less and enough.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => `req_${parts.newId()}`,
    bodyLimit: parts.maxBodyBytes,
    frameworkErrors: createFrameworkErrorHandler(parts.chat.dialects),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(requestIdHeaders(request.id))
  })
  installGuards(app, parts.access)
  app.addHook('onResponse', async (request, reply) => {
    const { method, url: path = '(unknown)' } = request.routeOptions
    const status = reply.raw.statusCode
    request.log.info({ method, path, status, milliseconds: Math.round(reply.elapsedTime) }, 'request')
  })
  installErrorEdge(app, parts.chat.dialects)
  registerHealthRoutes(app, parts.health)
  registerChatRoutes(app, parts.chat)
  registerTokenCountRoutes(app, parts.chat)
  registerModelRoutes(app, { models: parts.models })
  if (parts.admin !== undefined) registerAccountRoutes(app, parts.admin)
  return app
}

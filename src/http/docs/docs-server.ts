/** A small server inside the server, made of the Swagger packages. Only ever loaded on demand. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import type { Dialect } from '../../dialects/dialect.ts'
import { installErrorEdge, noSuchPath } from '../error-edge.ts'
import { describeRoutes, type RouteDescription, type ServedRoute } from './describe-routes.ts'

export interface DocsServer {
  /** `id`: of the request. */
  answer(id: string, request: IncomingMessage, response: ServerResponse): void
  close(): Promise<void>
}

/** Swagger UI sets inline styles; all else, scripts above all, comes from here. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Without the box for another document's address, nor a query that names one: the page shows ours alone. */
const uiConfig = { layout: 'BaseLayout', docExpansion: 'list' as const, queryConfigEnabled: false }

export async function createDocsServer(options: {
  served: readonly ServedRoute[]
  version: string
  dialects: readonly Dialect[]
}): Promise<DocsServer> {
  const { default: swagger } = await import('@fastify/swagger')
  const { default: swaggerUi } = await import('@fastify/swagger-ui')
  const { createJsonSchemaTransform } = await import('fastify-type-provider-zod')

  const ids = new WeakMap<object, string>()
  const app = fastify({
    genReqId: (request) => ids.get(request) ?? '',
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  })
  app.addHook('onRequest', async (_, reply) => {
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY)
  })
  // The packages would tell what they refuse in a shape of their own. Their routes take paths of which there is no file.
  installErrorEdge(app, options.dialects, (_app, request) => noSuchPath(request))
  await app.register(swagger, {
    openapi: documentHead(options.version),
    transform: createJsonSchemaTransform({}),
  })
  registerDescriptions(app, describeRoutes(options.served))
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'Aqueduct' },
    uiConfig,
  })
  await app.ready()
  return {
    answer(id, request, response) {
      ids.set(request, id)
      app.routing(request, response)
    },
    close: () => app.close(),
  }
}

function documentHead(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aqueduct',
      version,
      description:
        'A self-hosted gateway that turns Amazon Q Developer accounts into the OpenAI and Anthropic APIs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http' as const, scheme: 'bearer', description: 'A client key.' },
        apiKey: { type: 'apiKey' as const, in: 'header', name: 'x-api-key', description: 'A client key.' },
        operator: { type: 'http' as const, scheme: 'bearer', description: 'The password, or a token.' },
      },
    },
  }
}

/** Stand-ins for the true routes: they are read, never called. */
function registerDescriptions(app: FastifyInstance, descriptions: readonly RouteDescription[]): void {
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  for (const { method, path, ...schema } of descriptions) {
    app.route({ method, url: path, schema, handler: async () => ({}) })
  }
}

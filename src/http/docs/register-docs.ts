import type { FastifyInstance } from 'fastify'
import { GatewayError } from '../../conversation/failures.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { forEverybody } from '../guards.ts'
import type { ServedRoute } from './describe-routes.ts'
import type { DocsServer } from './docs-server.ts'
import { headersOfPage } from '../page-headers.ts'

/**
 * `/openapi.json` and, for people, `/docs`: what the gateway serves, without a key. What makes them is loaded when somebody
 * asks for the first time, so that the start costs nothing of it.
 */
export function registerDocs(
  app: FastifyInstance,
  { version, dialects }: { version: string; dialects: readonly Dialect[] },
): void {
  const served: ServedRoute[] = []
  let starting: Promise<DocsServer> | undefined
  app.addHook('onRoute', ({ method, url, schema }) => {
    if (schema?.hide === true) return
    for (const each of [method].flat()) served.push({ method: each, path: url, answers: schema?.response })
  })

  async function start(): Promise<DocsServer> {
    const { createDocsServer } = await import('./docs-server.ts')
    return createDocsServer({ served, version, dialects })
  }

  for (const path of ['/openapi.json', '/docs', '/docs/*']) {
    app.get(path, { config: forEverybody }, async (request, reply) => {
      starting ??= start()
      const docs = await starting.catch((cause: unknown) => {
        starting = undefined
        throw new GatewayError('internal', 'The documentation could not be loaded.', { cause })
      })
      const hooks = { ...headersOfPage(request.peer.isSecure), ...reply.getHeaders() }
      reply.hijack()
      for (const [name, value] of Object.entries(hooks)) {
        if (value !== undefined) reply.raw.setHeader(name, value)
      }
      docs.answer(request.id, request.raw, reply.raw)
    })
  }
  app.addHook('onClose', async () => {
    const docs = await starting?.catch(() => undefined)
    await docs?.close()
  })
}

/** The operator's console: one page for all its addresses, and its files, which are named by their content. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import * as z from 'zod'
import { GatewayError } from '../../conversation/failures.ts'
import { forEverybody } from '../guards.ts'
import type { ConsoleFiles } from './console-files.ts'

const assetPath = z.object({ name: z.string() })
/** Their names change with their content. */
const FOR_EVER = 'public, max-age=31536000, immutable'

/** Tells nothing of the gateway: whatever the pages show, they ask the operator's routes for. */
export function registerConsole(app: FastifyInstance, files: ConsoleFiles): void {
  const options = { config: forEverybody, schema: { hide: true }, exposeHeadRoute: false }
  for (const path of ['/', '/console', '/console/*']) {
    app.get(path, options, async ({ url }, reply) => {
      // The router takes the request target `*`, which is for OPTIONS alone, for any path.
      if (!url.startsWith('/')) throw new GatewayError('not-found', 'There is nothing here.')
      return sendPage(files, reply)
    })
  }
  app.get('/console/assets/:name', options, async (request, reply) => {
    const { name } = assetPath.parse(request.params)
    const file = await files.readAsset(name)
    if (file === undefined) throw new GatewayError('not-found', 'The console has no such file.')
    reply.headers({ 'content-type': file.type, 'cache-control': FOR_EVER, vary: 'accept-encoding' })
    if (!takesBrotli(request.headers['accept-encoding'])) return file.content
    reply.header('content-encoding', 'br')
    return file.packed
  })
}

async function sendPage(files: ConsoleFiles, reply: FastifyReply): Promise<Buffer> {
  const page = await files.readPage()
  if (page === undefined) {
    throw new GatewayError('not-found', 'The console has not been built: start the gateway with `npm start`.')
  }
  reply.header('content-type', 'text/html; charset=utf-8')
  return page
}

function takesBrotli(accepted: string | string[] | undefined): boolean {
  return /(^|[\s,])br(?!\s*;\s*q=0(\.0*)?\s*(,|$))\s*(,|;|$)/i.test(String(accepted ?? ''))
}

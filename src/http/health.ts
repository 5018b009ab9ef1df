import type { FastifyInstance } from 'fastify'

export interface HealthParts {
  version: string
  countUsableAccounts(): number
  /** Whether the database answers. */
  isDatabaseUp(): Promise<boolean>
}

/** What probes and clients ask before they trust the server: cheap, without a key. */
export function registerHealthRoutes(app: FastifyInstance, parts: HealthParts): void {
  app.get('/healthz', async () => ({
    status: 'ok',
    version: parts.version,
    database: (await parts.isDatabaseUp()) ? 'ok' : 'unavailable',
    accounts: { usable: parts.countUsableAccounts() },
  }))
  // Claude Code asks one of these before its first message.
  app.head('/', async (_, reply) => reply.send())
  app.get('/api/hello', async () => ({ status: 'ok' }))
}

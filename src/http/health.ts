import type { FastifyInstance } from 'fastify'
import { forEverybody } from './guards.ts'

export interface HealthParts {
  version: string
  countUsableAccounts(): number
  /** Whether the database answers. */
  isDatabaseUp(): Promise<boolean>
}

/** What probes and clients ask before they trust the server: cheap, without a key. */
export function registerHealthRoutes(app: FastifyInstance, parts: HealthParts): void {
  const options = { config: forEverybody }
  app.get('/healthz', options, async () => ({
    status: 'ok',
    version: parts.version,
    database: (await parts.isDatabaseUp()) ? 'ok' : 'unavailable',
    accounts: { usable: parts.countUsableAccounts() },
  }))
  // Claude Code asks one of these before its first message.
  app.head('/', options, async (_, reply) => reply.send())
  app.get('/api/hello', options, async () => ({ status: 'ok' }))
}

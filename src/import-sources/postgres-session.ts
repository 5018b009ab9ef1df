import { Socket } from 'node:net'
import type { ServerDialect } from './server-source.ts'

const CONNECT_TIMEOUT_MS = 5000
const QUERY_TIMEOUT_MS = 30_000

export const postgres: ServerDialect = {
  kind: 'q2api-postgres',
  async connect(url) {
    // Loaded when it is needed: hardly anybody needs it twice.
    const { default: pg } = await import('pg')
    const socket = new Socket()
    const client = new pg.Client({
      stream: () => socket,
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
    })
    // A connection that breaks fails its query too; unheard, the error beside it would end the process.
    client.on('error', () => {})
    await client.connect()
    return {
      query: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
      close: () => client.end(),
      destroy: () => socket.destroy(),
    }
  },
  begin: ['begin transaction isolation level repeatable read, read only'],
  currentSchema: 'current_schema()',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  sizeOf: (column) => `octet_length(${column}::text)`,
}

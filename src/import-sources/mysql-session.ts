import type { RowDataPacket } from 'mysql2/promise'
import type { ServerDialect } from './server-source.ts'

const CONNECT_TIMEOUT_MS = 5000
const QUERY_TIMEOUT_MS = 30_000
const DEFAULT_PORT = 3306
const TLS_WORDS = /^(?:true|1|required|verify[_-]ca|verify[_-]identity)$/i

export const mysql: ServerDialect = {
  kind: 'q2api-mysql',
  async connect(url) {
    // Loaded when it is needed: hardly anybody needs it at all.
    const { createConnection } = await import('mysql2/promise')
    const connection = await createConnection(optionsOf(new URL(url)))
    // A connection that breaks fails its query too; unheard, the error beside it would end the process.
    connection.on('error', () => {})
    return {
      async query(sql) {
        const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: QUERY_TIMEOUT_MS })
        return Array.isArray(rows) ? rows : []
      },
      close: () => connection.end(),
      destroy: () => connection.destroy(),
    }
  },
  begin: [
    'set transaction isolation level repeatable read',
    'start transaction with consistent snapshot, read only',
  ],
  currentSchema: 'database()',
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  sizeOf: (column) => `octet_length(${column})`,
}

/** Of the address nothing else: options of the driver that stand in it could switch on what is off here. */
function optionsOf(url: URL) {
  const wishes = ['ssl', 'ssl-mode', 'sslmode'].map((name) => url.searchParams.get(name) ?? '')
  return {
    host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    connectTimeout: CONNECT_TIMEOUT_MS,
    // What a server answers becomes no code, and no file is sent to one that asks for it.
    disableEval: true,
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
    ...(wishes.some((wish) => TLS_WORDS.test(wish)) && { ssl: { rejectUnauthorized: true } }),
  }
}

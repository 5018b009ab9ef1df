/** The whole gateway before a strict simulator, with client keys whose grants a test chooses. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startSimulator, type Simulator } from '../simulator/simulator.ts'
import type { Access } from '../src/access/access.ts'
import type { KeyGrant } from '../src/access/key-grant.ts'
import { bearerOf, secretOf, type RequestHeaders } from '../src/access/request-headers.ts'
import { closeAll, createEngine } from '../src/composition/engine.ts'
import { beginEventLife } from '../src/composition/event-life.ts'
import { openFoundation } from '../src/composition/foundation.ts'
import { serve } from '../src/composition/serve.ts'
import { createServer } from '../src/composition/server.ts'
import { readConfig } from '../src/config.ts'
import { GatewayError } from '../src/conversation/failures.ts'

/** By key. What is changed here holds for the next request. */
export type Grants = Map<string, Partial<KeyGrant>>

export interface GrantedGateway {
  simulator: Simulator
  log: string[]
  fetch(path: string, init?: RequestInit): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Adds an account with these tags; answers its id. */
  addAccount(tags?: readonly string[]): Promise<string>
  close(): Promise<void>
}

export async function startGrantedGateway(
  grants: Grants,
  environment: Record<string, string> = {},
): Promise<GrantedGateway> {
  const simulator = await startSimulator()
  const dataDirectory = mkdtempSync(join(tmpdir(), 'aqueduct-test-'))
  const log: string[] = []
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDirectory,
    AMAZON_Q_ENDPOINT: simulator.url,
    OIDC_ENDPOINT: simulator.url,
    ...environment,
  })
  const logger = pino({ level: 'info', base: null }, { write: (line) => void log.push(line) })
  const foundation = { ...(await openFoundation(config, logger)), access: createGrantedAccess(grants) }
  const version = '0.0.0-test'
  const engine = await createEngine(config, foundation, { logger, version })
  const app = createServer(config, foundation, { engine, logger, version })
  const eventLife = await beginEventLife(foundation, { config, version, logger })
  const gateway = await serve(config, app, () => closeAll(engine, eventLife, foundation))

  const fetchFromGateway = (path: string, init?: RequestInit) => fetch(`${gateway.url}${path}`, init)
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetchFromGateway(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  return {
    simulator,
    log,
    fetch: fetchFromGateway,
    post,
    async addAccount(tags = []) {
      const { clientId, clientSecret, refreshToken } = simulator.seed()
      const answer = await post('/v2/accounts', { clientId, clientSecret, refreshToken, tags })
      const account: unknown = await answer.json()
      if (typeof account === 'object' && account !== null && 'id' in account) return String(account.id)
      throw new Error(`The gateway did not take the account: ${answer.status}`)
    },
    async close() {
      await gateway.close()
      await simulator.close()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

function createGrantedAccess(grants: Grants): Access {
  return {
    async check({ route, headers }) {
      if (route !== 'model') return { kind: 'operator', via: 'local' }
      const key = carriedBy(headers)
      const grant = key === undefined ? undefined : grants.get(key)
      if (key === undefined || grant === undefined) throw new GatewayError('unauthenticated', 'No key.')
      return { kind: 'key', print: key, grant: { id: key, name: key, limits: {}, ...grant } }
    },
  }
}

function carriedBy(headers: RequestHeaders): string | undefined {
  return bearerOf(headers) ?? secretOf(headers, 'x-api-key') ?? secretOf(headers, 'api-key')
}

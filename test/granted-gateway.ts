/** The whole gateway before a strict simulator, with client keys whose grants a test chooses. */
import type { Access } from '../src/access/access.ts'
import type { KeyGrant } from '../src/access/key-grant.ts'
import { bearerOf, secretOf, type RequestHeaders } from '../src/access/request-headers.ts'
import { closeAll, createEngine } from '../src/composition/engine.ts'
import { beginEventLife } from '../src/composition/event-life.ts'
import { openFoundation } from '../src/composition/foundation.ts'
import { serve } from '../src/composition/serve.ts'
import { createServer } from '../src/composition/server.ts'
import { GatewayError } from '../src/conversation/failures.ts'
import type { startGateway } from '../src/gateway.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from './gateway-under-test.ts'

/** By key. What is changed here holds for the next request. */
export type Grants = Map<string, Partial<KeyGrant>>

/** Without an account. */
export function startGrantedGateway(
  grants: Grants,
  environment: Record<string, string> = {},
): Promise<GatewayUnderTest> {
  const start: typeof startGateway = async (config, logger, { version }) => {
    const foundation = { ...(await openFoundation(config, logger)), access: createGrantedAccess(grants) }
    const engine = await createEngine(foundation, { logger, version })
    const app = createServer(foundation, { engine, logger, version })
    const eventLife = await beginEventLife(foundation, { settings: foundation.settings, version, logger })
    const gateway = await serve(config, app, () => closeAll(engine, eventLife, foundation))
    return { ...gateway, settingsAtStart: foundation.settings.atStart }
  }
  return startGatewayUnderTest({ environment, withAccount: false, start })
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

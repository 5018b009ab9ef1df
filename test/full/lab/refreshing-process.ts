/** A process that refreshes every account once, tells its parent what came of it, and may be killed on the way. */
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Agent } from 'undici'
import { createSecrets } from '../../../src/access/secrets.ts'
import type { Account } from '../../../src/accounts/account.ts'
import { createFreshCredentials } from '../../../src/accounts/tokens/fresh-credentials.ts'
import { createRefreshPace } from '../../../src/accounts/tokens/refresh-pace.ts'
import { createTokenKeeper } from '../../../src/accounts/tokens/token-keeper.ts'
import { createTokenLives } from '../../../src/accounts/tokens/token-lives.ts'
import { systemClock as clock } from '../../../src/clock.ts'
import { toGatewayError } from '../../../src/conversation/failures.ts'
import { createOidc, createOidcEndpoints } from '../../../src/sign-in/oidc.ts'
import { createAccountStore } from '../../../src/storage/accounts.ts'
import { openDatabase } from '../../../src/storage/database.ts'
import { createLeases } from '../../../src/storage/leases.ts'
import { createTokenSpill } from '../../../src/storage/token-spill.ts'

const [dataDirectory = '', endpoint = '', masterKey = ''] = process.argv.slice(2)
const processId = randomUUID()
const database = await openDatabase({ path: join(dataDirectory, 'data.sqlite3') })
const secrets = createSecrets({ masterKey: Buffer.from(masterKey, 'hex'), randomBytes })
const store = createAccountStore(database, secrets)
const report = () => {}
const spill = createTokenSpill({ dataDirectory, secrets, processId, clock, warn: report })
const keeper = createTokenKeeper({ store, spill, clock, report })
const agent = new Agent()
const oidc = createOidc({ endpointFor: createOidcEndpoints(endpoint), dispatcherFor: () => agent, clock })

const answeredAt = new Map<string, number>()
await keeper.replay()
const fresh = createFreshCredentials({
  store,
  keeper,
  lives: createTokenLives(clock),
  pace: createRefreshPace({ leases: createLeases(database), processId, clock }),
  processId,
  refreshTokens: async (request) => {
    const result = await oidc.refreshTokens(request)
    answeredAt.set(request.clientId, clock.elapsed())
    return result
  },
  clock,
  report,
})

async function refresh(account: Account) {
  const { id, clientId } = account
  try {
    await fresh.refreshNow(account)
    return { id, kind: 'refreshed', windowMs: clock.elapsed() - (answeredAt.get(clientId) ?? 0) }
  } catch (error) {
    return { id, kind: toGatewayError(error).failure.kind, windowMs: 0 }
  }
}

const results = await Promise.all((await store.list()).map(refresh))
await new Promise((resolve) => process.send?.(results, resolve))
process.disconnect()
await agent.close()
await database.destroy()

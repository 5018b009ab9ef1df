/** The composition root: builds every piece from a Config, bottom up, and joins them. */
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { createClientKeys } from './access/client-keys.ts'
import { openSecrets } from './access/master-key.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createFreshCredentials } from './accounts/fresh-credentials.ts'
import { createPool } from './accounts/pool.ts'
import { startRefreshSweep } from './accounts/refresh-sweep.ts'
import { chooseAtRandom } from './accounts/strategies.ts'
import { createVerification } from './accounts/verification.ts'
import { systemClock as clock } from './clock.ts'
import type { Config } from './config.ts'
import { dialects } from './dialects/index.ts'
import { createApp, type AppParts } from './http/app.ts'
import { trackOpenAnswers } from './http/open-answers.ts'
import { createRelay } from './relay/relay.ts'
import { createOidc, createOidcEndpoints } from './sign-in/oidc.ts'
import { createAccountStore } from './storage/accounts.ts'
import { openDatabase } from './storage/database.ts'
import { locateDatabase } from './storage/location.ts'
import { createSecretCheckStore } from './storage/settings.ts'
import { createAmazonQ } from './upstreams/amazon-q/client.ts'
import { createDispatcher } from './upstreams/amazon-q/dispatcher.ts'
import { resolveModel } from './upstreams/amazon-q/models.ts'

export interface Gateway {
  /** Where it listens, as `http://host:port`. */
  url: string
  /** Takes no more requests, lets open ones finish for a while, and leaves everything stored. */
  close(): Promise<void>
}

/** For requests and answers: 24 characters, URL-safe. */
function newId(): string {
  return randomBytes(18).toString('base64url')
}

/** An answer that is an error has said so by its status; its text may not take long. */
const ERROR_BODY_TIMEOUT_MS = 5000
/** A client that takes nothing for so long is gone. */
const DRAIN_TIMEOUT_MS = 120_000

/** Opens the data folder, starts to listen. Throws a StartError when only the operator can help. */
export async function startGateway(config: Config, logger: Logger, version: string): Promise<Gateway> {
  const database = await openDatabase(locateDatabase(config.databaseUrl, config.dataDirectory))
  const checks = createSecretCheckStore(database)
  const secrets = await openSecrets({ dataDirectory: config.dataDirectory, checks, randomBytes })
  const store = createAccountStore(database, secrets)
  const report = (error: unknown) => logger.error({ err: error }, 'could not store')

  const timeouts = timeoutsOf(config)
  const dispatcher = createDispatcher(timeouts)
  const oidc = createOidc({
    endpointFor: createOidcEndpoints(config.oidcEndpoint),
    dispatcher,
    clock,
  })
  const freshCredentials = createFreshCredentials({
    store,
    refreshTokens: (request) => oidc.refreshTokens(request),
    processId: randomUUID(),
    clock,
    report,
  })
  const { random } = Math
  const limits = { maxStrikes: config.maxErrorCount, waitMs: config.accountWaitSeconds * 1000 }
  const pool = await createPool({ store, strategy: chooseAtRandom, random, clock, limits, report })
  const accounts = createAccounts({ store, pool, freshCredentials, createId: randomUUID, clock })
  const verification = createVerification({ accounts, store, pool, freshCredentials, report })
  const refreshSweep = startRefreshSweep({ store, pool, freshCredentials, clock, random, report })
  const upstream = createAmazonQ({
    version,
    dispatcher,
    ...(config.amazonQEndpoint !== undefined && { endpoint: config.amazonQEndpoint }),
    clock,
    timeouts,
    newId: randomUUID,
    onUnknownEvent: (name) => logger.debug({ event: name }, 'the service sent an event that is not known'),
  })
  const relay = createRelay({ upstream, pool, freshCredentials, modelIdOf, clock, random, timeouts })

  const chat: AppParts['chat'] = {
    dialects,
    clientKeys: createClientKeys(config.openaiKeys),
    relay,
    clock,
    newId,
    timings: timingsOf(config),
  }
  const app = createApp({
    logger,
    newId,
    maxBodyBytes: config.maxBodyMegabytes * 1_000_000,
    health: {
      version,
      countUsableAccounts: () => accounts.usableCount(),
      isDatabaseUp: () => sql`select 1`.execute(database).then(Boolean, () => false),
    },
    chat,
    admin: config.consoleEnabled
      ? { accounts, verification, chat, adminPassword: config.adminPassword }
      : undefined,
  })
  const answers = trackOpenAnswers(app.server)
  const url = await app.listen({ host: config.host, port: config.port })

  return {
    url,
    async close() {
      const closed = app.close()
      await answers.allFinished()
      // What is left are connections without a request; some clients open those ahead of time and keep them.
      app.server.closeAllConnections()
      await closed
      await Promise.all([refreshSweep.close(), verification.close()])
      await freshCredentials.settled()
      await pool.close()
      await dispatcher.destroy()
      await database.destroy()
    },
  }
}

function modelIdOf(name: string): string {
  return resolveModel(name).id
}

function timeoutsOf(config: Config) {
  return {
    connectTimeoutMs: config.connectTimeoutSeconds * 1000,
    headersMs: config.responseHeadersTimeoutSeconds * 1000,
    errorBodyMs: ERROR_BODY_TIMEOUT_MS,
    firstEventMs: config.firstEventTimeoutSeconds * 1000,
    idleMs: config.idleTimeoutSeconds * 1000,
  }
}

function timingsOf(config: Config): AppParts['chat']['timings'] {
  return {
    commitAfterMs: config.commitAfterSeconds * 1000,
    pingIntervalMs: config.pingIntervalSeconds * 1000,
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
  }
}

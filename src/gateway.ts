/** The composition root: builds every piece from a Config, bottom up, and joins them. */
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { describeError } from './access/describe-error.ts'
import { openSecrets } from './access/master-key.ts'
import { openAccess } from './access/open-access.ts'
import { refuseWeakPassword } from './access/weak-passwords.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createFreshCredentials } from './accounts/fresh-credentials.ts'
import { createPool } from './accounts/pool.ts'
import { startRefreshSweep } from './accounts/refresh-sweep.ts'
import { chooseAtRandom } from './accounts/strategies.ts'
import { createVerification } from './accounts/verification.ts'
import { systemClock as clock } from './clock.ts'
import type { Config } from './config.ts'
import { dialects } from './dialects/index.ts'
import { createAdmission } from './http/admission.ts'
import { createApp, type AppParts } from './http/app.ts'
import { createCors } from './http/cors.ts'
import { trackOpenAnswers } from './http/open-answers.ts'
import { createBodyReader } from './http/read-body.ts'
import { createDispatchers } from './outbound/dispatchers.ts'
import { createRelay } from './relay/relay.ts'
import { createOidc, createOidcEndpoints } from './sign-in/oidc.ts'
import { createAccountStore } from './storage/accounts.ts'
import { prepareDataFolder } from './storage/data-folder.ts'
import { openDatabase } from './storage/database.ts'
import { locateDatabase } from './storage/location.ts'
import { createAttemptStore } from './storage/password-attempts.ts'
import { createLocalModeStore, createSecretCheckStore } from './storage/settings.ts'
import { createAmazonQ } from './upstreams/amazon-q/client.ts'
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
/** When the gateway stops, answers that are open have so long to finish. */
const GOODBYE_MS = 25_000
const MEGABYTE = 1_000_000

/** Opens the data folder, starts to listen. Throws a StartError when only the operator can help. */
export async function startGateway(config: Config, parentLogger: Logger, version: string): Promise<Gateway> {
  const logger = parentLogger.child({}, { serializers: { err: (error: unknown) => describeError(error) } })
  const adminPassword = config.consoleEnabled ? config.adminPassword : undefined
  if (adminPassword !== undefined) refuseWeakPassword(adminPassword)
  if (prepareDataFolder(config.dataDirectory) === 'open-to-others') {
    logger.warn({ folder: config.dataDirectory }, 'DATA_DIR can be opened by others; its files cannot')
  }
  const database = await openDatabase(locateDatabase(config.databaseUrl, config.dataDirectory))
  const checks = createSecretCheckStore(database)
  const { dataDirectory, masterKey, masterKeyFile } = config
  const secrets = await openSecrets({ dataDirectory, masterKey, masterKeyFile, checks, randomBytes })
  const access = await openAccess({
    boundToLoopback: config.boundToLoopback,
    openApiAllowed: config.openApiAllowed,
    corsOrigins: config.corsOrigins,
    openaiKeys: config.openaiKeys,
    operatorServed: config.consoleEnabled,
    adminPassword,
    secrets,
    localModeStore: createLocalModeStore(database),
    attemptStore: createAttemptStore(database),
    clock,
    randomBytes,
    logger,
  })
  const store = createAccountStore(database, secrets)
  const report = (error: unknown) => logger.error({ err: error }, 'could not store')

  const timeouts = timeoutsOf(config)
  const dispatchers = createDispatchers({ ...proxiesOf(config), ...timeouts })
  const oidc = createOidc({
    endpointFor: createOidcEndpoints(config.oidcEndpoint),
    dispatcherFor: dispatchers.dispatcherFor,
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
    dispatcherFor: dispatchers.dispatcherFor,
    ...(config.amazonQEndpoint !== undefined && { endpoint: config.amazonQEndpoint }),
    clock,
    timeouts,
    newId: randomUUID,
    onUnknownEvent: (name) => logger.debug({ event: name }, 'the service sent an event that is not known'),
  })
  const relay = createRelay({ upstream, pool, freshCredentials, modelIdOf, clock, random, timeouts })

  const connections = connectionLimitsOf(config)
  const chat: AppParts['chat'] = {
    dialects,
    admission: createAdmission(config.maxConcurrentRequests),
    bodies: createBodyReader({
      clock,
      maxBufferedBytes: config.maxBufferedMegabytes * MEGABYTE,
      timeoutMs: connections.bodyTimeoutMs,
    }),
    relay,
    clock,
    newId,
    timings: timingsOf(config),
  }
  const app = createApp({
    logger,
    newId,
    maxBodyBytes: config.maxBodyMegabytes * MEGABYTE,
    access,
    connections,
    cors: createCors({ demandsKey: () => config.openaiKeys.length > 0, origins: config.corsOrigins }),
    health: {
      version,
      countUsableAccounts: () => accounts.usableCount(),
      isDatabaseUp: () => sql`select 1`.execute(database).then(Boolean, () => false),
    },
    chat,
    models: upstream,
    admin: config.consoleEnabled ? { accounts, verification, chat } : undefined,
  })
  const answers = trackOpenAnswers(app.server)
  const url = await app.listen({ host: config.host, port: config.port })

  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    const serverClosed = app.close()
    await answers.allFinished(clock, GOODBYE_MS)
    // What is left are connections without a request, which some clients open ahead of time, and answers without end.
    app.server.closeAllConnections()
    await serverClosed
    await Promise.all([refreshSweep.close(), verification.close()])
    await freshCredentials.settled()
    await pool.close()
    await dispatchers.close()
    await database.destroy()
  }

  return {
    url,
    close() {
      closed ??= close()
      return closed
    },
  }
}

function proxiesOf({ httpProxy, httpsProxy, noProxy }: Config) {
  return { httpProxy, httpsProxy, noProxy }
}

function connectionLimitsOf(config: Config): AppParts['connections'] {
  return {
    headersTimeoutMs: config.headersTimeoutSeconds * 1000,
    bodyTimeoutMs: config.bodyTimeoutSeconds * 1000,
    keepAliveTimeoutMs: config.keepAliveTimeoutSeconds * 1000,
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

/** The composition root: builds every piece from a Config, bottom up, and joins them. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { describeError } from './access/describe-error.ts'
import { openSecrets } from './access/master-key.ts'
import { openAccess } from './access/open-access.ts'
import type { Secrets } from './access/secrets.ts'
import { refuseWeakPassword } from './access/weak-passwords.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createAdoption } from './accounts/adopt-sign-in.ts'
import { followChanges } from './accounts/follow-changes.ts'
import { createFreshCredentials } from './accounts/fresh-credentials.ts'
import { createPool, type PoolLimits } from './accounts/pool.ts'
import { createRefreshPace } from './accounts/refresh-pace.ts'
import { startRefreshSweep } from './accounts/refresh-sweep.ts'
import type { Slots } from './accounts/slots.ts'
import { sessionRefOf } from './accounts/session-ref.ts'
import { createSessions } from './accounts/sessions.ts'
import { createStrategy } from './accounts/strategies/strategies.ts'
import { createTokenKeeper } from './accounts/token-keeper.ts'
import { createTokenLives } from './accounts/token-lives.ts'
import { createVerification } from './accounts/verification.ts'
import { systemClock as clock } from './clock.ts'
import type { Config } from './config.ts'
import { dialects } from './dialects/index.ts'
import { createAdmission } from './http/admission.ts'
import { createApp, type AppParts } from './http/app.ts'
import { createCors } from './http/cors.ts'
import { trackOpenAnswers } from './http/open-answers.ts'
import { createBodyReader } from './http/read-body.ts'
import { createModels, type Models } from './models/models.ts'
import { createDispatchers } from './outbound/dispatchers.ts'
import { createProfiles } from './profiles/profiles.ts'
import { createClientUsage } from './quotas/client-usage.ts'
import { meterExchanges } from './quotas/meter-exchanges.ts'
import { startQuotas, type Quotas } from './quotas/quotas.ts'
import { createHostBreaker } from './relay/host-breaker.ts'
import { createRelay } from './relay/relay.ts'
import { createRetryBudget } from './relay/retry-budget.ts'
import { createPublicInternet } from './remote-images/network.ts'
import { createRemoteImages, type RemoteImages } from './remote-images/remote-images.ts'
import { loopbackOrigin } from './sign-in/aws-links.ts'
import { createSkewWatch } from './sign-in/clock-skew.ts'
import { createOidc, createOidcEndpoints } from './sign-in/oidc.ts'
import { createSignIns } from './sign-in/sign-ins.ts'
import { StartError } from './start-error.ts'
import { createAccountStore } from './storage/accounts.ts'
import { createClientUsageStore } from './storage/client-usage.ts'
import { prepareDataFolder } from './storage/data-folder.ts'
import { openDatabase } from './storage/database.ts'
import { createLeases } from './storage/leases.ts'
import { createGrantSpill } from './storage/grant-spill.ts'
import { locateDatabase } from './storage/location.ts'
import { createAttemptStore } from './storage/password-attempts.ts'
import { createQuotaStore } from './storage/quotas.ts'
import { createLocalModeStore, createSecretCheckStore } from './storage/settings.ts'
import { createSignInStore } from './storage/sign-ins.ts'
import { createTokenSpill } from './storage/token-spill.ts'
import { createCountingQueue } from './token-counts/counting-queue.ts'
import { startCountingThread } from './token-counts/counting-thread.ts'
import { createTokenCounts } from './token-counts/token-counts.ts'
import { createAmazonQ } from './upstreams/amazon-q/client.ts'

export interface Gateway {
  /** Where it listens, as `http://host:port`. */
  url: string
  /** Takes no more requests, lets open ones finish for a while, and leaves everything stored. */
  close(): Promise<void>
}

const ID_BYTES = 18
const SIGN_IN_ID_BYTES = 16
/** A call for random bytes costs more than the bytes. */
const IDS_AT_ONCE = 128

/** Ids of requests and answers: 24 characters, URL-safe. */
function createIds(): () => string {
  let bytes = Buffer.alloc(0)
  return () => {
    if (bytes.length === 0) bytes = randomBytes(ID_BYTES * IDS_AT_ONCE)
    const id = bytes.toString('base64url', 0, ID_BYTES)
    bytes = bytes.subarray(ID_BYTES)
    return id
  }
}

/** An answer that is an error has said so by its status; its text may not take long. */
const ERROR_BODY_TIMEOUT_MS = 5000
/** A client that takes nothing for so long is gone. */
const DRAIN_TIMEOUT_MS = 120_000
/** When the gateway stops, answers that are open have so long to finish. */
const GOODBYE_MS = 25_000
const MEGABYTE = 1_000_000
const KEY_FINGERPRINT_LENGTH = 16

interface Program {
  version: string
  /** Where several processes of this machine lend the same accounts. */
  slots?: Slots | undefined
}

/** Opens the data folder, starts to listen. Throws a StartError when only the operator can help. */
export async function startGateway(
  config: Config,
  parentLogger: Logger,
  { version, slots }: Program,
): Promise<Gateway> {
  const logger = parentLogger.child({}, { serializers: { err: (error: unknown) => describeError(error) } })
  const foundation = await openFoundation(config, logger)
  try {
    const engine = await createEngine(config, foundation, { logger, version, slots })
    const app = createServer(config, foundation, { engine, logger, version })
    return await serve(config, app, () => closeAll(engine, foundation))
  } catch (error) {
    await foundation.database.destroy()
    throw error
  }
}

type Warn = (facts: Record<string, unknown>, message: string) => void

type Foundation = Awaited<ReturnType<typeof openFoundation>>

/** What everything else stands on: the data, the keys to its secrets, and who may come in. */
async function openFoundation(config: Config, logger: Logger) {
  const { dataDirectory, masterKey, masterKeyFile } = config
  const adminPassword = config.consoleEnabled ? config.adminPassword : undefined
  if (adminPassword !== undefined) refuseWeakPassword(adminPassword)
  if (prepareDataFolder(dataDirectory) === 'open-to-others') {
    logger.warn({ folder: dataDirectory }, 'DATA_DIR can be opened by others; its files cannot')
  }
  const database = await openDatabase(locateDatabase(config.databaseUrl, dataDirectory))
  try {
    const checks = createSecretCheckStore(database)
    const secrets = await openSecrets({ dataDirectory, masterKey, masterKeyFile, checks, randomBytes })
    const access = await openAccess({
      boundToLoopback: config.boundToLoopback,
      openApiAllowed: config.openApiAllowed,
      corsOrigins: config.corsOrigins,
      openaiKeys: config.openaiKeys,
      keyPrintOf: createKeyPrints(secrets),
      operatorServed: config.consoleEnabled,
      adminPassword,
      secrets,
      localModeStore: createLocalModeStore(database),
      attemptStore: createAttemptStore(database),
      clock,
      randomBytes,
      logger,
    })
    const processId = randomUUID()
    const warn: Warn = (facts, message) => logger.warn(facts, message)
    return {
      database,
      access,
      processId,
      sessionSecret: secrets.deriveKey('sessions'),
      store: createAccountStore(database, secrets),
      signInStore: createSignInStore(database, secrets),
      quotaStore: createQuotaStore(database),
      clientUsageStore: createClientUsageStore(database),
      leases: createLeases(database),
      grantSpill: createGrantSpill({ dataDirectory, secrets, clock, warn }),
      spill: createTokenSpill({ dataDirectory, secrets, processId, clock, warn }),
    }
  } catch (error) {
    await database.destroy()
    throw error
  }
}

/** Names keys in the database without telling anything about them, not even to whoever tries likely ones. */
function createKeyPrints(secrets: Secrets): (key: string) => string {
  const hashKey = secrets.deriveKey('client-usage')
  return (key) => createHmac('sha256', hashKey).update(key).digest('hex').slice(0, KEY_FINGERPRINT_LENGTH)
}

type Engine = Awaited<ReturnType<typeof createEngine>>

/** What plays conversations: the accounts with their tokens, the model service, and the relay between them. */
async function createEngine(config: Config, foundation: Foundation, program: Program & { logger: Logger }) {
  const { store, signInStore, grantSpill, quotaStore, clientUsageStore, leases, processId } = foundation
  const { logger, version, slots } = program
  const warn: Warn = (facts, message) => logger.warn(facts, message)
  const report = (error: unknown) => logger.error({ err: error }, 'could not store')
  const { random } = Math
  const timeouts = timeoutsOf(config)
  const dispatchers = createDispatchers({ ...proxiesOf(config), ...timeouts })
  const { dispatcherFor } = dispatchers
  const oidc = createOidc({
    endpointFor: createOidcEndpoints(config.oidcEndpoint),
    dispatcherFor,
    clock,
    onDate: createSkewWatch({ clock, warn }),
  })
  const { freshCredentials, tokenKeeper, lives, pace } = await createTokens(foundation, { oidc, report })
  const upstream = createAmazonQ({
    version,
    dispatcherFor,
    ...(config.amazonQEndpoint !== undefined && { endpoint: config.amazonQEndpoint }),
    clock,
    timeouts,
    newId: randomUUID,
    sendsCacheMarks: config.sendsCacheMarks,
    onUnknownEvent: (name) => logger.debug({ event: name }, 'the service sent an event that is not known'),
  })
  const profiles = createProfiles({
    upstream,
    store,
    pool: { update: (account) => pool.update(account) },
    clock,
    report: (accountId, error) => logger.warn({ accountId, err: error }, 'could not learn the profile'),
  })
  const models: Models = createModels({
    upstream,
    accounts: () => pool.enabled(),
    accessTo: async (account, signal) =>
      profiles.accessTo(account, await freshCredentials.getInTurn(account, signal), { signal }),
    aliases: config.modelAliases,
    replacesRetired: config.replacesRetiredModels,
    clock,
    report: (accountId, error) => logger.warn({ accountId, err: error }, 'could not list the models'),
  })
  const sessions = createSessions({
    clock,
    maxSessions: config.maxSessions,
    maxIdleMs: config.sessionIdleSeconds * 1000,
  })
  const since = await store.readRevision()
  const pool = await createPool({
    store,
    models,
    ...(slots !== undefined && { slots }),
    ...(config.stickySessions && { sessions }),
    strategy: createStrategy({
      name: config.accountStrategy,
      withinPriority: config.accountStrategyWithinPriority,
      soonestExpiringFirst: config.prefersExpiringCredits,
    }),
    lazyPool: config.lazyAccountPool,
    random,
    clock,
    limits: poolLimitsOf(config),
    report,
  })
  pool.enabled().forEach((account) => models.noteAccount(account))
  const quotas: Quotas = await startQuotas({
    store: quotaStore,
    accounts: store,
    leases,
    processId,
    pool,
    readUsage: async (account, signal) => {
      const accessToken = await freshCredentials.getInTurn(account, signal)
      return upstream.readUsage(await profiles.accessTo(account, accessToken, { signal }), signal)
    },
    clock,
    random,
    report,
    reportReading: (accountId, error) =>
      logger.warn({ accountId, err: error }, 'could not read what the account has used'),
  })
  const quotaOf = (id: string) => quotas.quotaOf(id)
  const readUsage = (id: string) => quotas.readNow(id)
  const accounts = createAccounts({
    store,
    pool,
    freshCredentials,
    keeper: tokenKeeper,
    quotaOf,
    createId: randomUUID,
    clock,
  })
  const verification = createVerification({ accounts, store, pool, freshCredentials, readUsage, report })
  const signIns = createSignIns({
    store: signInStore,
    spill: grantSpill,
    leases,
    processId,
    oidc,
    ownOrigin: loopbackOrigin(config.oidcEndpoint),
    adopt: createAdoption({
      store,
      accounts,
      pool,
      leases,
      readFacts: async (account, accessToken, signal) => {
        const access = await profiles.accessToAsk(account, accessToken, signal)
        return (await upstream.readUsage(access, signal)).facts
      },
      clock,
      report: (accountId, error) => logger.warn({ accountId, err: error }, 'could not ask who signed in'),
    }),
    findAccount: (id) => store.find(id),
    createId: () => randomBytes(SIGN_IN_ID_BYTES).toString('hex'),
    createAccountId: randomUUID,
    clock,
    report,
  })
  const sweepParts = { store, leases, processId, pool, freshCredentials, lives, clock, random, report, warn }
  const refreshSweep = startRefreshSweep(sweepParts)
  const reportUnread = (error: unknown) =>
    logger.error({ err: error }, 'could not read what other processes have changed')
  const changes = followChanges({ store, pool, freshCredentials, since, clock, report: reportUnread })
  const tokenCounts = createTokenCounts({
    queue: createCountingQueue({
      startThread: startCountingThread,
      clock,
      report: (error) => logger.warn({ err: error }, 'tokens are estimated: their counting has failed'),
    }),
    multiplier: config.tokenCountMultiplier,
  })
  const metered = meterExchanges(upstream, (accountId, credits) => quotas.noteAnswer(accountId, credits))
  const clientUsage = createClientUsage({ store: clientUsageStore, clock, report })
  const relay = createRelay({
    upstream: metered,
    models,
    pool,
    freshCredentials,
    profiles,
    clock,
    random,
    timeouts,
    ...createGuards(config),
  })
  return {
    upstream,
    dispatchers,
    freshCredentials,
    profiles,
    tokenKeeper,
    pace,
    pool,
    sessions,
    accounts,
    verification,
    signIns,
    quotas,
    clientUsage,
    refreshSweep,
    changes,
    models,
    relay,
    tokenCounts,
  }
}

/** What keeps an outage of the service from being answered with more requests, and from being blamed on accounts. */
function createGuards(config: Config) {
  const { retryBudgetPercent, retryBudgetPerSecond: perSecond, breakerAccounts, breakerFailures } = config
  return {
    budget: createRetryBudget({ clock, perRequest: retryBudgetPercent / 100, perSecond }),
    breaker: createHostBreaker({
      clock,
      accountsToOpen: breakerAccounts,
      failuresToOpen: breakerFailures,
    }),
  }
}

/** What signs requests in. What an earlier run could not store comes first, before any refresh. */
async function createTokens(
  { store, leases, processId, spill }: Foundation,
  { oidc, report }: { oidc: ReturnType<typeof createOidc>; report: (error: unknown) => void },
) {
  const tokenKeeper = createTokenKeeper({ store, spill, clock, report })
  await tokenKeeper.replay()
  const lives = createTokenLives(clock)
  const pace = createRefreshPace({ leases, processId, clock })
  const freshCredentials = createFreshCredentials({
    store,
    keeper: tokenKeeper,
    lives,
    pace,
    refreshTokens: (request) => oidc.refreshTokens(request),
    processId,
    clock,
    report,
  })
  return { tokenKeeper, lives, pace, freshCredentials }
}

/** The HTTP server in front of all that. */
function createServer(
  config: Config,
  { access, database, sessionSecret }: Foundation,
  { engine, logger, version }: { engine: Engine; logger: Logger; version: string },
): FastifyInstance {
  const { upstream, accounts, verification, signIns, quotas, clientUsage } = engine
  const { sessions, models, relay, tokenCounts } = engine
  const connections = connectionLimitsOf(config)
  const newId = createIds()
  const demandsKey = () => config.openaiKeys.length > 0
  const chat: AppParts['chat'] = {
    dialects,
    admission: createAdmission(config.maxConcurrentRequests),
    bodies: createBodyReader({
      clock,
      maxBufferedBytes: config.maxBufferedMegabytes * MEGABYTE,
      timeoutMs: connections.bodyTimeoutMs,
    }),
    relay,
    remoteImages: openRemoteImages(config, { logger, version }),
    clientUsage,
    sessionOf: (conversation, owner) => sessionRefOf(conversation, { owner, secret: sessionSecret }),
    clock,
    newId,
    timings: timingsOf(config),
  }
  return createApp({
    logger,
    newId,
    maxBodyBytes: Math.round(config.maxBodyMegabytes * MEGABYTE),
    access,
    connections,
    cors: createCors({ demandsKey, origins: config.corsOrigins }),
    health: {
      version,
      countUsableAccounts: () => accounts.usableCount(),
      isDatabaseUp: () => sql`select 1`.execute(database).then(Boolean, () => false),
    },
    chat,
    tokenCounts,
    models,
    admin: config.consoleEnabled
      ? { accounts, verification, signIns, quotas, sessions, chat, upstream }
      : undefined,
  })
}

/** A proxy resolves names by itself, past all checks: with one, no image is fetched. */
function openRemoteImages(
  config: Config,
  { logger, version }: { logger: Logger; version: string },
): RemoteImages {
  const isProxied = config.httpProxy !== undefined || config.httpsProxy !== undefined
  if (config.fetchRemoteImages && isProxied) {
    logger.warn('FETCH_REMOTE_IMAGES stays off: behind HTTP_PROXY or HTTPS_PROXY addresses cannot be checked')
  }
  return createRemoteImages({
    enabled: config.fetchRemoteImages && !isProxied,
    allowHttp: config.fetchRemoteImagesOverHttp,
    version,
    network: createPublicInternet(),
    clock,
    report: ({ host, error }) => logger.warn({ host, err: error }, 'an image was not fetched'),
  })
}

async function serve(config: Config, app: FastifyInstance, closeRest: () => Promise<void>): Promise<Gateway> {
  const { host, port } = config
  const answers = trackOpenAnswers(app.server)
  const url = await app.listen({ host, port }).catch(async (error: unknown) => {
    await app.close()
    await closeRest()
    throw toListenError(error, { host, port })
  })

  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    const serverClosed = app.close()
    await answers.allFinished(clock, GOODBYE_MS)
    // What is left are connections without a request, which some clients open ahead of time, and answers without end.
    app.server.closeAllConnections()
    await serverClosed
    await closeRest()
  }
  return {
    url,
    close() {
      closed ??= close()
      return closed
    },
  }
}

function toListenError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new StartError(`PORT ${port} of ${host} is in use: set another one.`, error)
  if (code === 'EACCES')
    return new StartError(`PORT ${port} may not be used by this user: set one above 1023.`, error)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`HOST ${host} is no address of this machine.`, error)
  }
  return error
}

/** What still runs ends first, then what it needs. */
async function closeAll(engine: Engine, { database }: Foundation): Promise<void> {
  await Promise.all([
    engine.pace.close(),
    engine.refreshSweep.close(),
    engine.changes.close(),
    engine.verification.close(),
    engine.signIns.close(),
    engine.quotas.close(),
    engine.clientUsage.close(),
    engine.models.close(),
    engine.tokenCounts.close(),
  ])
  await engine.profiles.close()
  await engine.freshCredentials.settled()
  await engine.tokenKeeper.close()
  await engine.pool.close()
  await engine.dispatchers.close()
  await database.destroy()
}

function poolLimitsOf(config: Config): PoolLimits {
  return {
    maxStrikes: config.maxErrorCount,
    waitMs: config.accountWaitSeconds * 1000,
    maxWaiting: config.maxWaitingRequests,
    accountConcurrency: config.accountConcurrencyLimit,
    keyConcurrency: config.keyConcurrencyLimit,
    sessionsPerAccount: config.sessionMaxPerAccount,
  }
}

function proxiesOf({ httpProxy, httpsProxy, noProxy }: Config) {
  return { httpProxy, httpsProxy, noProxy }
}

function connectionLimitsOf(config: Config): AppParts['connections'] {
  return {
    maxConnections: config.maxConnections,
    headersTimeoutMs: config.headersTimeoutSeconds * 1000,
    bodyTimeoutMs: config.bodyTimeoutSeconds * 1000,
    keepAliveTimeoutMs: config.keepAliveTimeoutSeconds * 1000,
  }
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

/** What plays conversations: the accounts with their tokens, the model service, and the relay between them. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Account } from '../accounts/account.ts'
import type { DeriveKey } from '../access/password-hash.ts'
import { createAccounts } from '../accounts/accounts.ts'
import { createAdoption } from '../accounts/adopt-sign-in.ts'
import { followChanges } from '../accounts/follow-changes.ts'
import { createFreshCredentials } from '../accounts/tokens/fresh-credentials.ts'
import { createPool } from '../accounts/pool/pool.ts'
import { createRefreshPace } from '../accounts/tokens/refresh-pace.ts'
import { startRefreshSweep } from '../accounts/tokens/refresh-sweep.ts'
import { createSessions } from '../accounts/pool/sessions.ts'
import { createStrategy } from '../accounts/pool/strategies/strategies.ts'
import { createTokenKeeper } from '../accounts/tokens/token-keeper.ts'
import { createTokenLives } from '../accounts/tokens/token-lives.ts'
import { createVerification } from '../accounts/verification.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { followKeys } from '../keys/follow-keys.ts'
import { createLimitKeeper } from '../limits/key-limits.ts'
import { createModels, type Models } from '../models/models.ts'
import { createDispatchers } from '../outbound/dispatchers.ts'
import { createProfiles } from '../profiles/profiles.ts'
import { createClientUsage } from '../quotas/client-usage.ts'
import { meterExchanges } from '../quotas/meter-exchanges.ts'
import { startQuotas, type Quotas } from '../quotas/quotas.ts'
import { createHostBreaker } from '../relay/host-breaker.ts'
import { createRelay } from '../relay/relay.ts'
import { createRetryBudget } from '../relay/retry-budget.ts'
import { loopbackOrigin } from '../sign-in/aws-links.ts'
import { createSkewWatch } from '../sign-in/clock-skew.ts'
import type { LiveSettings } from '../settings/live-settings.ts'
import { createOidc, createOidcEndpoints } from '../sign-in/oidc.ts'
import { createSignIns } from '../sign-in/sign-ins.ts'
import { createCountingQueue } from '../token-counts/counting-queue.ts'
import { startCountingThread } from '../token-counts/counting-thread.ts'
import { createTokenCounts } from '../token-counts/token-counts.ts'
import { createSearchRelay } from '../web-search/search-relay.ts'
import { createAmazonQ } from '../upstreams/amazon-q/client.ts'
import { closeInOrder } from './close-in-order.ts'
import type { EventLife } from './event-life.ts'
import type { Foundation } from './foundation.ts'
import type { Records, Warn } from './records.ts'
import type { Slots } from '../accounts/slots/slots.ts'
import { openKeyDesk } from './open-key-desk.ts'
import { heedSettings } from './heed-settings.ts'
import { namingOf, poolLimitsOf, proxiesOf, refreshLimitsOf, strategyOf, timeoutsOf } from './settings.ts'
import { openWebSearch } from './web-search.ts'

const SIGN_IN_ID_BYTES = 16

export interface Program {
  version: string
  /** Where several processes of this machine lend the same accounts. */
  slots?: Slots | undefined
  /** In place of the machine's. */
  clock?: Clock
  /** This process's part of what several share. */
  share?: ((config: Config) => Config) | undefined
  /** Settings with which the others of them began. */
  joinedSettings?: ReadonlyMap<string, string> | undefined
  /** What hashes passwords, in place of scrypt. */
  derivePassword?: DeriveKey | undefined
}

export type Engine = Awaited<ReturnType<typeof createEngine>>

export async function createEngine(records: Records, program: Program & { logger: Logger }) {
  const { store, signInStore, grantSpill, quotaStore, clientUsageStore, leases, processId, clock, settings } =
    records
  // Of what holds at once nothing is read here: it would stay as it is.
  const config = settings.current()
  const { logger, version, slots } = program
  const warn: Warn = (facts, message) => logger.warn(facts, message)
  const report = (error: unknown) => logger.error({ err: error }, 'could not store')
  const { random } = Math
  const timeouts = timeoutsOf(settings)
  const connectTimeoutMs = config.connectTimeoutSeconds * 1000
  const dispatchers = createDispatchers({ ...proxiesOf(config), connectTimeoutMs })
  const { dispatcherFor } = dispatchers
  const skewWatch = createSkewWatch({ clock, warn })
  const oidc = createOidc({
    endpointFor: createOidcEndpoints(config.oidcEndpoint),
    dispatcherFor,
    clock,
    onDate: (date) => skewWatch.note(date),
  })
  const { freshCredentials, tokenKeeper, lives, pace } = await createTokens(records, { oidc, report })
  const upstream = createAmazonQ({
    version,
    dispatcherFor,
    ...(config.amazonQEndpoint !== undefined && { endpoint: config.amazonQEndpoint }),
    clock,
    timeouts,
    newId: randomUUID,
    get sendsCacheMarks() {
      return settings.current().sendsCacheMarks
    },
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
    naming: namingOf(config),
    clock,
    report: (accountId, error) => logger.warn({ accountId, err: error }, 'could not list the models'),
  })
  const sessions = createSessions({
    clock,
    get maxSessions() {
      return settings.current().maxSessions
    },
    get maxIdleMs() {
      return settings.current().sessionIdleSeconds * 1000
    },
  })
  const since = await store.readRevision()
  // A command that needs an account's list asks for it.
  const noteAccount = records.isVisit ? () => {} : (account: Account) => models.noteAccount(account)
  const pool = await createPool({
    store,
    models: { ...models, noteAccount },
    ...(slots !== undefined && { slots }),
    sessions,
    strategy: createStrategy(strategyOf(config)),
    lazyPool: config.lazyAccountPool,
    random,
    clock,
    limits: poolLimitsOf(settings),
    report,
  })
  pool.enabled().forEach(noteAccount)
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
    leavesOthers: records.isVisit,
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
  const sweepParts = {
    store,
    leases,
    processId,
    pool,
    freshCredentials,
    lives,
    limits: refreshLimitsOf(settings),
    clock,
    random,
    report,
    warn,
  }
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
    get multiplier() {
      return settings.current().tokenCountMultiplier
    },
  })
  const metered = meterExchanges(upstream, (accountId, credits) => quotas.noteAnswer(accountId, credits))
  const clientUsage = createClientUsage({ store: clientUsageStore, clock, report })
  const limits = createLimitKeeper({
    clientUsage,
    slots,
    clock,
    report: (error) => logger.error({ err: error }, 'could not read what a key has used'),
  })
  const keyChanges = followKeys({ ring: records.keyRing, clock, report: reportUnread })
  const keys = openKeyDesk(records)
  const plainRelay = createRelay({
    upstream: metered,
    models,
    pool,
    freshCredentials,
    profiles,
    clock,
    random,
    timeouts,
    ...createGuards(settings, clock),
  })
  const searching = { upstream, pool, freshCredentials, profiles, clock, dispatcherFor, version, logger }
  const webSearch = openWebSearch(config, searching)
  const settingsChanges = heedSettings({ settings, pool, models, clock, report: reportUnread })
  const relay = createSearchRelay({ relay: plainRelay, webSearch, clock })
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
    limits,
    keys,
    keyChanges,
    refreshSweep,
    changes,
    settingsChanges,
    models,
    relay,
    webSearch,
    tokenCounts,
    skewWatch,
  }
}

/** What keeps an outage of the service from being answered with more requests, and from being blamed on accounts. */
function createGuards({ current }: Pick<LiveSettings, 'current'>, clock: Clock) {
  return {
    budget: createRetryBudget({
      clock,
      get perRequest() {
        return current().retryBudgetPercent / 100
      },
      get perSecond() {
        return current().retryBudgetPerSecond
      },
    }),
    breaker: createHostBreaker({
      clock,
      get accountsToOpen() {
        return current().breakerAccounts
      },
      get failuresToOpen() {
        return current().breakerFailures
      },
    }),
  }
}

/** What signs requests in. What an earlier run could not store comes first, before any refresh. */
async function createTokens(
  { store, leases, processId, spill, clock, settings, isVisit }: Records,
  { oidc, report }: { oidc: ReturnType<typeof createOidc>; report: (error: unknown) => void },
) {
  const tokenKeeper = createTokenKeeper({ store, spill, clock, report })
  if (!isVisit) await tokenKeeper.replay()
  const limits = refreshLimitsOf(settings)
  const lives = createTokenLives(clock, limits)
  const pace = createRefreshPace({ leases, processId, clock, limits })
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

/** What still runs ends first, then what it needs. */
export async function closeAll(
  engine: Engine,
  eventLife: EventLife,
  { database, keyUses, upkeep, calls, kept, captured, logger }: Foundation,
): Promise<void> {
  const [first, ...rest] = engineSteps(engine)
  await closeInOrder(
    [
      [...(first ?? []), ...[keyUses, calls, kept, captured].map((each) => () => each.close())],
      ...rest,
      [() => eventLife.end()],
      [() => upkeep.close()],
      [() => database.destroy()],
    ],
    (error) => logger.error({ err: error }, 'could not close a part of the gateway'),
  )
}

/** The same without a gateway around it. */
export async function closeEngine(
  engine: Engine,
  { database, keyUses, keys, logger }: Records,
): Promise<void> {
  await closeInOrder(
    [...engineSteps(engine), [() => keyUses.close()], [() => keys.countUses()], [() => database.destroy()]],
    (error) => logger.error({ err: error }, 'could not close what the command has opened'),
  )
}

function engineSteps(engine: Engine): (() => unknown)[][] {
  const running = [
    engine.limits,
    engine.pace,
    engine.refreshSweep,
    engine.changes,
    engine.keyChanges,
    engine.settingsChanges,
    engine.verification,
    engine.signIns,
    engine.quotas,
    engine.clientUsage,
    engine.models,
    engine.tokenCounts,
  ]
  return [
    running.map((each) => () => each.close()),
    [() => engine.profiles.close()],
    [() => engine.freshCredentials.settled()],
    [() => engine.tokenKeeper.close()],
    [() => engine.pool.close()],
    [() => engine.dispatchers.close()],
  ]
}

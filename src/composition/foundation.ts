/** What everything else stands on: the data, the keys to its secrets, and who may come in. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { createClientKeys } from '../access/client-keys.ts'
import { openSecrets } from '../access/master-key.ts'
import { openAccess } from '../access/open-access.ts'
import type { Secrets } from '../access/secrets.ts'
import { startSecretsUpkeep } from '../access/secrets-upkeep.ts'
import { readGivenPassword } from '../access/given-password.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { openKeyRing } from '../keys/key-ring.ts'
import { createKeySecrets } from '../keys/key-secrets.ts'
import { createKeyUses } from '../keys/key-uses.ts'
import { createAdminTokenStore } from '../storage/admin-tokens.ts'
import { createAccountStore } from '../storage/accounts.ts'
import { createClientKeyStore } from '../storage/client-keys.ts'
import { createClientUsageStore } from '../storage/client-usage.ts'
import { createConsoleSettingsStore } from '../storage/console-settings.ts'
import { prepareDataFolder } from '../storage/data-folder.ts'
import { createDataKeyStore } from '../storage/data-keys.ts'
import { openDatabase, type Database, type SchemaWish } from '../storage/database.ts'
import type { EventLog } from '../storage/event-log.ts'
import { createLeases } from '../storage/leases.ts'
import { createGrantSpill } from '../storage/grant-spill.ts'
import { locateDatabase } from '../storage/location.ts'
import { createSessionStore } from '../storage/operator-sessions.ts'
import { createAttemptStore } from '../storage/password-attempts.ts'
import { createQuotaStore } from '../storage/quotas.ts'
import { resealAll } from '../storage/reseal.ts'
import { createLocalModeStore, createPasswordStore, createSecretCheckStore } from '../storage/settings.ts'
import { createSignInStore } from '../storage/sign-ins.ts'
import { createTokenSpill } from '../storage/token-spill.ts'
import { openEvents, recordLocalModeEnd } from './event-life.ts'
import { leaveDuties } from './leave-duties.ts'
import { openCalls } from './open-calls.ts'
import { openKeptAnswers } from './open-kept-answers.ts'
import { openLiveSettings } from './open-live-settings.ts'

const KEY_FINGERPRINT_LENGTH = 16

/** Tells the operator; facts go before the message, as pino has it. */
export type Warn = (facts: Record<string, unknown>, message: string) => void

export type Foundation = Awaited<ReturnType<typeof openFoundation>>

export interface Opening {
  clock?: Clock | undefined
  /** This process's part of what several share. */
  share?: ((config: Config) => Config) | undefined
  /** By one command of the operator, which begins nothing of what a gateway does in the background. */
  visit?: { mayCreate: boolean }
}

export async function openFoundation(
  config: Config,
  logger: Logger,
  { clock = systemClock, share, visit }: Opening = {},
) {
  const { dataDirectory, adminPassword, adminPasswordHash } = config
  const givenPassword = config.consoleEnabled
    ? readGivenPassword(adminPassword, adminPasswordHash)
    : undefined
  if (prepareDataFolder(dataDirectory) === 'open-to-others') {
    logger.warn({ folder: dataDirectory }, 'DATA_DIR can be opened by others; its files cannot')
  }
  const database = await openDatabase(locateDatabase(config.databaseUrl, dataDirectory), schemaFor(visit))
  try {
    const checks = createSecretCheckStore(database)
    const dataKeys = createDataKeyStore(database)
    const keys = await openSecrets({ ...config, checks, dataKeys, randomBytes })
    const { secrets } = keys
    const { events, eventLog, eventStore } = openEvents(database, secrets, { logger, clock })
    const settingsStore = createConsoleSettingsStore(database, eventLog)
    const settings = await openLiveSettings({ config, store: settingsStore, share, logger })
    const keyParts = await openKeys({ config, database, secrets, eventLog, logger, clock })
    const { access, desk } = await openAccess({
      boundToLoopback: config.boundToLoopback,
      openApiAllowed: config.openApiAllowed,
      corsOrigins: () => settings.current().corsOrigins,
      openaiKeys: config.openaiKeys,
      clientKeys: keyParts.clientKeys,
      operatorServed: config.consoleEnabled,
      givenPassword,
      bearerPasswordAllowed: config.bearerPasswordAllowed,
      secrets,
      passwordStore: createPasswordStore(database, eventLog),
      sessionStore: createSessionStore(database, eventLog),
      adminTokenStore: createAdminTokenStore(database, eventLog),
      events,
      localModeStore: recordLocalModeEnd(createLocalModeStore(database), events),
      attemptStore: createAttemptStore(database),
      clock,
      randomBytes,
      createId: randomUUID,
      logger,
    })
    const processId = randomUUID()
    const warn: Warn = (facts, message) => logger.warn(facts, message)
    const stored = createLeases(database)
    const leases = visit === undefined ? stored : leaveDuties(stored)
    const upkeep = startSecretsUpkeep({
      keys,
      resealAll: (mayGoOn) => resealAll({ database, secrets }, mayGoOn),
      leases,
      processId,
      clock,
      report: (error) => logger.error({ err: error }, 'could not look after the data keys'),
      tell: (facts) => logger.info(facts, 'stored secrets were sealed with the current data key'),
    })
    const stores = { config, settings, database, secrets, leases, processId, logger }
    const calls = openCalls(stores)
    const kept = openKeptAnswers({ ...stores, clock })
    return {
      logger,
      clock,
      settings,
      settingsStore,
      database,
      access,
      calls,
      kept,
      events,
      eventStore,
      ...keyParts,
      desk,
      processId,
      sessionSecret: secrets.deriveKey('sessions'),
      store: createAccountStore(database, secrets, eventLog),
      signInStore: createSignInStore(database, secrets),
      quotaStore: createQuotaStore(database),
      clientUsageStore: createClientUsageStore(database),
      leases,
      keys,
      upkeep,
      grantSpill: createGrantSpill({ dataDirectory, secrets, clock, warn }),
      spill: createTokenSpill({ dataDirectory, secrets, processId, clock, warn }),
    }
  } catch (error) {
    await database.destroy()
    throw error
  }
}

/** A gateway of an earlier version may be running: its tables are not changed under it. */
function schemaFor(visit: Opening['visit']): SchemaWish {
  if (visit === undefined) return 'newest'
  return visit.mayCreate ? 'as-it-is-or-new' : 'as-it-is'
}

interface OpenKeysParts {
  config: Config
  database: Database
  secrets: Secrets
  eventLog: EventLog
  logger: Logger
  clock: Clock
}

/** The keys of clients: those of OPENAI_KEYS, and those that were created. */
async function openKeys({ config, database, secrets, eventLog, logger, clock }: OpenKeysParts) {
  const keyStore = createClientKeyStore(database, eventLog)
  const keySecrets = createKeySecrets({ digestKey: secrets.deriveKey('client-keys'), randomBytes })
  const report = (error: unknown) => logger.error({ err: error }, 'could not store when keys were used')
  const keyUses = createKeyUses({ store: keyStore, clock, report })
  const keyRing = await openKeyRing({ store: keyStore, uses: keyUses, clock })
  const clientKeys = createClientKeys({
    listed: config.openaiKeys,
    printOf: createKeyPrints(secrets),
    digestOf: (secret) => keySecrets.digestOf(secret),
    created: keyRing,
  })
  return { keyStore, keySecrets, keyUses, keyRing, clientKeys }
}

/** Names keys in the database without telling anything about them, not even to whoever tries likely ones. */
function createKeyPrints(secrets: Secrets): (key: string) => string {
  const hashKey = secrets.deriveKey('client-usage')
  return (key) => createHmac('sha256', hashKey).update(key).digest('hex').slice(0, KEY_FINGERPRINT_LENGTH)
}

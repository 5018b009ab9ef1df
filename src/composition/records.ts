/** What is kept: the database, the keys to its secrets, and the stores on it. Nothing runs here, and nobody is served. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { createClientKeys } from '../access/client-keys.ts'
import { openSecrets } from '../access/master-key.ts'
import type { Secrets } from '../access/secrets.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { openKeyRing } from '../keys/key-ring.ts'
import { createKeySecrets } from '../keys/key-secrets.ts'
import { createKeyUses } from '../keys/key-uses.ts'
import { removeAbandonedScratch } from '../scratch-folder.ts'
import { createAccountStore } from '../storage/accounts.ts'
import { createClientKeyStore } from '../storage/client-keys.ts'
import { createClientUsageStore } from '../storage/client-usage.ts'
import { prepareDataFolder } from '../storage/data-folder.ts'
import { createConsoleSettingsStore } from '../storage/console-settings.ts'
import { createDataKeyStore } from '../storage/data-keys.ts'
import { openDatabase, type Database, type SchemaWish } from '../storage/database.ts'
import type { EventLog } from '../storage/event-log.ts'
import { createGrantSpill } from '../storage/grant-spill.ts'
import { createLeases } from '../storage/leases.ts'
import { locateDatabase } from '../storage/location.ts'
import { createQuotaStore } from '../storage/quotas.ts'
import { createSecretCheckStore } from '../storage/settings.ts'
import { createSignInStore } from '../storage/sign-ins.ts'
import { createTokenSpill } from '../storage/token-spill.ts'
import { openEvents } from './event-life.ts'
import { openLiveSettings } from './open-live-settings.ts'
import { leaveDuties } from './leave-duties.ts'

const KEY_FINGERPRINT_LENGTH = 16

/** Tells the operator; facts go before the message, as pino has it. */
export type Warn = (facts: Record<string, unknown>, message: string) => void

export type Records = Awaited<ReturnType<typeof openRecords>>

export interface Opening {
  clock?: Clock | undefined
  /** This process's part of what several share. */
  share?: ((config: Config) => Config) | undefined
  /** Settings with which the others of them began. */
  joinedSettings?: ReadonlyMap<string, string> | undefined
  /** By one command of the operator, which takes over nothing of what gateways do, nor what they have left undone. */
  visit?: { mayCreate: boolean } | undefined
}

/** Close its `database` at last. Throws a StartError when only the operator can help. */
export async function openRecords(
  config: Config,
  logger: Logger,
  { clock = systemClock, share, joinedSettings: joined, visit }: Opening = {},
) {
  const { dataDirectory } = config
  if (prepareDataFolder(dataDirectory) === 'open-to-others') {
    logger.warn({ folder: dataDirectory }, 'DATA_DIR can be opened by others; its files cannot')
  }
  if (visit === undefined) removeScratch(config)
  const database = await openDatabase(locateDatabase(config.databaseUrl, dataDirectory), schemaFor(visit))
  try {
    const checks = createSecretCheckStore(database)
    const dataKeys = createDataKeyStore(database)
    const keys = await openSecrets({ ...config, checks, dataKeys, randomBytes })
    const { secrets } = keys
    const { events, eventLog, eventStore } = openEvents(database, secrets, { logger, clock })
    const settingsStore = createConsoleSettingsStore(database, eventLog)
    const settings = await openLiveSettings({ config, store: settingsStore, share, joined, logger })
    const keyParts = await openKeys({ config, database, secrets, eventLog, logger, clock })
    const processId = randomUUID()
    const warn: Warn = (facts, message) => logger.warn(facts, message)
    const leases = createLeases(database)
    return {
      logger,
      clock,
      isVisit: visit !== undefined,
      settings,
      settingsStore,
      database,
      events,
      eventLog,
      eventStore,
      ...keyParts,
      processId,
      store: createAccountStore(database, secrets, eventLog),
      signInStore: createSignInStore(database, secrets),
      quotaStore: createQuotaStore(database),
      clientUsageStore: createClientUsageStore(database),
      leases: visit === undefined ? leases : leaveDuties(leases),
      keys,
      grantSpill: createGrantSpill({ dataDirectory, secrets, clock, warn }),
      spill: createTokenSpill({ dataDirectory, secrets, processId, clock, warn }),
    }
  } catch (error) {
    await database.destroy()
    throw error
  }
}

/** Copies of a command that was killed. */
function removeScratch({ databaseUrl, dataDirectory }: Config): void {
  const location = locateDatabase(databaseUrl, dataDirectory)
  const beside = 'path' in location ? [dirname(location.path)] : []
  for (const folder of new Set([dataDirectory, ...beside])) removeAbandonedScratch(folder)
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

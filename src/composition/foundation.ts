/** What everything else stands on: the data, the keys to its secrets, and who may come in. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { readGivenPassword } from '../access/given-password.ts'
import { openSecrets } from '../access/master-key.ts'
import { openAccess } from '../access/open-access.ts'
import type { Secrets } from '../access/secrets.ts'
import { systemClock as clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { EventRecorder } from '../events/event.ts'
import { createAccountStore } from '../storage/accounts.ts'
import { createAdminTokenStore } from '../storage/admin-tokens.ts'
import { createClientUsageStore } from '../storage/client-usage.ts'
import { prepareDataFolder } from '../storage/data-folder.ts'
import { openDatabase } from '../storage/database.ts'
import { createLeases } from '../storage/leases.ts'
import { createGrantSpill } from '../storage/grant-spill.ts'
import { locateDatabase } from '../storage/location.ts'
import { createSessionStore } from '../storage/operator-sessions.ts'
import { createAttemptStore } from '../storage/password-attempts.ts'
import { createQuotaStore } from '../storage/quotas.ts'
import { createLocalModeStore, createPasswordStore, createSecretCheckStore } from '../storage/settings.ts'
import { createSignInStore } from '../storage/sign-ins.ts'
import { createTokenSpill } from '../storage/token-spill.ts'

const KEY_FINGERPRINT_LENGTH = 16

/** Tells the operator; facts go before the message, as pino has it. */
export type Warn = (facts: Record<string, unknown>, message: string) => void

export type Foundation = Awaited<ReturnType<typeof openFoundation>>

export async function openFoundation(config: Config, logger: Logger) {
  const { dataDirectory, masterKey, masterKeyFile, adminPassword, adminPasswordHash } = config
  const givenPassword = config.consoleEnabled
    ? readGivenPassword(adminPassword, adminPasswordHash)
    : undefined
  if (prepareDataFolder(dataDirectory) === 'open-to-others') {
    logger.warn({ folder: dataDirectory }, 'DATA_DIR can be opened by others; its files cannot')
  }
  const database = await openDatabase(locateDatabase(config.databaseUrl, dataDirectory))
  try {
    const checks = createSecretCheckStore(database)
    const secrets = await openSecrets({ dataDirectory, masterKey, masterKeyFile, checks, randomBytes })
    const events: EventRecorder = { record: async () => {} }
    const { access, desk } = await openAccess({
      boundToLoopback: config.boundToLoopback,
      openApiAllowed: config.openApiAllowed,
      corsOrigins: config.corsOrigins,
      openaiKeys: config.openaiKeys,
      keyPrintOf: createKeyPrints(secrets),
      operatorServed: config.consoleEnabled,
      givenPassword,
      bearerPasswordAllowed: config.bearerPasswordAllowed,
      secrets,
      passwordStore: createPasswordStore(database),
      sessionStore: createSessionStore(database),
      adminTokenStore: createAdminTokenStore(database),
      events,
      localModeStore: createLocalModeStore(database),
      attemptStore: createAttemptStore(database),
      clock,
      randomBytes,
      createId: randomUUID,
      logger,
    })
    const processId = randomUUID()
    const warn: Warn = (facts, message) => logger.warn(facts, message)
    return {
      database,
      access,
      desk,
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

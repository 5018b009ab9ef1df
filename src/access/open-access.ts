import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { createAccess, type Access } from './access.ts'
import { countShortKeys, type ClientKeys } from './client-keys.ts'
import { createLocalMode, type LocalMode, type LocalModeStore } from './local-mode.ts'
import { createOperatorPassword } from './operator-password.ts'
import { createPasswordHasher } from './password-hash.ts'
import { createOwnUserCheck } from './peer-user.ts'
import type { Secrets } from './secrets.ts'
import { createThrottle, type AttemptStore } from './throttle.ts'

interface OpenAccessParts {
  boundToLoopback: boolean
  openApiAllowed: boolean
  corsOrigins: readonly string[]
  openaiKeys: readonly string[]
  /** Those, and the ones that were created. */
  clientKeys: ClientKeys
  /** False: there are no operator's routes. */
  operatorServed: boolean
  adminPassword: string | undefined
  secrets: Secrets
  localModeStore: LocalModeStore & { clear(): Promise<void> }
  attemptStore: AttemptStore
  clock: Clock
  randomBytes: (size: number) => Buffer
  logger: Logger
}

/** Builds what decides who may come in, and says aloud what is riskier than it has to be. */
export async function openAccess(parts: OpenAccessParts): Promise<Access> {
  const { adminPassword, localModeStore, attemptStore, clock, randomBytes } = parts
  // A password takes the place of local mode, so what ended that is settled.
  if (adminPassword !== undefined) await localModeStore.clear()
  warnOfOpenDoors(parts)
  return createAccess({
    boundToLoopback: parts.boundToLoopback,
    openApiAllowed: parts.openApiAllowed,
    allowedOrigins: parts.corsOrigins,
    clientKeys: parts.clientKeys,
    operatorPassword:
      adminPassword === undefined
        ? undefined
        : createOperatorPassword({
            password: adminPassword,
            hasher: createPasswordHasher({ randomBytes }),
            throttle: createThrottle({ store: attemptStore, clock }),
            digestKey: parts.secrets.deriveKey('operator-password'),
          }),
    localMode: openLocalMode(parts),
    isOwnUser: createOwnUserCheck(),
  })
}

function openLocalMode(parts: OpenAccessParts): LocalMode | undefined {
  const { logger, clock } = parts
  if (parts.adminPassword !== undefined || !parts.boundToLoopback || !parts.operatorServed) return undefined
  return createLocalMode({
    store: parts.localModeStore,
    clock,
    announce: (end) =>
      logger.error(
        { end },
        'access without a password ends: a request showed a proxy in front; set ADMIN_PASSWORD',
      ),
    report: (error) =>
      logger.error({ err: error }, 'could not store that access without a password has ended'),
  })
}

function warnOfOpenDoors(parts: OpenAccessParts): void {
  const { logger, boundToLoopback, openApiAllowed } = parts
  const hasKey = parts.clientKeys.exist()
  const shortKeys = countShortKeys(parts.openaiKeys)
  if (shortKeys > 0) {
    logger.warn({ shortKeys }, 'OPENAI_KEYS holds keys of fewer than 16 characters, which can be guessed')
  }
  if (!hasKey && openApiAllowed) {
    logger.warn(
      'ALLOW_OPEN_API is set and there is no key: whoever reaches this gateway can use its accounts',
    )
  }
  if (!hasKey && !openApiAllowed && !boundToLoopback) {
    logger.warn('HOST is no loopback address and there is no key: /v1 answers 403 until OPENAI_KEYS is set')
  }
  if (parts.adminPassword === undefined && parts.operatorServed && !boundToLoopback) {
    logger.warn(
      'HOST is no loopback address and there is no password: /v2 answers 503 until ADMIN_PASSWORD is set',
    )
  }
}

import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { EventRecorder } from '../events/event.ts'
import { createAccess, type Access } from './access.ts'
import { countShortKeys, type ClientKeys } from './client-keys.ts'
import { createLocalMode, type LocalMode, type LocalModeStore } from './local-mode.ts'
import { createOperatorPassword, type GivenPassword, type PasswordStore } from './operator-password.ts'
import { createAdminTokens, type AdminTokenStore } from './operators/admin-tokens.ts'
import { createOperatorDesk, type OperatorDesk } from './operators/operator-desk.ts'
import { createOperatorSessions, type SessionStore } from './operators/operator-sessions.ts'
import { createOperators } from './operators/operators.ts'
import { createPasswordHasher, type DeriveKey } from './password-hash.ts'
import { createOwnUserCheck } from './peer-user.ts'
import type { Secrets } from './secrets.ts'
import { createThrottle, type AttemptStore } from './throttle.ts'

export interface OpenAccessParts {
  boundToLoopback: boolean
  openApiAllowed: boolean
  corsOrigins: () => readonly string[]
  openaiKeys: readonly string[]
  /** Those, and the ones that were created. */
  clientKeys: ClientKeys
  /** False: there are no operator's routes. */
  operatorServed: boolean
  givenPassword: GivenPassword | undefined
  /** What hashes passwords, in place of scrypt. */
  derivePassword?: DeriveKey | undefined
  bearerPasswordAllowed: boolean
  secrets: Secrets
  passwordStore: PasswordStore
  sessionStore: SessionStore
  adminTokenStore: AdminTokenStore
  localModeStore: LocalModeStore & { clear(): Promise<void> }
  attemptStore: AttemptStore
  events: EventRecorder
  clock: Clock
  randomBytes: (size: number) => Buffer
  createId: () => string
  logger: Logger
}

export interface OpenedAccess {
  access: Access
  desk: OperatorDesk
}

/** Builds what decides who may come in, and says aloud what is riskier than it has to be. */
export async function openAccess(parts: OpenAccessParts): Promise<OpenedAccess> {
  const { localModeStore, events, clock, randomBytes, createId, secrets } = parts
  const password = createOperatorPassword({
    given: parts.givenPassword,
    stored: parts.passwordStore,
    createId,
    hasher: createPasswordHasher({ randomBytes, derive: parts.derivePassword }),
    throttle: createThrottle({ store: parts.attemptStore, clock }),
    digestKey: secrets.deriveKey('operator-password'),
  })
  const isPasswordSet = rememberTrue(async () => (await password.source()) !== undefined)
  const isSetAtStart = await isPasswordSet()
  // A password takes the place of local mode, so what ended that is settled.
  if (isSetAtStart) await localModeStore.clear()
  warnOfOpenDoors(parts, isSetAtStart)
  const report = (error: unknown) =>
    parts.logger.error({ err: error }, 'could not store that the operator was here')
  const sessions = createOperatorSessions({
    store: parts.sessionStore,
    clock,
    randomBytes,
    proofKey: secrets.deriveKey('operator-sessions'),
    report,
  })
  const tokens = createAdminTokens({
    store: parts.adminTokenStore,
    clock,
    randomBytes,
    createId,
    digestKey: secrets.deriveKey('admin-tokens'),
    report,
  })
  const { bearerPasswordAllowed } = parts
  const operators = createOperators({ password, sessions, tokens, bearerPasswordAllowed, events, clock })
  const access = createAccess({
    boundToLoopback: parts.boundToLoopback,
    openApiAllowed: parts.openApiAllowed,
    allowedOrigins: parts.corsOrigins,
    clientKeys: parts.clientKeys,
    operators,
    isPasswordSet,
    localMode: openLocalMode(parts, isPasswordSet),
    isOwnUser: createOwnUserCheck(),
  })
  const settleLocalMode = () => localModeStore.clear()
  return { access, desk: createOperatorDesk({ password, sessions, tokens, events, settleLocalMode }) }
}

/** A password is never taken away again, only replaced: what was true once need not be asked again. */
function rememberTrue(ask: () => Promise<boolean>): () => Promise<boolean> {
  let isTrue = false
  return async () => {
    isTrue ||= await ask()
    return isTrue
  }
}

function openLocalMode(parts: OpenAccessParts, isPasswordSet: () => Promise<boolean>): LocalMode | undefined {
  const { logger, clock } = parts
  if (parts.givenPassword !== undefined || !parts.boundToLoopback || !parts.operatorServed) return undefined
  return createLocalMode({
    store: parts.localModeStore,
    clock,
    isPasswordSet,
    announce(end) {
      logger.error(
        { end },
        'access without a password ends: a request showed a proxy in front; set ADMIN_PASSWORD',
      )
      return Promise.resolve()
    },
    report: (error) =>
      logger.error({ err: error }, 'could not store that access without a password has ended'),
  })
}

function warnOfOpenDoors(parts: OpenAccessParts, isPasswordSet: boolean): void {
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
  if (!isPasswordSet && parts.operatorServed && !boundToLoopback) {
    logger.warn(
      'HOST is no loopback address and there is no password: /v2 answers 503 until ADMIN_PASSWORD is set',
    )
  }
}

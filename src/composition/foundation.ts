/** What a gateway stands on: its records, who may come in, and what it does about its data while it runs. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { readGivenPassword } from '../access/given-password.ts'
import { openAccess, type OpenAccessParts } from '../access/open-access.ts'
import { startSecretsUpkeep } from '../access/secrets-upkeep.ts'
import type { Config } from '../config.ts'
import { createAdminTokenStore } from '../storage/admin-tokens.ts'
import { createSessionStore } from '../storage/operator-sessions.ts'
import { createAttemptStore } from '../storage/password-attempts.ts'
import { resealAll } from '../storage/reseal.ts'
import { createLocalModeStore, createPasswordStore } from '../storage/settings.ts'
import { recordLocalModeEnd } from './event-life.ts'
import { openCalls } from './open-calls.ts'
import { openCaptures } from './open-captures.ts'
import { openKeptAnswers } from './open-kept-answers.ts'
import { openRecords, type Opening, type Records } from './records.ts'

export type Foundation = Awaited<ReturnType<typeof openFoundation>>

export async function openFoundation(
  config: Config,
  logger: Logger,
  {
    derivePassword,
    ...opening
  }: Pick<Opening, 'clock' | 'share' | 'joinedSettings'> & Pick<OpenAccessParts, 'derivePassword'> = {},
) {
  const givenPassword = config.consoleEnabled
    ? readGivenPassword(config.adminPassword, config.adminPasswordHash)
    : undefined
  const records = await openRecords(config, logger, opening)
  try {
    const { database, leases, processId, keys, events, eventLog } = records
    const { secrets } = keys
    const { access, desk } = await openDoors(config, records, { givenPassword, derivePassword })
    const upkeep = startSecretsUpkeep({
      keys,
      resealAll: (mayGoOn) => resealAll({ database, secrets }, mayGoOn),
      leases,
      processId,
      clock: records.clock,
      report: (error) => logger.error({ err: error }, 'could not look after the data keys'),
      tell: (facts) => logger.info(facts, 'stored secrets were sealed with the current data key'),
    })
    const stores = { config, settings: records.settings, database, secrets, leases, processId, logger }
    return {
      ...records,
      access,
      desk,
      upkeep,
      calls: openCalls(stores),
      kept: openKeptAnswers({ ...stores, clock: records.clock }),
      captured: await openCaptures({ ...stores, eventLog, events, clock: records.clock }),
      sessionSecret: secrets.deriveKey('sessions'),
    }
  } catch (error) {
    await records.database.destroy()
    throw error
  }
}

function openDoors(
  config: Config,
  { database, keys: { secrets }, events, eventLog, clientKeys, settings, clock, logger }: Records,
  passwords: Pick<OpenAccessParts, 'givenPassword' | 'derivePassword'>,
) {
  return openAccess({
    boundToLoopback: config.boundToLoopback,
    openApiAllowed: config.openApiAllowed,
    corsOrigins: () => settings.current().corsOrigins,
    openaiKeys: config.openaiKeys,
    clientKeys,
    operatorServed: config.consoleEnabled,
    ...passwords,
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
}

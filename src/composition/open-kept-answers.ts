/** Answers that clients want kept, and their end. */
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { Secrets } from '../access/secrets.ts'
import type { Leases } from '../background/leases.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createKeptAnswers } from '../kept-answers/kept-answers.ts'
import { startKeptAnswerPruning } from '../kept-answers/prune-kept-answers.ts'
import type { Database } from '../storage/database.ts'
import { createKeptAnswerStore } from '../storage/kept-answers.ts'
import type { LiveSettings } from '../settings/live-settings.ts'
import { keepingLimitsOf } from './settings.ts'

/** Much longer than a look takes. */
const PRUNING_TURN_MS = 5 * 60_000

interface KeptAnswersParts {
  config: Pick<Config, 'workers' | 'databaseUrl'>
  settings: Pick<LiveSettings, 'current'>
  database: Database
  secrets: Secrets
  leases: Leases
  processId: string
  clock: Clock
  logger: Logger
}

export function openKeptAnswers(parts: KeptAnswersParts) {
  const { config, settings, database, secrets, leases, processId, clock, logger } = parts
  const store = createKeptAnswerStore(database, secrets, randomBytes)
  const report = (error: unknown) => logger.error({ err: error }, 'could not store an answer that is kept')
  const answers = createKeptAnswers({
    store,
    limits: keepingLimitsOf(settings),
    isShared: config.workers > 1 || config.databaseUrl?.startsWith('postgres') === true,
    clock,
    report,
    warn: ({ bytes }) => logger.warn({ bytes }, 'an answer was not kept: it is too long, or too many wait'),
  })
  const pruning = startKeptAnswerPruning({
    store,
    isMyTurn: () => leases.take('kept-answer-pruning', { owner: processId, durationMs: PRUNING_TURN_MS }),
    clock,
    report,
  })
  return {
    answers,
    async close() {
      await Promise.all([answers.close(), pruning.close()])
    },
  }
}

/** What was said in calls, while an operator wants it kept, and its end. */
import type { Logger } from 'pino'
import type { Secrets } from '../access/secrets.ts'
import type { Leases } from '../background/leases.ts'
import { createCaptureDesk } from '../captures/capture-desk.ts'
import { followCaptureRules } from '../captures/capture-rules.ts'
import { createCaptures } from '../captures/captures.ts'
import { startCapturePruning } from '../captures/prune-captures.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { EventRecorder } from '../events/event.ts'
import { createCaptureStore } from '../storage/captures.ts'
import type { Database } from '../storage/database.ts'
import type { EventLog } from '../storage/event-log.ts'

const HOUR_MS = 3_600_000
/** Much longer than a look takes. */
const PRUNING_TURN_MS = 5 * 60_000
export const captureBounds = { mostCalls: 500, mostBytes: 50_000_000 }

interface CapturesParts {
  config: Pick<Config, 'captureKeepHours'>
  database: Database
  secrets: Secrets
  eventLog: EventLog
  events: EventRecorder
  leases: Leases
  processId: string
  clock: Clock
  logger: Logger
}

export async function openCaptures(parts: CapturesParts) {
  const { config, database, secrets, eventLog, events, leases, processId, clock, logger } = parts
  const { captureKeepHours: keepHours } = config
  const keepMs = keepHours * HOUR_MS
  const store = createCaptureStore(database, secrets, eventLog)
  const report = (error: unknown) => logger.error({ err: error }, 'could not look after captured bodies')
  const rules = await followCaptureRules({ store, clock, report })
  const captures = createCaptures({
    rules: () => (keepHours === 0 ? undefined : rules.inForce()),
    store,
    keepMs,
    bounds: captureBounds,
    clock,
    report,
  })
  const pruning = startCapturePruning({
    store,
    keepMs,
    isMyTurn: () => leases.take('capture-pruning', { owner: processId, durationMs: PRUNING_TURN_MS }),
    clock,
    report,
  })
  return {
    captures,
    desk: createCaptureDesk({ store, rules, captures, events, keepHours, clock }),
    /** Until the last rule ends; undefined: nothing is captured. */
    secondsLeft: () => (keepHours === 0 ? undefined : rules.secondsLeft()),
    async close() {
      await Promise.all([captures.close(), rules.close(), pruning.close()])
    },
  }
}

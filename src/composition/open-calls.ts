/** What is known of the requests of clients: counted, kept for a while, and forgotten. */
import type { Logger } from 'pino'
import type { Leases } from '../background/leases.ts'
import type { Secrets } from '../access/secrets.ts'
import { createCallHistogram } from '../calls/call-histogram.ts'
import { createCallLog } from '../calls/call-log.ts'
import { createLatencyReader } from '../calls/read-latencies.ts'
import { startCallPruning, type CallKeeping } from '../calls/prune-calls.ts'
import { createTraffic } from '../calls/traffic.ts'
import { systemClock as clock } from '../clock.ts'
import type { LiveSettings } from '../settings/live-settings.ts'
import { createCallStore } from '../storage/calls.ts'
import type { Database } from '../storage/database.ts'
import { createTrafficStore } from '../storage/traffic.ts'

/** Much longer than a look takes. */
const PRUNING_TURN_MS = 5 * 60_000

interface CallsParts {
  settings: Pick<LiveSettings, 'current'>
  database: Database
  secrets: Secrets
  leases: Leases
  processId: string
  logger: Logger
}

export function openCalls({ settings, database, secrets, leases, processId, logger }: CallsParts) {
  const keeping: CallKeeping = {
    get days() {
      return settings.current().callsKeepDays
    },
    get rows() {
      return settings.current().callsKeepRows
    },
  }
  const calls = createCallStore(database)
  const cursorKey = secrets.deriveKey('call-cursors')
  const report = (error: unknown) => logger.error({ err: error }, 'could not store what requests came to')
  const counts = createTrafficStore(database)
  const traffic = createTraffic({
    store: counts,
    calls,
    keepsCalls: () => keeping.days > 0 && keeping.rows > 0,
    clock,
    warn: (count) =>
      logger.warn({ count }, 'calls were left out of their log, as there were too many at once'),
    report,
  })
  const pruning = startCallPruning({
    store: calls,
    keeping,
    isMyTurn: () => leases.take('call-pruning', { owner: processId, durationMs: PRUNING_TURN_MS }),
    clock,
    report,
  })
  return {
    traffic,
    callLog: createCallLog(calls, cursorKey),
    latencies: createLatencyReader({ calls, clock }),
    callHistogram: createCallHistogram({ calls, traffic: counts, clock, cursorKey }),
    async close() {
      await Promise.all([traffic.close(), pruning.close()])
    },
  }
}

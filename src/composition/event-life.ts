/** The events of this process: what it begins and ends with, and what it does about their chain meanwhile. */
import type { Logger } from 'pino'
import type { LocalModeStore } from '../access/local-mode.ts'
import type { Secrets } from '../access/secrets.ts'
import type { Clock } from '../clock.ts'
import type { ChainProblem } from '../events/check-chain.ts'
import type { EventStore } from '../events/event-store.ts'
import { GATEWAY, type EventRecorder, type Happening } from '../events/event.ts'
import { createEvents, type Events } from '../events/events.ts'
import { startPruning } from '../events/prune-events.ts'
import type { LiveSettings } from '../settings/live-settings.ts'
import type { Database } from '../storage/database.ts'
import { createEventLog } from '../storage/event-log.ts'
import { createEventStore } from '../storage/events.ts'

export function openEvents(
  database: Database,
  secrets: Secrets,
  { logger, clock }: { logger: Logger; clock: Clock },
) {
  const eventLog = createEventLog(secrets, clock)
  const eventStore = createEventStore(database, eventLog)
  const events = createEvents({
    store: eventStore,
    chain: eventLog.chain,
    cursorKey: secrets.deriveKey('event-cursors'),
    alarm: createAlarm(logger),
  })
  return { eventLog, eventStore, events }
}

function createAlarm(logger: Logger) {
  return (problems: readonly ChainProblem[]) =>
    logger.error(
      { problems: problems.slice(0, 10), count: problems.length },
      'the events in the database were tampered with, or it was restored in part: see GET /v2/events/verify',
    )
}

export interface EventLife {
  /** To be called last, while the database is still open. */
  end(): Promise<void>
}

interface Circumstances {
  settings: Pick<LiveSettings, 'current'>
  version: string
  logger: Logger
}

interface EventParts {
  events: Events
  eventStore: EventStore
  processId: string
  clock: Clock
}

/** Records that this process serves, and looks after what is kept. */
export async function beginEventLife(
  { events, eventStore, processId, clock }: EventParts,
  { settings, version, logger }: Circumstances,
): Promise<EventLife> {
  const end = await events.lookAtEnd()
  // In the log, which others may keep: whoever replaces the database by an older one cannot hide it there.
  if (end !== undefined) logger.info({ id: end.id, hash: end.hash }, 'events continue')
  const after = { version, process: processId }
  await events.record({ kind: 'gateway-started', actor: GATEWAY, after })
  const report = (error: unknown) => logger.error({ err: error }, 'could not look after the events')
  const pruning = startPruning({
    store: eventStore,
    keeping: {
      get days() {
        return settings.current().eventsKeepDays
      },
    },
    clock,
    alarm: createAlarm(logger),
    report,
  })
  return {
    async end() {
      await pruning.close()
      await events.record({ kind: 'gateway-stopped', actor: GATEWAY, after }).catch(report)
    },
  }
}

/** The end of local mode is stored even where it cannot be recorded: it protects. */
export function recordLocalModeEnd<Store extends LocalModeStore>(store: Store, events: EventRecorder): Store {
  return {
    ...store,
    async insert(end) {
      const { header, method, path, peer } = end
      const happening: Happening = {
        kind: 'local-mode-ended',
        actor: { kind: 'client', address: peer },
        after: { method, path, header },
        reason: 'A request showed a proxy in front; from now on the operator needs a password.',
      }
      try {
        await events.record(happening)
      } finally {
        await store.insert(end)
      }
    },
  }
}

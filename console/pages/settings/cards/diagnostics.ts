/** What is told to those who help: a list of what may be in it, not of what may not. Pure. */
import type { FeedSnapshot, Setting, SystemView } from '../../../api/types.ts'

interface Sources {
  system: SystemView | undefined
  settings: readonly Setting[]
  snapshot: FeedSnapshot | undefined
}

/** Numbers, words of a list and yes or no tell nothing of anybody; addresses, paths and names do. */
function valueOf({ kind, value, isSet }: Setting): string | null {
  switch (kind.type) {
    case 'number':
    case 'flag':
    case 'choice':
      return value
    case 'list':
    case 'text':
    default:
      return isSet ? '(set)' : null
  }
}

export function writeDiagnostics({ system, settings, snapshot }: Sources): string {
  const told = {
    gateway: system && {
      version: system.version,
      node: system.node,
      platform: system.platform,
      startedAt: system.startedAt,
      workers: system.workers,
      database: system.database,
      encryption: { source: system.encryption.source, waiting: system.encryption.waiting },
    },
    now: snapshot && {
      accounts: snapshot.accounts,
      inFlight: snapshot.inFlight,
      waiting: snapshot.waiting,
      lastMinute: snapshot.lastMinute,
      lastHour: snapshot.lastHour,
      warnings: snapshot.warnings.map(({ code, count }) => ({ code, count })),
    },
    settings: Object.fromEntries(
      settings
        .filter(({ source }) => source !== 'default')
        .map((setting) => [setting.name, { value: valueOf(setting), source: setting.source }]),
    ),
    ignored: settings.filter(({ problem }) => problem !== null).map(({ name }) => name),
    pending: settings.filter(({ pending }) => pending !== null).map(({ name }) => name),
  }
  return JSON.stringify(told, null, 2)
}

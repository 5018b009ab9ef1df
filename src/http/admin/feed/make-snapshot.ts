import type { PoolTally } from '../../../accounts/pool/tally.ts'
import type { TrafficPoint } from '../../../calls/traffic.ts'
import type { FeedSnapshot } from './feed-event.ts'

type Counts = Pick<FeedSnapshot, 'lastMinute' | 'lastHour'> & { seconds: readonly TrafficPoint[] }
type Warning = FeedSnapshot['warnings'][number]

export interface SnapshotParts {
  tally: () => PoolTally & { waiting: number; oldestLentAt: number | undefined }
  /** How requests ended. */
  readCounts: () => Promise<Counts>
  /** Whether the model APIs take requests from elsewhere without a key. */
  isApiOpen: () => boolean
  /** Whether whoever gets hold of the data has the key to its secrets too. */
  isKeyBesideData: boolean
  /** Of this machine's clock; undefined: not worth mentioning. */
  skewSeconds: () => number | undefined
  /** For how long yet what is said is kept; undefined: it is not. */
  captureSecondsLeft: () => number | undefined
  now: () => number
}

/** How the gateway stands in this moment. */
export async function makeSnapshot(parts: SnapshotParts): Promise<FeedSnapshot> {
  const { lastMinute, lastHour, seconds } = await parts.readCounts()
  const tally = parts.tally()
  const { total, byStatus, inFlight, waiting } = tally
  const now = parts.now()
  return {
    at: toText(now),
    accounts: { total, ready: byStatus.ready ?? 0, byStatus },
    inFlight,
    waiting,
    lastMinute,
    lastHour,
    seconds: seconds.map((each) => ({ ...each, at: toText(each.at) })),
    flow: flowOf(tally, now),
    warnings: warningsOf(parts, byStatus['needs-sign-in'] ?? 0),
  }
}

function flowOf(
  { inFlight, limit, busiest, waiting, oldestLentAt }: ReturnType<SnapshotParts['tally']>,
  now: number,
): FeedSnapshot['flow'] {
  return {
    count: inFlight,
    limit: Number.isFinite(limit) ? limit : null,
    waiting,
    oldestSeconds: oldestLentAt === undefined ? null : Math.max(0, Math.round((now - oldestLentAt) / 1000)),
    accounts: busiest,
  }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}

/** The worst first. */
function warningsOf(parts: SnapshotParts, needSignIn: number): Warning[] {
  const { isApiOpen, isKeyBesideData, skewSeconds, captureSecondsLeft } = parts
  const skew = skewSeconds()
  const captureSeconds = captureSecondsLeft()
  const warnings: (Warning | false)[] = [
    isApiOpen() && { code: 'open-api', count: null },
    captureSeconds !== undefined && { code: 'capture-on', count: captureSeconds },
    needSignIn > 0 && { code: 'accounts-need-sign-in', count: needSignIn },
    skew !== undefined && { code: 'clock-skew', count: Math.abs(skew) },
    isKeyBesideData && { code: 'master-key-beside-data', count: null },
  ]
  return warnings.filter((warning) => warning !== false)
}

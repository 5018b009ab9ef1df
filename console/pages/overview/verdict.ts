/** How it goes, in one word and why. Pure. */
import type { FeedSnapshot } from '../../api/types.ts'

/** Kinds of status that keep an account from serving, against what its operator wants; the worst first. */
export const troubles = ['needs-sign-in', 'parked', 'misconfigured', 'exhausted', 'cooling'] as const
export type Trouble = (typeof troubles)[number]

export interface Verdict {
  kind: 'no-accounts' | 'down' | 'degraded' | 'good'
  total: number
  ready: number
  /** Accounts that cannot serve, by why. */
  troubles: { kind: Trouble; count: number }[]
  /** Of the last hour, between 0 and 1; undefined: nothing was asked, so nothing is known. */
  errorShare: number | undefined
  firstTokenP95Ms: number | undefined
}

type Counts = FeedSnapshot['lastHour']

/** From so many failures on it is more than bad luck. */
const WORRYING_SHARE = 0.05

export function judge({ accounts, lastHour }: FeedSnapshot): Verdict {
  const { total, ready, byStatus } = accounts
  const errorShare = errorShareOf(lastHour)
  const found = troubles
    .map((kind) => ({ kind, count: byStatus[kind] ?? 0 }))
    .filter(({ count }) => count > 0)
  const isWorrying = found.length > 0 || (errorShare ?? 0) > WORRYING_SHARE
  return {
    kind: total === 0 ? 'no-accounts' : ready === 0 ? 'down' : isWorrying ? 'degraded' : 'good',
    total,
    ready,
    troubles: found,
    errorShare,
    firstTokenP95Ms: lastHour.firstTokenP95Ms ?? undefined,
  }
}

/** Of what was answered or should have been: neither clients' own mistakes nor their leaving count. */
export function errorShareOf(
  counts: Pick<Counts, 'ok' | 'throttled' | 'upstreamErrors' | 'shed'>,
): number | undefined {
  const failed = counts.throttled + counts.upstreamErrors + counts.shed
  const all = counts.ok + failed
  return all === 0 ? undefined : failed / all
}

/** All that clients asked. */
export function requestsOf(counts: Omit<Counts, 'firstTokenP50Ms' | 'firstTokenP95Ms'>): number {
  const { ok, clientErrors, throttled, upstreamErrors, shed, cancelled } = counts
  return ok + clientErrors + throttled + upstreamErrors + shed + cancelled
}

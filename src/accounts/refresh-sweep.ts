/** Renews tokens in the background, so that requests need not wait and sessions do not end unused. */
import type { Cancel, Clock } from '../clock.ts'
import { toGatewayError } from '../conversation/failures.ts'
import type { AccountStore } from './account-store.ts'
import { hasTokens, type Account } from './account.ts'
import { isDue, type FreshCredentials } from './fresh-credentials.ts'
import type { Pool } from './pool.ts'
import { statusAt } from './status.ts'
import { waitFor } from './wait-for.ts'

const EVERY_MS = 5 * 60_000
/** Processes and accounts should not all ask in the same moment. */
const INTERVAL_JITTER_MS = 30_000
const START_JITTER_MS = 2000
const MOST_AT_ONCE = 4

interface RefreshSweepParts {
  store: Pick<AccountStore, 'list'>
  pool: Pick<Pool, 'note'>
  freshCredentials: Pick<FreshCredentials, 'refreshAhead'>
  clock: Clock
  random: () => number
  /** Told of a sweep that could not even begin; the next one tries again. */
  report: (error: unknown) => void
}

export interface RefreshSweep {
  /** Starts no more refreshes; resolves when those under way have ended. */
  close(): Promise<void>
}

/** The first sweep comes after five minutes: at the start requests go first. */
export function startRefreshSweep(parts: RefreshSweepParts): RefreshSweep {
  const { store, pool, freshCredentials, clock, random, report } = parts
  const closing = new AbortController()
  let running = Promise.resolve()
  let cancel: Cancel = schedule()

  function schedule(): Cancel {
    return clock.after(EVERY_MS + random() * INTERVAL_JITTER_MS, () => {
      running = sweepAndGoOn()
    })
  }

  async function sweepAndGoOn(): Promise<void> {
    await sweep().catch(report)
    if (!closing.signal.aborted) cancel = schedule()
  }

  async function sweep(): Promise<void> {
    const now = clock.now()
    const due = (await store.list()).filter((account) => isToRenew(account, now))
    const lanes = Array.from({ length: Math.min(MOST_AT_ONCE, due.length) }, () => work(due))
    await Promise.all(lanes)
  }

  /** One lane: takes account after account until none is left. */
  async function work(due: Account[]): Promise<void> {
    for (let account = due.shift(); account !== undefined; account = due.shift()) {
      const paused = waitFor(random() * START_JITTER_MS, { clock, signal: closing.signal })
      if (
        !(await paused.then(
          () => true,
          () => false,
        ))
      )
        return
      await renew(account)
    }
  }

  async function renew(account: Account): Promise<void> {
    try {
      await freshCredentials.refreshAhead(account)
      pool.note(account.id, { kind: 'refreshed' })
    } catch (error) {
      pool.note(account.id, { kind: 'failed', failure: toGatewayError(error).failure })
    }
  }

  return {
    async close() {
      closing.abort()
      cancel()
      await running
    },
  }
}

/** What rests by time is kept signed in too; what waits for the operator is left alone, as is what he switched off. */
function isToRenew(account: Account, now: number): boolean {
  const { lastRefresh, fingerprints, expiresAt, createdAt } = account
  if (!hasTokens(account) || fingerprints.refreshToken === undefined) return false
  const status = statusAt(account.status, now)
  const isLeftAlone =
    status.kind === 'disabled' ||
    status.kind === 'parked' ||
    status.kind === 'needs-sign-in' ||
    (status.kind === 'cooling' && status.why === 'sign-in-refused')
  if (isLeftAlone) return false
  // An access token that came with the account is as old as the account, as far as anyone knows.
  const refreshedAt = lastRefresh.status === 'success' ? lastRefresh.at : createdAt
  const lacksToken = fingerprints.accessToken === undefined
  return lacksToken || isDue({ refreshedAt, ...(expiresAt !== undefined && { expiresAt }) }, now)
}

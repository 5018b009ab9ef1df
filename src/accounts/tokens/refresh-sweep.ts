/** Renews tokens in the background, so that requests need not wait and sessions do not end unused. */
import type { Cancel, Clock } from '../../clock.ts'
import { toGatewayError } from '../../conversation/failures.ts'
import type { AccountStore } from '../account-store.ts'
import { hasTokens, type Account } from '../account.ts'
import type { FreshCredentials } from './fresh-credentials.ts'
import { usualRefreshLimits, type RefreshLimits } from './refresh-limits.ts'
import type { Leases } from '../../background/leases.ts'
import type { Pool } from '../pool/pool.ts'
import { createRegistrationNotices } from '../standing/registration.ts'
import { statusAt } from '../status.ts'
import type { TokenLives } from './token-lives.ts'
import { waitFor } from '../../background/wait-for.ts'

const EVERY_MS = 5 * 60_000
/** Accounts should not all ask in the same moment, nor processes: see RefreshLimits. */
const START_JITTER_MS = 2000
/** Of the processes on a database one sweeps. It holds the lease until its next sweep; when it dies, another follows. */
const LEASE_NAME = 'refresh-sweep'
const PROLONG_AFTER_MS = 60_000
/** When another process holds the lease. */
const LOOK_AGAIN_MS = 60_000

interface RefreshSweepParts {
  store: Pick<AccountStore, 'list'>
  leases: Leases
  processId: string
  pool: Pick<Pool, 'note' | 'isRefreshed'>
  freshCredentials: Pick<FreshCredentials, 'refreshAhead'>
  lives: TokenLives
  limits?: RefreshLimits
  clock: Clock
  random: () => number
  /** Told of a sweep that could not even begin; the next one tries again. */
  report: (error: unknown) => void
  /** For the operator. */
  warn: (facts: Record<string, unknown>, message: string) => void
}

export interface RefreshSweep {
  /** Starts no more refreshes; resolves when those under way have ended. */
  close(): Promise<void>
}

/** The first sweep comes after five minutes: at the start requests go first. */
export function startRefreshSweep(parts: RefreshSweepParts): RefreshSweep {
  const { store, pool, freshCredentials, lives, limits = usualRefreshLimits, clock } = parts
  const { random, report, warn } = parts
  const lease = createSweepLease(parts)
  const noticeRegistrations = createRegistrationNotices({ clock, warn })
  const closing = new AbortController()
  let running = Promise.resolve()
  let cancel: Cancel = schedule(EVERY_MS)

  function schedule(delayMs: number): Cancel {
    return clock.after(delayMs + random() * limits.jitterMs, () => {
      running = sweepAndGoOn()
    })
  }

  async function sweepAndGoOn(): Promise<void> {
    const startedAt = clock.elapsed()
    const isMine = await sweep().catch((error: unknown) => {
      report(error)
      return true
    })
    // A sweep of many accounts takes its time, which is part of the interval.
    const leftMs = Math.max(0, EVERY_MS - (clock.elapsed() - startedAt))
    if (!closing.signal.aborted) cancel = schedule(isMine ? leftMs : LOOK_AGAIN_MS)
  }

  /** False: another process does it. */
  async function sweep(): Promise<boolean> {
    if (!(await lease.take())) return false
    const accounts = await store.list()
    noticeRegistrations(accounts)
    const due = accounts.filter(
      (account) => pool.isRefreshed(account.id) && isToRenew(account, { lives, clock }),
    )
    const lanes = Array.from({ length: Math.min(limits.mostAtOnce, due.length) }, () => work(due))
    await Promise.all(lanes)
    return true
  }

  /** One lane: takes account after account until none is left. */
  async function work(due: Account[]): Promise<void> {
    for (let account = due.shift(); account !== undefined; account = due.shift()) {
      const paused = waitFor(random() * START_JITTER_MS, { clock, signal: closing.signal })
      const isOpen = await paused.then(
        () => true,
        () => false,
      )
      if (!isOpen || !(await lease.prolong())) return
      await renew(account)
    }
  }

  async function renew(account: Account): Promise<void> {
    const { id, tokenVersion } = account
    try {
      const result = await freshCredentials.refreshAhead(account)
      if (result.kind === 'young') return pool.note(id, { kind: 'refreshed' })
      // Requests go on with the old token: the account's status waits until they cannot.
      const { failure } = toGatewayError(result.error)
      if (failure.kind === 'sign-in-needed') warn({ accountId: id, err: result.error }, failure.message)
    } catch (error) {
      pool.note(id, { kind: 'failed', failure: toGatewayError(error).failure, tokenVersion })
    }
  }

  return {
    async close() {
      closing.abort()
      cancel()
      await running
      await lease.release()
    },
  }
}

function createSweepLease({ leases, processId, clock }: RefreshSweepParts) {
  let takenAt: number | undefined

  async function take(): Promise<boolean> {
    const now = clock.elapsed()
    const isTaken = await leases.take(LEASE_NAME, { owner: processId, durationMs: EVERY_MS })
    takenAt = isTaken ? now : undefined
    return isTaken
  }

  return {
    take,
    /** False: it is lost, and with it the sweep. */
    async prolong(): Promise<boolean> {
      if (takenAt !== undefined && clock.elapsed() - takenAt < PROLONG_AFTER_MS) return true
      return take().catch(() => false)
    },
    async release(): Promise<void> {
      if (takenAt !== undefined) await leases.release(LEASE_NAME, processId).catch(() => {})
    },
  }
}

/** What rests by time is kept signed in too; what waits for the operator is left alone, as is what he switched off. */
function isToRenew(account: Account, { lives, clock }: { lives: TokenLives; clock: Clock }): boolean {
  const { id, lastRefresh, fingerprints, expiresAt, createdAt, tokenVersion: version } = account
  if (!hasTokens(account) || fingerprints.refreshToken === undefined) return false
  const status = statusAt(account.status, clock.now())
  const isLeftAlone =
    status.kind === 'disabled' ||
    status.kind === 'parked' ||
    status.kind === 'needs-sign-in' ||
    (status.kind === 'cooling' && status.why === 'sign-in-refused')
  if (isLeftAlone) return false
  if (fingerprints.accessToken === undefined) return true
  // An access token that came with the account is as old as the account, as far as anyone knows.
  const madeAt = lastRefresh.status === 'success' ? lastRefresh.at : createdAt
  const dates = { version, madeAt, ...(expiresAt !== undefined && { expiresAt }) }
  return lives.isDue(lives.of(id, dates))
}

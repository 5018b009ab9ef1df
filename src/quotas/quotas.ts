/**
 * What accounts may still spend: read of the service in the background at a gentle pace, by one process at a time, and
 * followed by what answers say they cost. No request ever waits for it.
 */
import { hasTokens, type Account } from '../accounts/account.ts'
import { noSuchAccount } from '../accounts/standing/availability.ts'
import { detachable } from '../background/detachable.ts'
import type { Leases } from '../background/leases.ts'
import { creditsLeft, forecastRunOut, resetsAt, type CreditSample, type Quota } from '../accounts/quota.ts'
import { statusAt } from '../accounts/status.ts'
import type { AccountUsage } from '../accounts/view-quota.ts'
import { waitFor } from '../background/wait-for.ts'
import type { Cancel } from '../clock.ts'
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import { nextReadingAt } from './due.ts'
import { createLedger } from './ledger.ts'
import { lookAhead, type AccountOutlook, type PoolOutlook } from './pool-outlook.ts'
import type { QuotaStore } from './quota-store.ts'
import { createReadingLease } from './reading-lease.ts'
import { createReadings, type ReadingsParts } from './readings.ts'
import { createSpendingWriter } from './spending-writer.ts'

const LOOK_EVERY_MS = 5000
const MOST_AT_ONCE = 4
/** Of one look: the next one begins with those that are due then. */
const MOST_IN_ONE_LOOK = 40
/** Between two readings of one lane, at most. */
const PAUSE_MS = 2000
/** Each interval is so much longer or shorter. */
const SPREAD = 0.1
const FOLLOW_SPENDING_MS = 60_000
const DAY_MS = 86_400_000
const KEEP_SAMPLES_MS = 60 * DAY_MS
const READ_NOW_MS = 10_000
const OUTLOOK_FOR_MS = 5 * 60_000
/** Accounts whose samples are read at once: thousands take their time, and requests go first. */
const SAMPLED_AT_ONCE = 250
const SAMPLES_SINCE_MS = 8 * DAY_MS

interface QuotasParts extends Omit<ReadingsParts, 'ledger' | 'store'> {
  store: QuotaStore
  leases: Leases
  processId: string
  random: () => number
  /** Told of readings that failed. */
  reportReading: (accountId: string, error: unknown) => void
  /** Told of what could not be stored or read of the database. */
  report: (error: unknown) => void
}

export interface Quotas {
  /** As it is now, as far as known. */
  quotaOf(accountId: string): Quota | undefined
  usageOf(accountId: string): Promise<AccountUsage>
  /** Of all accounts that are not disabled; some minutes old. */
  lookAhead(): Promise<PoolOutlook>
  /** An answer of the account, which cost so much if it told. */
  noteAnswer(accountId: string, credits: number | undefined): void
  /** Reads now, and waits ten seconds at most. Throws `not-found`, or the failure. */
  readNow(accountId: string, signal?: AbortSignal): Promise<Quota>
  /** Reads no more, and stores what is not stored yet. */
  close(): Promise<void>
}

/** Begins with what earlier runs and other processes have stored. */
export async function startQuotas(parts: QuotasParts): Promise<Quotas> {
  const { store, accounts, pool, clock, random, report, reportReading } = parts
  const ledger = createLedger(() => clock.now())
  const readings = createReadings({ ...parts, ledger })
  const lease = createReadingLease(parts)
  const spendingWriter = createSpendingWriter({ ledger, store, clock, report })
  const closing = new AbortController()
  const stretches = new Map<string, number>()
  let seen = 0
  let spendingSeenAt = clock.elapsed()
  let prunedAt: number | undefined
  let outlook: { at: number; reading: Promise<PoolOutlook> } | undefined

  /** Takes over what all processes have stored. */
  async function takeOver(): Promise<void> {
    const revision = await store.readRevision()
    if (revision !== seen) {
      for (const stored of await store.changedSince(seen)) {
        ledger.learn(stored)
        pool.setQuota(stored.accountId, ledger.quotaOf(stored.accountId))
      }
      seen = revision
    }
    if (clock.elapsed() - spendingSeenAt < FOLLOW_SPENDING_MS) return
    spendingSeenAt = clock.elapsed()
    const all = await store.listSpending()
    for (const spending of all) {
      ledger.learnSpending(spending)
      pool.setQuota(spending.accountId, ledger.quotaOf(spending.accountId))
    }
    forgetAllBut(new Set(all.map(({ accountId }) => accountId)))
  }

  /** What is stored of an account goes with it, so this finds the removed ones whoever has removed them. */
  function forgetAllBut(stored: ReadonlySet<string>): void {
    ledger.keepOnly(stored)
    for (const id of stretches.keys()) if (!stored.has(id)) stretches.delete(id)
  }

  const follow = () => spendingWriter.betweenWrites(takeOver)

  function stretchOf(id: string): number {
    const known = stretches.get(id)
    if (known !== undefined) return known
    const stretch = 1 - SPREAD + 2 * SPREAD * random()
    stretches.set(id, stretch)
    return stretch
  }

  function dueAt(account: Account): number {
    const { id } = account
    const now = clock.now()
    return nextReadingAt(ledger.historyOf(id), statusAt(account.status, now), { now, stretch: stretchOf(id) })
  }

  async function readDue(): Promise<void> {
    const now = clock.now()
    const due = pool
      .enabled()
      .filter(isReadable)
      .map((account) => ({ account, at: dueAt(account) }))
      .filter(({ at }) => at <= now)
      .toSorted((a, b) => a.at - b.at)
      .slice(0, MOST_IN_ONE_LOOK)
      .map(({ account }) => account)
    const lanes = Array.from({ length: Math.min(MOST_AT_ONCE, due.length) }, () => work(due))
    await Promise.all(lanes)
  }

  /** One lane: reads account after account until none is left. */
  async function work(due: Account[]): Promise<void> {
    for (let account = due.shift(); account !== undefined; account = due.shift()) {
      await waitFor(random() * PAUSE_MS, { clock, signal: closing.signal })
      if (!(await lease.isMine())) return
      await read(account)
    }
  }

  async function read(account: Account): Promise<void> {
    stretches.delete(account.id)
    try {
      await readings.read(account, closing.signal)
    } catch (error) {
      if (!closing.signal.aborted) reportReading(account.id, error)
    }
  }

  async function prune(): Promise<void> {
    if (prunedAt !== undefined && clock.elapsed() - prunedAt < DAY_MS) return
    prunedAt = clock.elapsed()
    await store.prune(new Date(clock.now() - KEEP_SAMPLES_MS))
  }

  async function readOutlook(): Promise<PoolOutlook> {
    const enabled = pool.enabled()
    const known = enabled.flatMap(({ id }) => {
      const quota = ledger.quotaOf(id)
      return quota === undefined ? [] : [{ id, quota }]
    })
    const outlooks: AccountOutlook[] = []
    const since = new Date(clock.now() - SAMPLES_SINCE_MS)
    for (let first = 0; first < known.length; first += SAMPLED_AT_ONCE) {
      const some = known.slice(first, first + SAMPLED_AT_ONCE)
      const ids = some.map(({ id }) => id)
      const samples = await store.listRecentSamples(ids, since)
      for (const { id, quota } of some) outlooks.push(...outlookOf(quota, samples.get(id) ?? [], clock.now()))
      if (first + SAMPLED_AT_ONCE < known.length)
        await new Promise<void>((resolve) => void clock.after(0, resolve))
    }
    return lookAhead(outlooks, enabled.length, clock.now())
  }

  async function look(): Promise<void> {
    await follow()
    if (!(await lease.isMine())) return
    await readDue()
    await prune()
  }

  async function lookAndGoOn(): Promise<void> {
    await look().catch((error: unknown) => {
      if (!closing.signal.aborted) report(error)
    })
    if (!closing.signal.aborted) cancelLook = schedule()
  }

  function schedule(): Cancel {
    return clock.after(LOOK_EVERY_MS * (1 + SPREAD * random()), () => {
      looking = lookAndGoOn()
    })
  }

  await follow()
  let looking: Promise<void> = Promise.resolve()
  let cancelLook = schedule()

  return {
    quotaOf: (accountId) => ledger.quotaOf(accountId),

    async usageOf(accountId) {
      const quota = ledger.quotaOf(accountId)
      const samples = quota === undefined ? [] : await store.listSamples(accountId)
      const forecast = quota && forecastRunOut(samples, quota, clock.now())
      return {
        ...ledger.lastTryOf(accountId),
        ...(quota !== undefined && { quota }),
        ...(forecast !== undefined && { forecast }),
      }
    },

    lookAhead() {
      if (outlook === undefined || clock.elapsed() - outlook.at >= OUTLOOK_FOR_MS) {
        const begun = { at: clock.elapsed(), reading: readOutlook() }
        outlook = begun
        begun.reading.catch(() => {
          if (outlook === begun) outlook = undefined
        })
      }
      return outlook.reading
    },

    noteAnswer(accountId, credits = 0) {
      ledger.noteSpending({ accountId, credits, at: new Date(clock.now()) })
      if (credits > 0) pool.spend(accountId, credits)
      spendingWriter.writeSoon()
    },

    async readNow(accountId, signal) {
      const account = await accounts.find(accountId)
      if (account === undefined) throw noSuchAccount()
      if (!hasTokens(account)) throw withoutTokens()
      const limit = new AbortController()
      const cancel = clock.after(READ_NOW_MS, () => limit.abort())
      const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal])
      try {
        return await detachable(() => readings.read(account, closing.signal), either)
      } catch (error) {
        throw limit.signal.aborted ? tooSlow(error) : toGatewayError(error)
      } finally {
        cancel()
      }
    },

    async close() {
      closing.abort()
      cancelLook()
      await looking
      await spendingWriter.close()
      await lease.release()
    },
  }
}

/** Empty: what is left is not known. */
function outlookOf(quota: Quota, samples: readonly CreditSample[], now: number): AccountOutlook[] {
  const left = creditsLeft(quota, now)
  if (left === undefined) return []
  return [
    {
      left,
      limit: sum(quota.sources.map((source) => source.limit)),
      renewsAt: resetsAt(quota)?.getTime(),
      creditsPerDay: forecastRunOut(samples, quota, now)?.creditsPerDay,
    },
  ]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** What waits for a sign-in cannot be read, and what was damaged is left alone. */
function isReadable(account: Account): boolean {
  const { status } = account
  const isRefused = status.kind === 'cooling' && status.why === 'sign-in-refused'
  return hasTokens(account) && status.kind !== 'needs-sign-in' && !isRefused
}

function withoutTokens(): GatewayError {
  return new GatewayError('upstream-unavailable', 'The account has no tokens to ask with: sign it in again.')
}

function tooSlow(cause: unknown): GatewayError {
  return new GatewayError('upstream-timeout', 'Amazon Q did not tell in time what the account has used.', {
    cause,
  })
}

/** One reading of an account's usage limits, and all that follows from it. */
import type { AccountStore } from '../accounts/account-store.ts'
import type { Account, Identity } from '../accounts/account.ts'
import type { Outcome } from '../accounts/standing/after-outcome.ts'
import type { Quota } from '../accounts/quota.ts'
import { statusAt } from '../accounts/status.ts'
import type { Clock } from '../clock.ts'
import { toGatewayError } from '../conversation/failures.ts'
import type { AccountFacts, UsageReading } from '../upstreams/upstream.ts'
import { concludeFrom } from './conclusion.ts'
import type { Ledger } from './ledger.ts'
import type { QuotaStore } from './quota-store.ts'

/** What the pool is told. */
export interface QuotaPool {
  /** Those that are not disabled, as they are now. */
  enabled(): readonly Account[]
  /** What the account may still spend, as far as known. */
  setQuota(accountId: string, quota: Quota | undefined): void
  /** An answer has cost so much. */
  spend(accountId: string, credits: number): void
  note(accountId: string, outcome: Outcome): void
}

export interface ReadingsParts {
  ledger: Ledger
  store: Pick<QuotaStore, 'saveReading' | 'saveFailure'>
  accounts: Pick<AccountStore, 'find' | 'saveIdentity'>
  pool: QuotaPool
  /** Throws a GatewayError. */
  readUsage: (account: Account, signal: AbortSignal) => Promise<UsageReading>
  clock: Clock
}

export interface Readings {
  /** Joins one that is under way. Throws the failure of the service, or what the database throws. */
  read(account: Account, signal: AbortSignal): Promise<Quota>
}

export function createReadings({ ledger, store, accounts, pool, readUsage, clock }: ReadingsParts): Readings {
  const underWay = new Map<string, Promise<Quota>>()
  const kindOf = ({ status }: Account) => statusAt(status, clock.now()).kind

  async function readAndConclude(account: Account, signal: AbortSignal): Promise<Quota> {
    const wasUsedUp = kindOf(account) === 'exhausted'
    const { facts, quota } = await ask(account, signal)
    const { id } = account
    const before = ledger.readingOf(id)
    ledger.noteReading(id, quota, kindOf(account))
    pool.setQuota(id, quota)
    const conclusion = concludeFrom(before, quota, clock.now())
    // A refusal that came after the question is not taken back by the answer; its date is still the better one.
    const isNews = wasUsedUp || conclusion?.exhaustedUntil !== undefined
    // Whoever waits for the operator stays where he is: only an account that counts as used up is moved.
    if (conclusion !== undefined && isNews) pool.note(id, conclusion)
    await store.saveReading(id, quota, usedOf(quota))
    await learnIdentity(account, facts)
    return quota
  }

  async function ask(account: Account, signal: AbortSignal): Promise<UsageReading> {
    try {
      return await readUsage(account, signal)
    } catch (error) {
      if (!signal.aborted) {
        const { id } = account
        const failure = { error: toGatewayError(error).failure.message, at: new Date(clock.now()) }
        ledger.noteFailure(id, { ...failure, status: kindOf(account) })
        await store.saveFailure(id, failure)
      }
      throw error
    }
  }

  /** So that a later sign-in of the same person finds the account, however it came here. */
  async function learnIdentity(account: Account, { userId, ...facts }: AccountFacts): Promise<void> {
    if (userId === undefined) return
    const stored = await accounts.find(account.id)
    // Signed in anew meanwhile: that may be somebody else.
    if (stored === undefined || stored.clientId !== account.clientId || !stored.readable) return
    const known = stored.identity?.userId === userId ? stored.identity : undefined
    const identity: Identity = { ...known, userId, ...facts }
    if (known?.email === identity.email && known?.plan === identity.plan && known !== undefined) return
    await accounts.saveIdentity(account.id, identity)
  }

  return {
    read(account, signal) {
      const joined = underWay.get(account.id)
      if (joined !== undefined) return joined
      const reading = readAndConclude(account, signal).finally(() => underWay.delete(account.id))
      underWay.set(account.id, reading)
      return reading
    },
  }
}

/** Of all purses together, overage included. */
function usedOf({ sources, overage }: Quota): number {
  return sources.reduce((total, { used }) => total + used, overage?.used ?? 0)
}

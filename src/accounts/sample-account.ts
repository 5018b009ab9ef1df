import { defaultSettings, type Account } from './account.ts'
import type { PoolLimits } from './pool/pool.ts'
import { noBackoff, ready } from './status.ts'

/** An account for tests: never refreshed, enabled, without a label. */
export function sampleAccount(id: string, changes: Partial<Account> = {}): Account {
  const createdAt = new Date('2026-11-22T10:00:00.123Z')
  return {
    id,
    clientId: 'client-1',
    status: ready,
    backoff: noBackoff,
    settings: defaultSettings,
    channel: 'q-json',
    region: 'us-east-1',
    signInRegion: 'eu-west-1',
    lastRefresh: { status: 'never' },
    createdAt,
    updatedAt: createdAt,
    strikes: 0,
    successes: 0,
    fingerprints: {},
    readable: true,
    tokenVersion: 1,
    revision: 1,
    ...changes,
  }
}

/** Of a pool for tests: three strikes, five seconds to wait, and none beside. */
export const sampleLimits: PoolLimits = {
  maxStrikes: 3,
  waitMs: 5000,
  maxWaiting: 1000,
  accountConcurrency: Number.POSITIVE_INFINITY,
  keyConcurrency: Number.POSITIVE_INFINITY,
  sessionsPerAccount: 8,
}

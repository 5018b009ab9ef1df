/** An account for tests: never refreshed, enabled, without a label. */
import type { Account } from './account.ts'

export function sampleAccount(id: string, changes: Partial<Account> = {}): Account {
  const createdAt = new Date('2026-11-22T10:00:00.123Z')
  return {
    id,
    clientId: 'client-1',
    enabled: true,
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
    ...changes,
  }
}

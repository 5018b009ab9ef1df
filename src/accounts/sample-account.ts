/** An account for tests: never refreshed, enabled, without a label. */
import { defaultSettings, type Account } from './account.ts'
import { noBackoff, ready } from './status.ts'

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

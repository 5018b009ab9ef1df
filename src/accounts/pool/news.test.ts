import { describe, expect, it } from 'vitest'
import type { Account } from '../account.ts'
import { newsOf, type News } from './news.ts'
import { sampleAccount } from '../sample-account.ts'
import type { AccountStatus } from '../status.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const pause = (minutes: number): AccountStatus => ({
  kind: 'cooling',
  until: new Date(NOW + minutes * 60_000),
  why: 'throttled',
})
const byHand: AccountStatus = { kind: 'disabled', by: 'operator' }
const parked: AccountStatus = { kind: 'parked', why: 'suspended' }
const tokens = { clientSecret: '1', refreshToken: '2', accessToken: '3' }
const known = sampleAccount('a', { fingerprints: tokens })

describe('news of an account', () => {
  it.each<[string, Partial<Account>, News]>([
    ['nothing at all', {}, 'none'],
    ['strikes and successes', { strikes: 3, successes: 9 }, 'none'],
    ['a pause', { status: pause(1) }, 'none'],
    ['a longer run of throttles', { backoff: { throttles: 2, denials: 0 } }, 'none'],
    [
      'refreshed tokens',
      {
        tokenVersion: 2,
        fingerprints: { ...tokens, refreshToken: '4', accessToken: '5' },
        lastRefresh: { status: 'success', at: new Date(NOW) },
        expiresAt: new Date(NOW),
        updatedAt: new Date(NOW),
      },
      'none',
    ],
    ['a name and a note', { label: 'new', other: { note: 1 } }, 'none'],
    [
      'who it is, and what was learned of it',
      { identity: { userId: 'u' }, learnedProfile: { kind: 'none' } },
      'none',
    ],
    ['switched off', { status: byHand }, 'used-otherwise'],
    ['parked', { status: parked }, 'used-otherwise'],
    ['another limit', { settings: { ...known.settings, concurrencyLimit: 1 } }, 'used-otherwise'],
    ['another region', { region: 'eu-central-1' }, 'used-otherwise'],
    ['another proxy', { proxyUrl: 'http://127.0.0.1:3128' }, 'used-otherwise'],
    ['another client', { fingerprints: { ...tokens, clientSecret: '9' } }, 'used-otherwise'],
    ['no tokens left', { fingerprints: {} }, 'used-otherwise'],
  ])('%s', (_case, changes, expected) => {
    expect(newsOf(known, { ...known, ...changes }, NOW)).toBe(expected)
  })

  it.each<[string, AccountStatus, AccountStatus, News]>([
    ['a pause that was ended', pause(1), { kind: 'ready' }, 'ready-again'],
    ['a pause that was over', pause(-1), { kind: 'ready' }, 'none'],
    ['a longer pause', pause(1), pause(2), 'none'],
    ['switched on', byHand, { kind: 'ready' }, 'used-otherwise'],
    ['no longer parked', parked, { kind: 'ready' }, 'used-otherwise'],
  ])('%s', (_case, before, after, expected) => {
    expect(newsOf({ ...known, status: before }, { ...known, status: after }, NOW)).toBe(expected)
  })

  it('a new one', () => {
    expect(newsOf(undefined, known, NOW)).toBe('used-otherwise')
  })
})

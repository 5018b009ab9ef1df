import { describe, expect, it } from 'vitest'
import { viewStatus } from '../../../../src/accounts/account-view.ts'
import type { PresentStatus } from '../../../../src/accounts/status.ts'
import type { Account, AccountUsage } from '../../../api/types.ts'
import { sampleAccount } from './sample-account.ts'
import { listConcerns, remedies, statusReason, type Reason } from './account-reasons.ts'

const until = new Date('2026-11-23T10:00:00Z')
const now = Date.parse('2026-11-23T09:00:00Z')

const statuses: [Reason, PresentStatus][] = [
  ['ready', { kind: 'ready' }],
  ['throttled', { kind: 'cooling', until, why: 'throttled' }],
  ['failing', { kind: 'cooling', until, why: 'failing' }],
  ['signInRefused', { kind: 'cooling', until, why: 'sign-in-refused' }],
  ['exhausted', { kind: 'exhausted', until }],
  ['paused', { kind: 'paused', until }],
  ['needsSignIn', { kind: 'needs-sign-in', why: 'The refresh token was refused.' }],
  ['needsSignIn', { kind: 'needs-sign-in', why: 'No.', fault: 'refresh-token-expired' }],
  ['clientUnknown', { kind: 'needs-sign-in', why: 'No.', fault: 'client-unknown' }],
  ['noRefreshToken', { kind: 'needs-sign-in', why: 'No.', fault: 'no-refresh-token' }],
  ['registrationEnded', { kind: 'needs-sign-in', why: 'No.', fault: 'registration-ended' }],
  ['ownProxyFails', { kind: 'misconfigured', until, why: 'No.', fault: 'own-proxy-fails' }],
  ['severalProfiles', { kind: 'misconfigured', until, why: 'No.', fault: 'several-profiles' }],
  ['parked', { kind: 'parked', why: 'No.', fault: 'suspended' }],
  ['beingChecked', { kind: 'disabled', by: 'operator', why: 'Soon.', check: 'under-way' }],
  ['checkFailed', { kind: 'disabled', by: 'operator', why: 'No.', check: 'failed' }],
  ['misconfigured', { kind: 'misconfigured', until, why: 'It has no profile.' }],
  ['parked', { kind: 'parked', why: 'The account is suspended.' }],
  ['switchedOff', { kind: 'disabled', by: 'operator' }],
  ['failedTooOften', { kind: 'disabled', by: 'threshold', at: until, failedProbes: 2 }],
]

/** With what this page knows nothing of. */
const ofLaterGateway: Account['status'] = JSON.parse(
  '{"kind":"new","until":null,"by":null,"why":{"code":"new"},"message":null}',
)

describe('why an account is as it is', () => {
  it.each(statuses)('is %s, found in what the gateway tells of its status', (reason, status) => {
    expect(statusReason({ status: viewStatus(status) })).toBe(reason)
  })

  it('is something else in a status that the console does not know', () => {
    expect(statusReason({ status: ofLaterGateway })).toBe('other')
  })

  it('always has a remedy when only a person can bring it back', () => {
    const waiting: Reason[] = ['needsSignIn', 'misconfigured', 'parked', 'switchedOff', 'failedTooOften']
    for (const reason of waiting) expect(remedies[reason]).toBeDefined()
  })
})

describe('the concerns about an account', () => {
  const usage: AccountUsage = {
    accountId: sampleAccount.id,
    plan: null,
    left: null,
    limit: null,
    exhausted: null,
    resetsAt: null,
    sources: [],
    overage: null,
    forecast: null,
    readAt: null,
    triedAt: null,
    error: null,
  }

  it('are none while all is well', () => {
    expect(listConcerns(sampleAccount, usage, now)).toEqual([])
  })

  it('come with a time, and with what was said where we have no words for it', () => {
    const used = { ...sampleAccount, status: viewStatus({ kind: 'exhausted', until }) }
    expect(listConcerns(used, usage, now)).toEqual([
      { reason: 'exhausted', message: undefined, at: '2026-11-23T10:00:00Z' },
    ])
    const denied = { ...sampleAccount, status: viewStatus({ kind: 'misconfigured', until, why: 'No plan.' }) }
    expect(listConcerns(denied, usage, now)).toEqual([
      { reason: 'misconfigured', message: 'No plan.', at: '2026-11-23T10:00:00Z' },
    ])
  })

  it('tell when one that failed too often is tried next', () => {
    const at = new Date('2026-11-23T08:50:00Z')
    const account = { ...sampleAccount, status: viewStatus({ kind: 'disabled', by: 'threshold', at }) }
    expect(listConcerns(account, usage, now)).toEqual([
      { reason: 'failedTooOften', message: undefined, at: '2026-11-23T09:05:00Z' },
    ])
  })

  it('are all told, the worst first', () => {
    const account = {
      ...sampleAccount,
      readable: false,
      status: viewStatus({ kind: 'parked', why: 'No.' }),
      registrationExpiresAt: '2026-11-25T00:00:00Z',
      warnings: ['It ends soon.'],
      last_refresh_status: 'failed',
      unsteadySince: '2026-11-22T00:00:00Z',
    }
    const found = listConcerns(account, { ...usage, error: 'Not now.', triedAt: '2026-11-22T01:00:00Z' }, now)
    expect(found.map(({ reason }) => reason)).toEqual([
      'unreadable',
      'parked',
      'registrationEnds',
      'refreshFailed',
      'unsteady',
      'quotaUnread',
    ])
  })

  it('tell a registration that has ended from one that will', () => {
    const ended = {
      ...sampleAccount,
      registrationExpiresAt: '2026-11-22T00:00:00Z',
      warnings: ['It has ended.'],
    }
    expect(listConcerns(ended, undefined, now).map(({ reason }) => reason)).toEqual(['registrationEnded'])
  })
})

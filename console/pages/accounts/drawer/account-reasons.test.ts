import { describe, expect, it } from 'vitest'
import { describeStatus, type AccountStatus } from '../../../../src/accounts/status.ts'
import type { AccountUsage } from '../../../api/types.ts'
import { sampleAccount } from './sample-account.ts'
import { listConcerns, remedies, statusReason, type Reason } from './account-reasons.ts'

const until = new Date('2026-11-23T10:00:00Z')
const now = Date.parse('2026-11-23T09:00:00Z')

/** As the gateway tells of it. */
function tell(status: AccountStatus) {
  return {
    kind: status.kind,
    until: 'until' in status ? status.until.toISOString() : null,
    by: status.kind === 'disabled' ? status.by : null,
    message: describeStatus(status),
  }
}

const statuses: [Reason, AccountStatus][] = [
  ['ready', { kind: 'ready' }],
  ['throttled', { kind: 'cooling', until, why: 'throttled' }],
  ['failing', { kind: 'cooling', until, why: 'failing' }],
  ['signInRefused', { kind: 'cooling', until, why: 'sign-in-refused' }],
  ['exhausted', { kind: 'exhausted', until }],
  ['needsSignIn', { kind: 'needs-sign-in', why: 'The refresh token was refused.' }],
  ['misconfigured', { kind: 'misconfigured', until, why: 'It has no profile.' }],
  ['parked', { kind: 'parked', why: 'The account is suspended.' }],
  ['switchedOff', { kind: 'disabled', by: 'operator' }],
  ['failedTooOften', { kind: 'disabled', by: 'threshold', at: until, failedProbes: 2 }],
]

describe('why an account is as it is', () => {
  it.each(statuses)('is %s, found in what the gateway tells of its status', (reason, status) => {
    expect(statusReason({ status: tell(status) })).toBe(reason)
  })

  it('is something else in a status that the console does not know', () => {
    expect(statusReason({ status: { kind: 'new', until: null, by: null, message: null } })).toBe('other')
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

  it('come with the gateway’s words and with a time', () => {
    const account = { ...sampleAccount, status: tell({ kind: 'exhausted', until }) }
    expect(listConcerns(account, usage, now)).toEqual([
      { reason: 'exhausted', message: account.status.message, at: until.toISOString() },
    ])
  })

  it('are all told, the worst first', () => {
    const account = {
      ...sampleAccount,
      readable: false,
      status: tell({ kind: 'parked', why: 'No.' }),
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

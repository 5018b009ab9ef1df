import { describe, expect, it } from 'vitest'
import { failureOf, noRefreshToken, registrationEnded } from '../../../src/accounts/tokens/refresh-result.ts'
import { viewStatus } from '../../../src/accounts/account-view.ts'
import type { GatewayError } from '../../../src/conversation/failures.ts'
import type { PresentStatus } from '../../../src/accounts/status.ts'
import type { Account } from '../../api/types.ts'
import { judgeAccount, needsAttention, worstPart, type StatePart } from './account-state.ts'
import { sampleAccount } from './sample-account.ts'

const NOW = Date.parse('2026-11-23T10:00:00Z')
const UNTIL = new Date('2026-11-23T10:05:00Z')
const QUOTA = {
  left: 700,
  limit: 1000,
  resetsAt: '2026-12-01T00:00:00Z',
  plan: null,
  readAt: '2026-11-23T09:00:00Z',
}

/** As the gateway shows this status. */
function inStatus(status: PresentStatus): Partial<Account> {
  return {
    enabled: status.kind !== 'disabled',
    status: viewStatus(status),
  }
}

function refusedWith(error: string): PresentStatus {
  return needsSignIn(failureOf({ kind: 'refused', error, description: '' }))
}

function needsSignIn({ failure: { message: why, fault } }: GatewayError): PresentStatus {
  return { kind: 'needs-sign-in', why, ...(fault !== undefined && { fault }) }
}

function judge(traits: Partial<Account>) {
  return judgeAccount(sampleAccount(traits), NOW)
}

function brief({ tone, word, reason, next }: StatePart): string {
  return [tone, word, reason, next].filter((each) => each !== undefined).join(' ')
}

describe('the four parts of the state of an account', () => {
  it('are all green, and need no reason, for one that is well', () => {
    const judgement = judge({})
    expect(Object.values(judgement).map(brief)).toEqual([
      'good on',
      'good fresh',
      'good enough',
      'good ready',
    ])
    expect(worstPart(judgement)).toBeUndefined()
    expect(needsAttention(judgement)).toBe(false)
  })

  it.each<[PresentStatus, keyof ReturnType<typeof judge>, string, boolean]>([
    [{ kind: 'cooling', until: UNTIL, why: 'throttled' }, 'traffic', 'warn resting throttled', false],
    [{ kind: 'cooling', until: UNTIL, why: 'failing' }, 'traffic', 'warn failing failing', false],
    [
      { kind: 'cooling', until: UNTIL, why: 'sign-in-refused' },
      'token',
      'warn refused signInRefused signIn',
      true,
    ],
    [{ kind: 'paused', until: UNTIL }, 'traffic', 'idle paused pausedByOperator resume', false],
    [{ kind: 'exhausted', until: UNTIL }, 'quota', 'bad usedUp quotaUsedUp refreshQuota', false],
    [refusedWith('invalid_grant'), 'token', 'bad signedOut grantRefused signIn', true],
    [refusedWith('expired_token'), 'token', 'bad signedOut loginExpired signIn', true],
    [refusedWith('invalid_client'), 'token', 'bad signedOut clientRefused signIn', true],
    [refusedWith('access_denied'), 'token', 'bad signedOut signInNeeded signIn', true],
    [needsSignIn(noRefreshToken()), 'token', 'bad signedOut tokenEnded signIn', true],
    [
      needsSignIn(registrationEnded({ error: 'invalid_client', description: '' })),
      'token',
      'bad signedOut registrationEnded signIn',
      true,
    ],
    [
      { kind: 'misconfigured', until: UNTIL, why: 'No profile.' },
      'traffic',
      'bad misconfigured misconfigured edit',
      true,
    ],
    [
      { kind: 'misconfigured', until: UNTIL, why: 'Two.', fault: 'several-profiles' },
      'traffic',
      'bad misconfigured severalProfiles edit',
      true,
    ],
    [
      { kind: 'misconfigured', until: UNTIL, why: 'It.', fault: 'of-a-later-version' },
      'traffic',
      'bad misconfigured misconfigured edit',
      true,
    ],
    [{ kind: 'parked', why: 'No.', fault: 'suspended' }, 'traffic', 'bad parked suspended enable', true],
    [{ kind: 'parked', why: 'It is not supported.' }, 'traffic', 'bad parked parked enable', true],
    [{ kind: 'parked', why: 'No.', fault: 'shut-out' }, 'traffic', 'bad parked shutOut enable', true],
    [{ kind: 'disabled', by: 'operator' }, 'enabled', 'idle off offByOperator enable', false],
    [
      { kind: 'disabled', by: 'operator', why: 'Soon.', check: 'under-way' },
      'enabled',
      'idle off beingChecked enable',
      false,
    ],
    [
      { kind: 'disabled', by: 'operator', why: 'It failed.', check: 'failed' },
      'enabled',
      'idle off checkFailed enable',
      false,
    ],
    [
      { kind: 'disabled', by: 'threshold', at: new Date(NOW) },
      'enabled',
      'bad offByFailures offByFailures enable',
      true,
    ],
  ])('%o shows in %s as %s', (status, part, expected, isForPerson) => {
    const judgement = judge(inStatus(status))
    expect(brief(judgement[part])).toBe(expected)
    expect(worstPart(judgement)).toBe(part)
    expect(needsAttention(judgement)).toBe(isForPerson)
  })

  it('tell when a pause ends, and that it has ended', () => {
    const resting = sampleAccount(inStatus({ kind: 'cooling', until: UNTIL, why: 'throttled' }))
    expect(judgeAccount(resting, NOW).traffic.until).toBe('2026-11-23T10:05:00Z')
    expect(judgeAccount(resting, UNTIL.getTime()).traffic.word).toBe('ready')
  })

  it('tell when one that was switched off for its failures is tried next', () => {
    const judgement = judge(inStatus({ kind: 'disabled', by: 'threshold', at: new Date(NOW) }))
    expect(judgement.enabled.until).toBe('2026-11-23T10:15:00Z')
  })

  it('repeat why the operator switched it off', () => {
    expect(judge(inStatus({ kind: 'disabled', by: 'operator', why: 'Moved away.' })).enabled.said).toBe(
      'Moved away.',
    )
    expect(judge(inStatus({ kind: 'disabled', by: 'operator' })).enabled.said).toBeUndefined()
  })

  it.each<[string, Partial<Account>, keyof ReturnType<typeof judge>, string]>([
    ['unreadable secrets', { readable: false }, 'token', 'bad unreadable unreadable signIn'],
    [
      'no tokens',
      { hasRefreshToken: false, hasAccessToken: false },
      'token',
      'bad signedOut noTokens signIn',
    ],
    [
      'an access token that ended without another to follow',
      { hasRefreshToken: false, expires_at: '2026-11-23T09:59:59Z' },
      'token',
      'bad signedOut tokenEnded signIn',
    ],
    [
      'an access token that will be renewed',
      { expires_at: '2026-11-23T09:59:59Z' },
      'token',
      'idle renewable tokenRenewable refreshToken',
    ],
    [
      'no access token yet',
      { hasAccessToken: false, expires_at: null },
      'token',
      'idle renewable notFetched refreshToken',
    ],
    [
      'a refresh that failed',
      { last_refresh_status: 'failed' },
      'token',
      'warn refreshFailed refreshFailed refreshToken',
    ],
    [
      'a registration that ends this week',
      { registrationExpiresAt: '2026-11-28T00:00:00Z' },
      'token',
      'warn endsSoon registrationEnds signIn',
    ],
    [
      'a registration that has ended',
      { registrationExpiresAt: '2026-11-22T00:00:00Z' },
      'token',
      'bad signedOut registrationEnded signIn',
    ],
    [
      'one that comes and goes',
      { unsteadySince: '2026-11-23T09:00:00Z' },
      'traffic',
      'warn unsteady unsteady',
    ],
    ['a quota that was never read', { quota: null }, 'quota', 'idle unread quotaUnread refreshQuota'],
    [
      'a quota that the service keeps',
      { quota: { ...QUOTA, left: null } },
      'quota',
      'idle untold quotaUntold',
    ],
    ['a quota that nears its end', { quota: { ...QUOTA, left: 99 } }, 'quota', 'warn low quotaLow'],
    [
      'a quota of nothing',
      { quota: { ...QUOTA, left: 0, limit: 0 } },
      'quota',
      'bad usedUp quotaUsedUp refreshQuota',
    ],
    ['an overdrawn quota', { quota: { ...QUOTA, left: -5 } }, 'quota', 'bad usedUp quotaUsedUp refreshQuota'],
    [
      'a status that a later gateway may have',
      { status: { kind: 'dancing', until: null, by: null, why: { code: 'ready' }, message: 'It dances.' } },
      'traffic',
      'warn unsteady unknownStatus',
    ],
  ])('know %s', (_, traits, part, expected) => {
    expect(brief(judge(traits)[part])).toBe(expected)
  })

  it('leave one alone that an operator has switched off', () => {
    const judgement = judge({ ...inStatus({ kind: 'disabled', by: 'operator' }), readable: false })
    expect(judgement.token.tone).toBe('bad')
    expect(worstPart(judgement)).toBe('enabled')
    expect(needsAttention(judgement)).toBe(false)
  })

  it('name the part at fault and not those that only suffer from it', () => {
    const judgement = judge({ ...inStatus(refusedWith('invalid_grant')), quota: null })
    expect(brief(judgement.traffic)).toBe('idle unused unusedToken')
    expect(worstPart(judgement)).toBe('token')
  })
})

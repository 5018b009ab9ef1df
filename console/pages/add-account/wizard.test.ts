import { describe, expect, it } from 'vitest'
import type { SignIn } from '../../api/types.ts'
import { advance, firstStep, follow, isOnItsWay, resume, wasHereBefore, type Wizard } from './wizard.ts'

const now = 1_000_000
const link = 'https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH'
const started = {
  authId: 'a',
  verificationUriComplete: link,
  verificationUri: 'https://device.sso.us-east-1.amazonaws.com/',
  userCode: 'ABCD-EFGH',
  expiresIn: 300,
  interval: 1,
}
const view = (changes: Partial<SignIn>): SignIn => ({
  status: 'pending',
  remaining: 0,
  error: null,
  accountId: null,
  userCode: null,
  verificationUriComplete: null,
  ...changes,
})
const pending = view({ remaining: 200, userCode: 'ABCD-EFGH', verificationUriComplete: link })
const approved = view({})
const completed = view({ status: 'completed', accountId: 'account' })
const waiting = follow(started, now)
const hear = (wizard: Wizard, heard: SignIn, authId = 'a') => advance(wizard, { authId, view: heard }, now)

describe('the wizard', () => {
  it('shows the code until it ends by the clock of this browser', () => {
    expect(waiting).toEqual({
      kind: 'waiting',
      authId: 'a',
      userCode: 'ABCD-EFGH',
      link,
      lifeSeconds: 300,
      endsAt: now + 300_000,
      intervalSeconds: 1,
    })
    expect(hear(waiting, pending)).toEqual({ ...waiting, endsAt: now + 200_000 })
  })

  it('knows the approval by the code that is shown no more', () => {
    const then = hear(waiting, approved)
    expect(then).toEqual({ kind: 'approved', authId: 'a', intervalSeconds: 1 })
    expect(hear(then, completed)).toEqual({ kind: 'done', authId: 'a', accountId: 'account' })
    expect(hear(waiting, completed)).toMatchObject({ kind: 'done' })
  })

  it('does not go back from the approval by an answer that was late', () => {
    const then = hear(waiting, approved)
    expect(hear(then, pending)).toBe(then)
  })

  it.each([
    ['another sign-in', waiting, completed, 'b'],
    ['one that is done', hear(waiting, completed), view({ status: 'timeout' }), 'a'],
    ['one that ended', hear(waiting, view({ status: 'timeout' })), completed, 'a'],
    ['none', firstStep, completed, 'a'],
  ] as const)('does not heed what is said of %s', (_, wizard, heard, authId) => {
    expect(hear(wizard, heard, authId)).toBe(wizard)
  })

  it.each([
    [
      view({ status: 'timeout', error: 'Nobody approved the sign-in in time. Start it again.' }),
      'expired',
      undefined,
    ],
    [
      view({
        status: 'error',
        error:
          'The sign-in was denied, by the person or because they may not use Amazon Q. The sign-in service refused',
      }),
      'denied',
      undefined,
    ],
    [view({ status: 'error', error: 'The sign-in was cancelled.' }), 'cancelled', undefined],
    [
      view({ status: 'error', error: 'Another person has signed in.' }),
      'failed',
      'Another person has signed in.',
    ],
    [view({ status: 'error' }), 'failed', undefined],
    [view({ status: 'completed' }), 'failed', undefined],
  ])('says how it ended: %j', (heard, reason, detail) => {
    expect(hear(waiting, heard)).toEqual({ kind: 'ended', reason, detail })
  })

  it('goes on with one that was begun before', () => {
    expect(resume('a', pending, now)).toMatchObject({
      kind: 'waiting',
      endsAt: now + 200_000,
      lifeSeconds: 300,
    })
    expect(resume('a', approved, now)).toMatchObject({ kind: 'approved' })
    expect(resume('a', completed, now)).toMatchObject({ kind: 'done', accountId: 'account' })
  })

  it('lists what is on its way alone', () => {
    expect([pending, approved, completed, view({ status: 'error' })].map(isOnItsWay)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it.each([
    ['2026-11-23T01:00:00Z', true],
    ['2026-11-23T01:00:05Z', false],
    ['2026-11-23T01:00:09Z', false],
  ])('finds an account of %s known before the sign-in: %s', (createdAt, isKnown) => {
    const signIn = { created_at: '2026-11-23T01:00:05Z' }
    expect(wasHereBefore({ created_at: createdAt }, signIn)).toBe(isKnown)
    expect(wasHereBefore({ created_at: createdAt }, undefined)).toBe(false)
  })
})

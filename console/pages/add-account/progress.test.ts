import { describe, expect, it } from 'vitest'
import { listSteps, type Known } from './progress.ts'
import type { Wizard } from './wizard.ts'

const done: Wizard = { kind: 'done', authId: 'a', accountId: 'account' }
const approved: Wizard = { kind: 'approved', authId: 'a', intervalSeconds: 1 }
const waiting: Wizard = {
  kind: 'waiting',
  authId: 'a',
  intervalSeconds: 1,
  userCode: 'A',
  link: '',
  lifeSeconds: 1,
  endsAt: 0,
}
const fresh: NonNullable<Known['account']> = {
  identity: null,
  profileInUse: null,
  quota: null,
  status: { kind: 'ready', until: null, by: null, why: { code: 'ready' }, message: null },
}
const identity = { userId: 'd-00…', email: null, plan: null }
const quota = { left: 1, limit: 2, resetsAt: null, plan: null, readAt: '2026-11-23T01:00:00Z' }
const cooling = { ...fresh.status, kind: 'cooling' }

describe('the steps', () => {
  it.each<[string, Wizard, Known, string]>([
    ['a code', waiting, {}, 'now next next next next next'],
    ['the approval', approved, {}, 'done done done now next next'],
    ['the account', done, {}, 'done done done now next next'],
    ['who it is', done, { account: { ...fresh, identity } }, 'done done done done now next'],
    ['its profile', done, { account: { ...fresh, profileInUse: 'none' } }, 'done done done done now next'],
    ['its quota', done, { account: { ...fresh, identity, quota } }, 'done done done done done done'],
    [
      'a quota that is not with the account yet',
      done,
      { account: { ...fresh, identity }, usage: { readAt: quota.readAt } },
      'done done done done done done',
    ],
    [
      'that nobody tells who it is, nor its quota',
      done,
      { account: fresh, hasNoQuota: true },
      'done done done unknown unknown done',
    ],
    [
      'an account that has to wait',
      done,
      { account: { ...fresh, identity, quota, status: cooling } },
      'done done done done done unknown',
    ],
  ])('with %s', (_, wizard, known, states) => {
    expect(
      listSteps(wizard, known)
        .map(({ state }) => state)
        .join(' '),
    ).toBe(states)
  })
})

import { describe, expect, it } from 'vitest'
import type { Overage, Quota } from '../accounts/quota.ts'
import { concludeFrom } from './conclusion.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const RESET = new Date('2026-12-01T00:00:00Z')

function quota(
  used: number | undefined,
  changes: { limit?: number; overage?: Overage; endsAt?: Date } = {},
): Quota {
  const { limit = 50, overage, endsAt = RESET } = changes
  return {
    readAt: new Date(NOW),
    sources: used === undefined ? [] : [{ kind: 'plan', used, limit, endsAt }],
    ...(overage !== undefined && { overage }),
  }
}
const back = { kind: 'quota-read' }

describe('what a reading says of an account that counts as used up', () => {
  it.each<[string, Quota | undefined, Quota, object | undefined]>([
    ['renewed: it has credits again', quota(50), quota(0), back],
    ['a larger plan: it has credits again', quota(50), quota(50, { limit: 1000 }), back],
    [
      'overage allowed: it has credits again',
      quota(50),
      quota(50, { overage: { isAllowed: true, used: 0 } }),
      back,
    ],
    ['never read before: its credits are tried', undefined, quota(10), back],
    ['not told before: its credits are tried', quota(undefined), quota(10), back],
    ['credits that were there when it was refused prove nothing', quota(10), quota(10), undefined],
    ['fewer than then prove nothing', quota(10), quota(12), undefined],
    ['used up: until the reset', quota(10), quota(50), { kind: 'quota-read', exhaustedUntil: RESET }],
    [
      'used up at first sight: until the reset',
      undefined,
      quota(50),
      { kind: 'quota-read', exhaustedUntil: RESET },
    ],
    [
      'used up, overage too: until the reset',
      undefined,
      quota(50, { overage: { isAllowed: true, used: 5, cap: 5 } }),
      { kind: 'quota-read', exhaustedUntil: RESET },
    ],
    ['nothing is told: nothing is known', quota(50), quota(undefined), undefined],
  ])('%s', (_, before, after, conclusion) => {
    expect(concludeFrom(before, after, NOW)).toEqual(conclusion)
  })

  it('is nothing when it is used up and nobody says until when', () => {
    const undated: Quota = { readAt: new Date(NOW), sources: [{ kind: 'plan', used: 50, limit: 50 }] }
    expect(concludeFrom(undefined, undated, NOW)).toBeUndefined()
  })
})

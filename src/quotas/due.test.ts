import { describe, expect, it } from 'vitest'
import type { AccountStatus } from '../accounts/status.ts'
import { nextReadingAt, type ReadingHistory } from './due.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse('2026-11-22T10:00:00Z')
const ready: AccountStatus = { kind: 'ready' }
const exhausted: AccountStatus = { kind: 'exhausted', until: new Date(NOW + HOUR) }
const parked: AccountStatus = { kind: 'parked', why: 'suspended' }

describe('the next reading', () => {
  it.each<[string, Partial<ReadingHistory>, AccountStatus, number]>([
    ['an idle account comes after an hour', {}, ready, HOUR],
    ['one that answered since comes after a quarter of it', { usedAt: NOW + 1 }, ready, 15 * MINUTE],
    ['one that answered before, only then, after an hour', { usedAt: NOW - 1 }, ready, HOUR],
    ['one that has spent many credits comes soon', { spent: 12, left: 100 }, ready, MINUTE],
    ['one that has many more keeps its pace', { spent: 12, left: 1000, usedAt: NOW + 1 }, ready, 15 * MINUTE],
    ['one that has just been refused comes soon', { statusAtTry: 'ready' }, exhausted, MINUTE],
    ['one that was known to be used up comes after an hour', { statusAtTry: 'exhausted' }, exhausted, HOUR],
    ['one read by another process comes after an hour', {}, exhausted, HOUR],
    [
      'one that is renewed before comes right after that',
      { resetsAt: NOW + 5 * MINUTE },
      exhausted,
      6 * MINUTE,
    ],
    ['a parked one comes after a day', { failures: 3, statusAtTry: 'ready' }, parked, 24 * HOUR],
    ['one that failed comes after two minutes', { failures: 1 }, ready, 2 * MINUTE],
    ['one that failed four times comes after sixteen', { failures: 4 }, ready, 16 * MINUTE],
    ['one that always fails comes four times a day', { failures: 99 }, ready, 6 * HOUR],
  ])('of %s', (_, history, status, after) => {
    const next = nextReadingAt({ failures: 0, spent: 0, triedAt: NOW, ...history }, status, {
      now: NOW + 1,
      stretch: 1,
    })
    expect(next - NOW).toBe(after)
  })

  it('is stretched, so that accounts do not keep in step', () => {
    const history = { failures: 0, spent: 0, triedAt: NOW }
    expect(nextReadingAt(history, ready, { now: NOW, stretch: 1.1 }) - NOW).toBeCloseTo(1.1 * HOUR)
  })

  it.each([undefined, NOW + HOUR])('comes at once when the last one was at %s', (triedAt) => {
    const history = { failures: 0, spent: 0, ...(triedAt !== undefined && { triedAt }) }
    expect(nextReadingAt(history, ready, { now: NOW, stretch: 1 })).toBe(0)
  })
})

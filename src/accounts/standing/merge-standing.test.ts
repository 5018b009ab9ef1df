import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeStanding } from './merge-standing.ts'
import { noBackoff, ready, waitsForPerson, type AccountStatus, type Backoff } from '../status.ts'

const at = (minute: number) => new Date(Date.parse('2026-11-22T10:00:00Z') + minute * 60_000)
const cooling = (minute: number): AccountStatus => ({ kind: 'cooling', until: at(minute), why: 'throttled' })
const exhausted: AccountStatus = { kind: 'exhausted', until: at(500) }
const parked: AccountStatus = { kind: 'parked', why: 'suspended' }
const needsSignIn: AccountStatus = { kind: 'needs-sign-in', why: 'refused' }
const byHand: AccountStatus = { kind: 'disabled', by: 'operator' }
const byStrikes: AccountStatus = { kind: 'disabled', by: 'threshold', at: at(0) }
const tried = (minute: number, failedProbes: number): AccountStatus => ({
  kind: 'disabled',
  by: 'threshold',
  at: at(0),
  failedProbes,
  lastFailedAt: at(minute),
})
const standing = (status: AccountStatus, backoff: Backoff = noBackoff) => ({ status, backoff })

const refusals = (count: number, minute = 0) => ({ signInRefusals: { count, since: at(minute) } })
const run = (throttles: number, more: Partial<Backoff> = {}): Backoff => ({
  throttles,
  denials: 0,
  ...more,
})

describe('a change of status', () => {
  it.each([
    ['ready', ready],
    ['paused', cooling(1)],
    ['parked', parked],
  ])('is made by who knew what is stored, even from parked to %s', (_kind, status) => {
    const change = { from: standing({ kind: 'parked', why: 'suspended' }), to: standing(status) }
    expect(mergeStanding(standing(parked), change)).toEqual(standing(status))
  })

  it.each<[string, AccountStatus, AccountStatus, AccountStatus]>([
    ['a park stays before a pause', parked, cooling(1), parked],
    ['a park stays before a success', parked, ready, parked],
    ['what the operator switched off stays off', byHand, parked, byHand],
    ['a needed sign-in stays before a pause', needsSignIn, exhausted, needsSignIn],
    ['a needed sign-in gives way to a park', needsSignIn, parked, parked],
    ['a park stays before too many strikes', parked, byStrikes, parked],
    ['a park comes over too many strikes', byStrikes, parked, parked],
    ['too many strikes stay before a needed sign-in', byStrikes, needsSignIn, byStrikes],
    ['too many strikes stay before a success that was no try', byStrikes, ready, byStrikes],
    ['a later try that failed counts', byStrikes, tried(9, 1), tried(9, 1)],
    ['an earlier try that failed does not', tried(9, 1), tried(5, 1), tried(9, 1)],
    ['of failed tries the most count', tried(5, 3), tried(9, 1), tried(9, 3)],
    ['what the operator switched off stays off, whatever tries say', byHand, tried(9, 1), byHand],
    ['a park comes over a pause', exhausted, parked, parked],
    ['too many strikes come over a pause', cooling(5), byStrikes, byStrikes],
    ['of two pauses the longer one stays', exhausted, cooling(5), exhausted],
    ['of two pauses the longer one comes', cooling(5), exhausted, exhausted],
    ['a pause stays before a success', cooling(5), ready, cooling(5)],
    ['a pause comes over a success', ready, cooling(5), cooling(5)],
  ])('%s, when the other process did not know of it', (_case, stored, to, expected) => {
    const change = { from: standing(cooling(99)), to: standing(to) }
    expect(mergeStanding(standing(stored), change).status).toEqual(expected)
  })

  it('keeps the longer runs of what pauses grow with', () => {
    const stored = {
      throttles: 3,
      denials: 0,
      signInRefusals: { count: 1, since: at(0) },
    }
    const to = { throttles: 1, denials: 2, signInRefusals: { count: 2, since: at(5) } }
    const change = { from: standing(ready), to: standing(cooling(1), to) }
    expect(mergeStanding(standing(ready, stored), change).backoff).toEqual({
      throttles: 3,
      denials: 2,
      signInRefusals: { count: 2, since: at(0) },
    })
  })

  it.each<[string, Record<'from' | 'stored' | 'to' | 'expected', Backoff>]>([
    [
      'what a success here has ended',
      { from: run(3), stored: run(3, { denials: 1 }), to: run(0), expected: run(0, { denials: 1 }) },
    ],
    [
      'but for what the other process has added since',
      { from: run(3), stored: run(4), to: run(0), expected: run(1) },
    ],
    [
      'what a success of the other process has ended, but for what was added here',
      { from: run(3), stored: run(0), to: run(4), expected: run(1) },
    ],
    ['what both have ended', { from: run(3), stored: run(1), to: run(0), expected: run(0) }],
    [
      'a run of refusals that a refresh here has ended',
      { from: run(0, refusals(2)), stored: run(1, refusals(2)), to: run(0), expected: run(1) },
    ],
    [
      'a run of refusals that a refresh of the other process has ended',
      { from: run(0, refusals(2)), stored: run(1), to: run(0, refusals(2)), expected: run(1) },
    ],
    [
      'a run of refusals, and begins the one that came after it',
      {
        from: run(0, refusals(2)),
        stored: run(0, refusals(3)),
        to: run(0, refusals(1, 30)),
        expected: run(0, refusals(2, 30)),
      },
    ],
  ])('ends %s', (_case, { from, stored, to, expected }) => {
    const change = { from: standing(ready, from), to: standing(ready, to) }
    const known = { status: cooling(1), backoff: stored }
    expect(mergeStanding(known, change).backoff).toEqual(expected)
  })

  it.each<[string, AccountStatus, Backoff, AccountStatus, Backoff]>([
    ['a needed sign-in', needsSignIn, run(0, refusals(3)), ready, run(0)],
    [
      'a rest before the next try',
      { kind: 'cooling', until: at(8), why: 'sign-in-refused' },
      run(0, refusals(1)),
      ready,
      run(0),
    ],
    ['a park beside it, which stays', parked, run(0, refusals(1)), parked, run(0)],
    ['a throttle beside it, which stays', cooling(1), run(1, refusals(1)), cooling(1), run(1)],
  ])(
    'of old credentials counts for nothing once there are new ones: %s',
    (_case, status, backoff, left, leftOf) => {
      const change = { from: standing(ready), to: standing(status, backoff), clientId: 'old' }
      expect(mergeStanding({ ...standing(ready), clientId: 'new' }, change)).toEqual(standing(left, leftOf))
      expect(mergeStanding({ ...standing(ready), clientId: 'old' }, change)).toEqual(
        standing(status, backoff),
      )
    },
  )

  it('of old credentials leaves what was stored about the new ones', () => {
    const stored = standing(needsSignIn, run(1, refusals(2, 30)))
    const change = {
      from: standing(ready, run(0, refusals(2))),
      to: standing({ kind: 'needs-sign-in', why: 'the old ones' }, run(0, refusals(3))),
      clientId: 'old',
    }
    expect(mergeStanding({ ...stored, clientId: 'new' }, change)).toEqual(stored)
  })

  it('loses nothing that waits for a person, whichever comes first', () => {
    const status = fc.constantFrom(ready, cooling(1), exhausted, parked, needsSignIn, byHand, byStrikes)
    fc.assert(
      fc.property(status, status, (a, b) => {
        const unknown = standing(cooling(99))
        const first = mergeStanding(unknown, { from: unknown, to: standing(a) })
        const both = mergeStanding(first, { from: unknown, to: standing(b) })
        expect(waitsForPerson(both.status)).toBe(waitsForPerson(a) || waitsForPerson(b))
      }),
    )
  })
})

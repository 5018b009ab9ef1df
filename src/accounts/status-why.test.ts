import { describe, expect, it } from 'vitest'
import type { PresentStatus } from './status.ts'
import { whyOf, type StatusWhy } from './status-why.ts'

const until = new Date('2026-11-23T10:00:00Z')

describe('why an account is in its status', () => {
  it.each<[PresentStatus, StatusWhy]>([
    [{ kind: 'ready' }, { code: 'ready' }],
    [
      { kind: 'cooling', until, why: 'throttled' },
      { code: 'throttled', until },
    ],
    [
      { kind: 'cooling', until, why: 'failing' },
      { code: 'failing', until },
    ],
    [
      { kind: 'cooling', until, why: 'sign-in-refused' },
      { code: 'sign-in-doubted', until },
    ],
    [
      { kind: 'paused', until },
      { code: 'paused', until },
    ],
    [
      { kind: 'exhausted', until },
      { code: 'quota-used-up', until },
    ],
    [
      { kind: 'needs-sign-in', why: 'No.', fault: 'registration-ended' },
      { code: 'registration-ended', detail: 'No.' },
    ],
    [
      { kind: 'needs-sign-in', why: 'No.' },
      { code: 'sign-in-refused', detail: 'No.' },
    ],
    [
      { kind: 'misconfigured', until, why: 'No.', forOperator: 'Of two.', fault: 'several-profiles' },
      { code: 'several-profiles', until, detail: 'Of two.' },
    ],
    [
      { kind: 'misconfigured', until, why: 'No.', fault: 'of-a-later-version' },
      { code: 'access-denied', until, detail: 'No.' },
    ],
    [
      { kind: 'parked', why: 'No.', fault: 'shut-out' },
      { code: 'shut-out', detail: 'No.' },
    ],
    // A fault of another kind of status says nothing here.
    [
      { kind: 'parked', why: 'No.', fault: 'client-unknown' },
      { code: 'refused', detail: 'No.' },
    ],
    [
      { kind: 'disabled', by: 'operator' },
      { code: 'switched-off', detail: null },
    ],
    [
      { kind: 'disabled', by: 'operator', why: 'Soon.', check: 'under-way' },
      { code: 'being-checked', detail: 'Soon.' },
    ],
    [
      { kind: 'disabled', by: 'operator', why: 'No.', check: 'failed' },
      { code: 'check-failed', detail: 'No.' },
    ],
    [
      { kind: 'disabled', by: 'threshold', at: until, failedProbes: 1 },
      {
        code: 'failed-too-often',
        since: until,
        failedTries: 1,
        nextTryAt: new Date('2026-11-23T10:30:00Z'),
      },
    ],
  ])('of %o is %o', (status, why) => {
    expect(whyOf(status)).toEqual(why)
  })
})

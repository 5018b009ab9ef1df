import { describe, expect, it } from 'vitest'
import type { FailureKind } from '../conversation/failures.ts'
import { outcomeOf } from './outcome.ts'

describe('an outcome', () => {
  it.each<[FailureKind | undefined, string]>([
    [undefined, 'ok'],
    ['invalid-request', 'client-error'],
    ['quota', 'throttled'],
    ['upstream-timeout', 'upstream-error'],
    ['rate-limited', 'shed'],
    ['client-gone', 'cancelled'],
  ])('of %s is %s', (failure, outcome) => expect(outcomeOf(failure)).toBe(outcome))
})

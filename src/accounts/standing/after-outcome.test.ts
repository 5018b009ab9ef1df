import { describe, expect, it } from 'vitest'
import { failurePolicies, type Failure, type FailureKind } from '../../conversation/failures.ts'
import type { Account } from '../account.ts'
import { afterOutcome, type Circumstances, type Outcome } from './after-outcome.ts'
import { sampleAccount } from '../sample-account.ts'
import { probeDueAt, type AccountStatus } from '../status.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse('2026-11-22T10:00:00Z')
const kinds = Object.keys(failurePolicies).filter((kind): kind is FailureKind => kind in failurePolicies)

const at = (ms: number) => new Date(NOW + ms)
const circumstances: Circumstances = { now: NOW, random: () => 0.5, maxStrikes: 100, mayDisable: () => true }
const account = (changes: Partial<Account> = {}) =>
  sampleAccount('a', { fingerprints: { refreshToken: '0' }, ...changes })
const failed = (kind: FailureKind, details: Partial<Failure> = {}) => ({
  kind: 'failed' as const,
  failure: { kind, message: 'why', ...details },
})
const after = (start: Account, outcome: Outcome, changes: Partial<Circumstances> = {}) =>
  afterOutcome(start, outcome, { ...circumstances, ...changes })

const statuses = {
  ready: { kind: 'ready' },
  cooling: { kind: 'cooling', until: at(MINUTE), why: 'throttled' },
  'sign-in-refused': { kind: 'cooling', until: at(MINUTE), why: 'sign-in-refused' },
  exhausted: { kind: 'exhausted', until: at(24 * HOUR) },
  'needs-sign-in': { kind: 'needs-sign-in', why: 'x' },
  misconfigured: { kind: 'misconfigured', until: at(15 * MINUTE), why: 'x' },
  parked: { kind: 'parked', why: 'x' },
  'by operator': { kind: 'disabled', by: 'operator' },
  'by threshold': { kind: 'disabled', by: 'threshold', at: at(0) },
} as const satisfies Record<string, AccountStatus>
const names = Object.keys(statuses).filter((name): name is keyof typeof statuses => name in statuses)

const unchanged = (name: keyof typeof statuses) => statuses[name].kind

/** What a status becomes by a failure; kinds that are not named change none. */
const moves: Partial<Record<FailureKind, Record<keyof typeof statuses, AccountStatus['kind']>>> = {
  throttled: {
    ready: 'cooling',
    cooling: 'cooling',
    'sign-in-refused': 'cooling',
    exhausted: 'exhausted',
    'needs-sign-in': 'needs-sign-in',
    misconfigured: 'misconfigured',
    parked: 'parked',
    'by operator': 'disabled',
    'by threshold': 'disabled',
  },
  quota: {
    ready: 'exhausted',
    cooling: 'exhausted',
    'sign-in-refused': 'exhausted',
    exhausted: 'exhausted',
    'needs-sign-in': 'needs-sign-in',
    misconfigured: 'exhausted',
    parked: 'parked',
    'by operator': 'disabled',
    'by threshold': 'disabled',
  },
  'access-denied': {
    ready: 'misconfigured',
    cooling: 'misconfigured',
    'sign-in-refused': 'misconfigured',
    exhausted: 'exhausted',
    'needs-sign-in': 'needs-sign-in',
    misconfigured: 'misconfigured',
    parked: 'parked',
    'by operator': 'disabled',
    'by threshold': 'disabled',
  },
  suspended: {
    ready: 'parked',
    cooling: 'parked',
    'sign-in-refused': 'parked',
    exhausted: 'parked',
    'needs-sign-in': 'parked',
    misconfigured: 'parked',
    parked: 'parked',
    'by operator': 'disabled',
    'by threshold': 'parked',
  },
  'sign-in-needed': {
    ready: 'cooling',
    cooling: 'cooling',
    'sign-in-refused': 'cooling',
    exhausted: 'exhausted',
    'needs-sign-in': 'needs-sign-in',
    misconfigured: 'misconfigured',
    parked: 'parked',
    'by operator': 'disabled',
    'by threshold': 'disabled',
  },
}
const movesOf = (kind: FailureKind) => moves[kind === 'feature-gated' ? 'suspended' : kind]

describe('a failure', () => {
  const cases = kinds.flatMap((kind) =>
    names.map((name) => [kind, name, movesOf(kind)?.[name] ?? unchanged(name)] as const),
  )
  it.each(cases)('%s finds an account %s and leaves it %s', (kind, name, expected) => {
    expect(after(account({ status: statuses[name] }), failed(kind)).status.kind).toBe(expected)
  })

  it.each(names)('never softens the status %s', (name) => {
    const before: AccountStatus = statuses[name]
    for (const kind of kinds) {
      const { status } = after(account({ status: before }), failed(kind))
      if (!('until' in before)) continue
      const end = 'until' in status ? status.until.getTime() : Number.POSITIVE_INFINITY
      expect(end).toBeGreaterThanOrEqual(before.until.getTime())
    }
  })

  it.each<[FailureKind, number]>([
    ['upstream-unavailable', 1],
    ['upstream-timeout', 1],
    ['access-denied', 1],
    ['sign-in-needed', 1],
    ['interrupted', 0.5],
    ['empty-reply', 0.5],
    ['throttled', 0],
    ['quota', 0],
    ['suspended', 0],
    ['capacity', 0],
    ['model-not-found', 0],
    ['invalid-request', 0],
    ['unreachable', 0],
    ['refresh-unavailable', 0],
    ['client-gone', 0],
    ['internal', 0],
  ])('%s counts %d strikes', (kind, strikes) => {
    expect(after(account({ strikes: 2 }), failed(kind)).strikes).toBe(2 + strikes)
  })

  it.each<FailureKind>(['invalid-request', 'unreachable', 'capacity', 'client-gone'])(
    '%s answers the very same account',
    (kind) => {
      const before = account({ strikes: 2 })
      expect(after(before, failed(kind))).toBe(before)
    },
  )
})

describe('throttled', () => {
  it.each([0, 1, 2, 3, 5, 6, 20])(
    'for the time number %d rests up to 2ⁿ seconds, at most a minute',
    (times) => {
      const start = account({ backoff: { throttles: times, denials: 0 } })
      const { status, backoff } = after(start, failed('throttled'))
      const mostSeconds = Math.min(2 ** times, 60)
      expect(status).toEqual({ kind: 'cooling', until: at(mostSeconds * 500), why: 'throttled' })
      expect(backoff.throttles).toBe(times + 1)
    },
  )

  it('rests as long as the service asks for, however long', () => {
    const { status } = after(account(), failed('throttled', { retryAfterSeconds: 7200 }))
    expect(status).toMatchObject({ until: at(2 * HOUR) })
  })

  it('by requests that were already under way lengthens nothing', () => {
    const first = after(account(), failed('throttled'), { random: () => 0.9 })
    expect(after(first, failed('throttled'))).toBe(first)
  })

  it('is forgotten by a success after the rest, not by one during it', () => {
    const resting = after(account(), failed('throttled', { retryAfterSeconds: 10 }))
    expect(after(resting, { kind: 'success' })).toBe(resting)
    const later = after(resting, { kind: 'success' }, { now: NOW + 10_000 })
    expect(later).toMatchObject({ status: { kind: 'ready' }, backoff: { throttles: 0 } })
  })
})

describe('quota', () => {
  it.each([
    ['2026-11-22T10:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['2026-12-31T23:59:59Z', '2027-01-01T00:00:00.000Z'],
  ])('used up at %s returns at %s', (now, until) => {
    const { status } = after(account(), failed('quota'), { now: Date.parse(now) })
    expect(status).toEqual({ kind: 'exhausted', until: new Date(until) })
  })

  it('returns when the service says', () => {
    const { status } = after(account(), failed('quota', { retryAfterSeconds: 86_400 }))
    expect(status).toEqual({ kind: 'exhausted', until: at(24 * HOUR) })
  })

  it.each<[string, number, Partial<Failure>, Date]>([
    ['when the plan is renewed', 50 * HOUR, {}, at(50 * HOUR)],
    ['sooner, when the refusal says so', 50 * HOUR, { retryAfterSeconds: 3600 }, at(HOUR)],
    ['next month, when the date of the plan is past', -HOUR, {}, new Date('2026-12-01T00:00:00Z')],
  ])('returns %s', (_, reset, details, until) => {
    const { status } = after(account(), failed('quota', details), { quotaResetsAt: () => at(reset) })
    expect(status).toEqual({ kind: 'exhausted', until })
  })
})

describe('quota-read', () => {
  const until = at(3 * HOUR)

  it('dates the pause of an account that is used up, or ends it', () => {
    const before = account({ status: statuses.exhausted })
    const dated = after(before, { kind: 'quota-read', exhaustedUntil: until })
    expect(dated.status).toEqual({ kind: 'exhausted', until })
    expect(after(before, { kind: 'quota-read' }).status).toEqual({ kind: 'ready' })
  })

  it.each(names.filter((name) => name !== 'exhausted'))('leaves one alone that is %s', (name) => {
    const before = account({ status: statuses[name] })
    expect(after(before, { kind: 'quota-read', exhaustedUntil: until })).toBe(before)
    expect(after(before, { kind: 'quota-read' })).toBe(before)
  })

  it('changes nothing when the date is the same', () => {
    const before = account({ status: statuses.exhausted })
    const outcome = { kind: 'quota-read', exhaustedUntil: new Date(statuses.exhausted.until) } as const
    expect(after(before, outcome)).toBe(before)
  })
})

describe('access-denied', () => {
  it.each([
    [0, 15 * MINUTE],
    [1, 30 * MINUTE],
    [4, 4 * HOUR],
    [5, 6 * HOUR],
    [40, 6 * HOUR],
  ])('after %d others is tried again in %d ms', (denials, waitMs) => {
    const { status } = after(account({ backoff: { throttles: 0, denials } }), failed('access-denied'))
    expect(status).toEqual({ kind: 'misconfigured', until: at(waitMs), why: 'why' })
  })
})

describe('sign-in-needed', () => {
  it('is believed after three tries over fifteen minutes, each a strike', () => {
    let tried = account()
    const history: [string, number][] = []
    for (const now of [0, 1000, 7.5 * MINUTE, 10 * MINUTE, 15 * MINUTE]) {
      tried = after(tried, failed('sign-in-needed'), { now: NOW + now })
      history.push([tried.status.kind, tried.strikes])
    }
    expect(history).toEqual([
      ['cooling', 1],
      ['cooling', 1],
      ['cooling', 2],
      ['cooling', 2],
      ['needs-sign-in', 3],
    ])
  })

  it('says nothing about credentials that came later', () => {
    const refused: Outcome = { ...failed('sign-in-needed'), tokenVersion: 2 }
    for (const status of [statuses.ready, statuses['by threshold']]) {
      // Also where it is the same client, and another refresh token.
      const signedInAnew = account({ tokenVersion: 3, status })
      expect(after(signedInAnew, refused, { lentAt: NOW })).toBe(signedInAnew)
    }
    expect(after(account({ tokenVersion: 2 }), refused).status.kind).toBe('cooling')
  })

  it('counts when this process has not yet heard of the credentials that failed', () => {
    const refused: Outcome = { ...failed('sign-in-needed'), tokenVersion: 4 }
    expect(after(account({ tokenVersion: 3 }), refused).status.kind).toBe('cooling')
  })

  it.each(['sign-in-needed', 'access-denied'] as const)(
    'is one strike, however many requests waited for it: %s',
    (kind) => {
      let told = account()
      for (let request = 0; request < 150; request += 1) told = after(told, failed(kind))
      expect(told).toMatchObject({ strikes: 1 })
      expect(told.status.kind).not.toBe('disabled')
    },
  )

  it('is believed at once of an account without a refresh token', () => {
    const { status } = after(account({ fingerprints: { accessToken: '0' } }), failed('sign-in-needed'))
    expect(status).toEqual({ kind: 'needs-sign-in', why: 'why' })
  })

  it.each<keyof typeof statuses>(['sign-in-refused', 'needs-sign-in'])(
    'is over after a refresh: %s becomes ready',
    (name) => {
      const backoff = { throttles: 1, denials: 0, signInRefusals: { count: 2, since: at(0) } }
      const refreshed = after(account({ status: statuses[name], backoff }), { kind: 'refreshed' })
      expect(refreshed).toMatchObject({ status: { kind: 'ready' } })
      expect(refreshed.backoff).toEqual({ throttles: 1, denials: 0 })
    },
  )

  it.each<keyof typeof statuses>(['ready', 'cooling', 'exhausted', 'parked', 'by operator', 'misconfigured'])(
    'is not what %s means: a refresh leaves it',
    (name) => {
      const before = account({ status: statuses[name] })
      expect(after(before, { kind: 'refreshed' })).toBe(before)
    },
  )
})

const nearly = (status: AccountStatus = { kind: 'ready' }) => account({ strikes: 99.5, status })

describe('strikes', () => {
  it('leave the pause that the service asked for to its end: the account is not tried before', () => {
    const resting = account({
      strikes: 99.5,
      status: { kind: 'cooling', until: at(2 * HOUR), why: 'throttled' },
    })
    const disabled = after(resting, failed('upstream-unavailable'))
    expect(disabled.status).toMatchObject({ kind: 'disabled', by: 'threshold' })
    expect(probeDueAt(disabled.status)).toBe(NOW + 2 * HOUR)
  })

  it('disable at the threshold', () => {
    const { status, strikes } = after(nearly(), failed('upstream-unavailable'))
    expect({ status, strikes }).toEqual({
      status: { kind: 'disabled', by: 'threshold', at: at(0) },
      strikes: 100.5,
    })
    expect(after(nearly(), failed('interrupted')).status.kind).toBe('disabled')
  })

  it('do not disable when too many were disabled lately, but at the next one', () => {
    const spared = after(nearly(), failed('upstream-unavailable'), { mayDisable: () => false })
    expect(spared.status).toMatchObject({ kind: 'cooling', why: 'failing' })
    expect(after(spared, failed('upstream-unavailable')).status.kind).toBe('disabled')
  })

  it('leave a status that says more', () => {
    expect(after(nearly(statuses.parked), failed('upstream-unavailable')).status.kind).toBe('parked')
  })

  it('start anew at every success, whatever the status', () => {
    for (const name of names) {
      const succeeded = after(account({ strikes: 9, status: statuses[name] }), { kind: 'success' })
      expect(succeeded).toMatchObject({ strikes: 0, status: statuses[name] })
    }
  })
})

it.each(['abandoned', 'spared'] as const)('an attempt that is %s says nothing', (kind) => {
  for (const status of Object.values(statuses)) {
    const before = account({ strikes: 9, status })
    expect(after(before, { kind }, { lentAt: NOW })).toBe(before)
  }
})

/** What clients do wrong, what we do, and what is the matter with a model. */
const blameless: readonly FailureKind[] = kinds.filter(
  (kind) =>
    !['strike', 'half-strike', 'misconfigure', 'need-sign-in', 'cool', 'exhaust', 'park'].includes(
      failurePolicies[kind].effect,
    ),
)

describe('what no account is to blame for', () => {
  it('is what clients, the gateway and models do wrong', () => {
    expect(blameless).toEqual([
      'invalid-request',
      'context-too-long',
      'model-not-found',
      'token-expired',
      'refresh-unavailable',
      'capacity',
      'unreachable',
      'demand-unmet',
      'no-account',
      'accounts-cooling',
      'accounts-parked',
      'rate-limited',
      'allowance-spent',
      'unauthenticated',
      'forbidden',
      'not-found',
      'wrong-method',
      'wrong-type',
      'too-large',
      'overloaded-here',
      'client-gone',
      'internal',
    ])
  })

  it.each(blameless.flatMap((kind) => names.map((name) => [kind, name] as const)))(
    '%s leaves an account %s as it is, lent to try it or not',
    (kind, name) => {
      const before = account({ strikes: 99.5, status: statuses[name] })
      expect(after(before, failed(kind))).toBe(before)
      expect(after(before, failed(kind), { lentAt: NOW + 1, now: NOW + 2 })).toBe(before)
    },
  )

  it('costs an account nothing in ten thousand requests (R41)', () => {
    let poisoned = account({ strikes: 2 })
    const before = poisoned
    for (let request = 0; request < 10_000; request += 1) {
      poisoned = after(poisoned, failed(blameless[request % blameless.length] ?? 'invalid-request'))
    }
    expect(poisoned).toBe(before)
  })
})

describe('an account that does nothing but fail', () => {
  it('rests a moment from its third failure in a row on, and the longer the more of them there are', () => {
    const pauses: (number | undefined)[] = []
    let failing = account()
    for (let now = NOW; failing.strikes < 9; now += HOUR) {
      failing = after(failing, failed('upstream-timeout'), { now })
      const { status } = failing
      pauses.push('until' in status ? status.until.getTime() - now : undefined)
    }
    expect(pauses).toEqual([undefined, undefined, 375, 750, 1500, 3000, 3750, 3750, 3750])
    expect(failing.status).toMatchObject({ kind: 'cooling', why: 'failing' })
  })

  it('does not rest for answers that break off', () => {
    let interrupted = account()
    for (let time = 0; time < 20; time += 1) interrupted = after(interrupted, failed('interrupted'))
    expect(interrupted).toMatchObject({ strikes: 10, status: { kind: 'ready' } })
  })

  it('rests no longer by what was under way when the rest began', () => {
    const resting = after(account({ strikes: 2 }), failed('upstream-unavailable'))
    const later = after(resting, failed('upstream-unavailable'), { now: NOW + 1 })
    expect(later).toEqual({ ...resting, strikes: 4 })
  })

  it('rests no more after a success', () => {
    const resting = after(account({ strikes: 2 }), failed('upstream-unavailable'))
    const well = after(resting, { kind: 'success' }, { now: NOW + 1000 })
    expect(after(well, failed('upstream-unavailable'), { now: NOW + 2000 }).status.kind).toBe('ready')
  })
})

/** In milliseconds. */
const dueIn = ({ status }: Account, now: number) => (probeDueAt(status) ?? Number.NaN) - now

describe('an account that was disabled for its strikes', () => {
  const disabled = account({ strikes: 100, status: statuses['by threshold'] })
  it('is due for a try after 15 minutes, then ever more rarely', () => {
    const waits = [dueIn(disabled, NOW)]
    let tried = disabled
    for (let now = NOW + HOUR; waits.length < 7; now += 10 * HOUR) {
      tried = after(tried, failed('upstream-unavailable'), { lentAt: now - 1, now })
      waits.push(dueIn(tried, now))
    }
    expect(waits.map((wait) => wait / MINUTE)).toEqual([15, 30, 60, 120, 240, 360, 360])
    expect(tried.status).toMatchObject({ kind: 'disabled', at: at(0), failedProbes: 6 })
  })

  it.each<FailureKind>(['throttled', 'quota', 'access-denied', 'interrupted', 'sign-in-needed'])(
    'waits longer after a try that ends with %s',
    (kind) => {
      const now = NOW + HOUR
      const { status } = after(disabled, failed(kind), { lentAt: now, now })
      expect(status).toEqual({ ...statuses['by threshold'], failedProbes: 1, lastFailedAt: new Date(now) })
    },
  )

  it('is parked by a try that finds it suspended', () => {
    const found = after(disabled, failed('suspended'), { lentAt: NOW + HOUR, now: NOW + HOUR })
    expect(found.status).toEqual({ kind: 'parked', why: 'why', fault: 'suspended' })
    expect(probeDueAt(found.status)).toBeUndefined()
  })

  it('is ready after a try that succeeds', () => {
    const tried = after(disabled, { kind: 'success' }, { lentAt: NOW + HOUR, now: NOW + HOUR })
    expect(tried).toMatchObject({ strikes: 0, status: { kind: 'ready' } })
  })

  it('is not moved by what began before it was disabled, or before it failed last', () => {
    expect(after(disabled, { kind: 'success' }, { lentAt: NOW - 1 }).status).toBe(disabled.status)
    expect(after(disabled, failed('throttled'), { lentAt: NOW - 1 }).status).toBe(disabled.status)
    const tried = after(disabled, failed('throttled'), { lentAt: NOW + 5, now: NOW + 9 })
    expect(after(tried, { kind: 'success' }, { lentAt: NOW + 8 }).status).toBe(tried.status)
  })

  it('stays disabled where the operator has done it', () => {
    const byHand = account({ status: statuses['by operator'] })
    expect(probeDueAt(byHand.status)).toBeUndefined()
    expect(after(byHand, { kind: 'success' }, { lentAt: NOW + HOUR, now: NOW + HOUR })).toBe(byHand)
  })
})

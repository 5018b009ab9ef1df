import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Account } from '../account.ts'
import type { Outcome } from '../standing/after-outcome.ts'
import type { AheadResult } from './fresh-credentials.ts'
import { startRefreshSweep } from './refresh-sweep.ts'
import { sampleAccount } from '../sample-account.ts'
import { createTokenLives } from './token-lives.ts'

const MINUTE = 60_000
const NOW = Date.parse('2026-11-22T10:00:00Z')
const at = (minutes: number) => new Date(NOW + minutes * MINUTE)
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Refreshed half an hour before the first sweep, and good for as long again. */
const old = (id: string, changes: Partial<Account> = {}) =>
  sampleAccount(id, {
    fingerprints: { clientSecret: '0', refreshToken: '1', accessToken: '2' },
    lastRefresh: { status: 'success', at: at(-25) },
    expiresAt: at(35),
    ...changes,
  })

function start(accounts: Account[], refresh: (id: string) => Promise<void> = async () => {}) {
  let result: AheadResult = { kind: 'young' }
  const leaseOwners = new Map<string, string>()
  const clock = createFakeClock(NOW)
  const asked: string[] = []
  const notes: string[] = []
  const reports: unknown[] = []
  const warnings: string[] = []
  const sweep = startRefreshSweep({
    store: { list: async () => accounts },
    pool: {
      isRefreshed: (id) => !id.startsWith('spare'),
      note: (id: string, outcome: Outcome) =>
        void notes.push(`${id}:${outcome.kind === 'failed' ? outcome.failure.kind : outcome.kind}`),
    },
    freshCredentials: {
      async refreshAhead({ id }) {
        asked.push(id)
        await refresh(id)
        return result
      },
    },
    leases: {
      take: async (name, { owner }) => {
        const isMine = (leaseOwners.get(name) ?? owner) === owner
        if (isMine) leaseOwners.set(name, owner)
        return isMine
      },
      release: async (name) => void leaseOwners.delete(name),
    },
    processId: 'me',
    lives: createTokenLives(clock),
    clock,
    random: () => 0,
    report: (error) => void reports.push(error),
    warn: (facts, message) => void warnings.push(`${String(facts['accountId'])}: ${message}`),
  })
  const nextSweep = async () => {
    clock.advance(5 * MINUTE)
    await settle()
    // Each lane takes its breath before the next account.
    for (let round = 0; round < accounts.length; round += 1) {
      clock.advance(0)
      await settle()
    }
  }
  const answerWith = (next: AheadResult) => {
    result = next
  }
  return { sweep, clock, asked, notes, reports, warnings, leaseOwners, answerWith, nextSweep }
}

describe('the refresh sweep', () => {
  it('begins five minutes after the start, and comes again', async () => {
    const { clock, asked, notes, nextSweep } = start([old('a')])
    clock.advance(5 * MINUTE - 1)
    await settle()
    expect(asked).toEqual([])
    clock.advance(1)
    await nextSweep()
    await nextSweep()
    expect(asked).toEqual(['a', 'a'])
    expect(notes).toEqual(['a:refreshed', 'a:refreshed'])
  })

  it('leaves alone what the lazy pool does not keep ready', async () => {
    const { asked, nextSweep } = start([old('a'), old('spare')])
    await nextSweep()
    expect(asked).toEqual(['a'])
  })

  it.each<[string, Partial<Account>, boolean]>([
    ['old', {}, true],
    ['young', { lastRefresh: { status: 'success', at: at(-20) } }, false],
    ['near its end', { lastRefresh: { status: 'success', at: at(-1) }, expiresAt: at(14) }, true],
    ['never fetched', { lastRefresh: { status: 'never' }, fingerprints: { refreshToken: '1' } }, true],
    ['given a short while ago', { lastRefresh: { status: 'never' }, createdAt: at(0) }, false],
    ['without a refresh token', { fingerprints: { accessToken: '2' } }, false],
    ['damaged', { readable: false }, false],
    ['resting', { status: { kind: 'cooling', until: at(60), why: 'throttled' } }, true],
    ['out of quota', { status: { kind: 'exhausted', until: at(60) } }, true],
    ['refused lately', { status: { kind: 'cooling', until: at(6), why: 'sign-in-refused' } }, false],
    ['refused a while ago', { status: { kind: 'cooling', until: at(5), why: 'sign-in-refused' } }, true],
    ['waiting for a sign-in', { status: { kind: 'needs-sign-in', why: 'x' } }, false],
    ['parked', { status: { kind: 'parked', why: 'x' } }, false],
    ['disabled', { status: { kind: 'disabled', by: 'operator' } }, false],
  ])('sees to the token of an account that is %s: %o', async (_case, changes, isRenewed) => {
    const { asked, nextSweep } = start([old('a', changes)])
    await nextSweep()
    expect(asked).toEqual(isRenewed ? ['a'] : [])
  })

  it('asks for four at once, not more', async () => {
    const gates = new Map<string, PromiseWithResolvers<void>>()
    const hold = (id: string) => {
      const gate = Promise.withResolvers<void>()
      gates.set(id, gate)
      return gate.promise
    }
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const { asked, clock, nextSweep } = start(
      ids.map((id) => old(id)),
      hold,
    )
    await nextSweep()
    expect(asked).toEqual(['a', 'b', 'c', 'd'])
    gates.get('b')?.resolve()
    await settle()
    clock.advance(0)
    await settle()
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('tells the pool of failures, and goes on', async () => {
    const { notes, reports, nextSweep } = start([old('a'), old('b')], async (id) => {
      if (id === 'a') throw new GatewayError('sign-in-needed', 'refused')
    })
    await nextSweep()
    expect(notes.toSorted()).toEqual(['a:sign-in-needed', 'b:refreshed'])
    expect(reports).toEqual([])
  })

  it('starts nothing after it is closed, which waits for what is under way', async () => {
    const gate = Promise.withResolvers<void>()
    const { sweep, asked, notes, clock, nextSweep } = start([old('a')], () => gate.promise)
    await nextSweep()
    const closed = sweep.close().then(() => notes.push('closed'))
    gate.resolve()
    await closed
    expect(notes).toEqual(['a:refreshed', 'closed'])
    await nextSweep()
    expect(asked).toEqual(['a'])
    expect(clock.pending()).toBe(0)
  })

  it('is left to the process that holds the lease, until that one dies', async () => {
    const { sweep, asked, clock, leaseOwners, nextSweep } = start([old('a')])
    leaseOwners.set('refresh-sweep', 'another')
    await nextSweep()
    expect(asked).toEqual([])
    leaseOwners.clear()
    clock.advance(MINUTE)
    await settle()
    clock.advance(0)
    await settle()
    expect(asked).toEqual(['a'])
    expect(leaseOwners.get('refresh-sweep')).toBe('me')
    await sweep.close()
    expect(leaseOwners.size).toBe(0)
  })

  it('leaves the status alone while the old token lives, and tells the operator', async () => {
    const { notes, warnings, answerWith, nextSweep } = start([old('a')])
    answerWith({ kind: 'kept', error: new GatewayError('refresh-unavailable', 'down') })
    await nextSweep()
    answerWith({ kind: 'kept', error: new GatewayError('sign-in-needed', 'Sign it in.') })
    await nextSweep()
    expect(notes).toEqual([])
    expect(warnings).toEqual(['a: Sign it in.'])
  })

  it('warns once a day of a registration that ends within a week', async () => {
    const soon = {
      registrationExpiresAt: at(7 * 24 * 60),
      lastRefresh: { status: 'success', at: at(0) },
    } as const
    const { warnings, nextSweep } = start([
      old('a', soon),
      old('b', { ...soon, registrationExpiresAt: at(8 * 24 * 60) }),
      old('c', { ...soon, status: { kind: 'disabled', by: 'operator' } }),
    ])
    for (let sweeps = 0; sweeps <= (24 * 60) / 5; sweeps += 1) await nextSweep()
    expect(warnings.filter((line) => line.startsWith('a'))).toHaveLength(2)
    expect(warnings[0]).toContain('before 2026-11-29T10:00:00Z')
    expect(warnings.some((line) => line.startsWith('c'))).toBe(false)
  })
})

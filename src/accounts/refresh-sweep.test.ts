import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { Account } from './account.ts'
import type { Outcome } from './after-outcome.ts'
import { startRefreshSweep } from './refresh-sweep.ts'
import { sampleAccount } from './sample-account.ts'

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
  const clock = createFakeClock(NOW)
  const asked: string[] = []
  const notes: string[] = []
  const reports: unknown[] = []
  const sweep = startRefreshSweep({
    store: { list: async () => accounts },
    pool: {
      note: (id: string, outcome: Outcome) =>
        void notes.push(`${id}:${outcome.kind === 'failed' ? outcome.failure.kind : outcome.kind}`),
    },
    freshCredentials: {
      async refreshAhead({ id }) {
        asked.push(id)
        await refresh(id)
      },
    },
    clock,
    random: () => 0,
    report: (error) => void reports.push(error),
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
  return { sweep, clock, asked, notes, reports, nextSweep }
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
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { defaultSettings, type AccountSettings } from '../account.ts'
import { createSessions, type SessionsParts } from './sessions.ts'
import type { Candidate } from './strategies/strategy.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const session = (key: string, isOpening = false) => ({ key: key.padEnd(32, '0'), isOpening })
const candidate = (id: string, leases = 0, settings: Partial<AccountSettings> = {}): Candidate => ({
  account: { id, settings: { ...defaultSettings, ...settings } },
  leases,
  position: 0,
})

function start(changes: Partial<SessionsParts> = {}) {
  const clock = createFakeClock()
  const sessions = createSessions({ clock, maxSessions: 100, maxIdleMs: 60 * MINUTE, ...changes })
  const place = (key: string, candidates: readonly Candidate[], isOpening = false) =>
    sessions.place(session(key, isOpening), {
      find: (id) => candidates.find(({ account }) => account.id === id),
      all: () => candidates,
    })
  return {
    clock,
    sessions,
    lend: (key: string, ...ids: string[]) => ids.forEach((id) => sessions.noteLent(session(key), id)),
    /** The account that it sticks to, else how it is placed. */
    placed: (key: string, candidates: readonly Candidate[], isOpening = false) => {
      const placement = place(key, candidates, isOpening)
      return 'candidate' in placement ? placement.candidate.account.id : placement.kind
    },
  }
}
const all = Array.from('abc', (id) => candidate(id))
const allBut = (id: string) => all.filter(({ account }) => account.id !== id)

describe('a conversation', () => {
  it('may go anywhere at first, and then belongs to the account that it was lent', () => {
    const { placed, lend } = start()
    expect(placed('1', all)).toBe('anywhere')
    lend('1', 'b')
    expect(placed('1', all)).toBe('b')
    expect(placed('2', all)).toBe('anywhere')
  })

  it('may go anywhere as long as it is but an opening, which others may share', () => {
    const { placed, sessions } = start()
    sessions.noteLent(session('1', true), 'a')
    sessions.noteLent(session('1', true), 'b')
    expect(placed('1', all, true)).toBe('anywhere')
    expect(placed('1', all)).toBe('b')
  })

  it('is served by one other account while its own cannot, and comes back after a short pause', () => {
    const { placed, lend, clock, sessions } = start()
    lend('1', 'a', 'a')
    expect(placed('1', allBut('a'))).toBe('anywhere')
    lend('1', 'c')
    expect(placed('1', allBut('a'))).toBe('c')
    expect(sessions.view()).toMatchObject([{ accountId: 'a', standInId: 'c', requests: 2 }])
    clock.advance(5 * MINUTE)
    expect(placed('1', all)).toBe('a')
    lend('1', 'a')
    expect(sessions.view()).toMatchObject([{ accountId: 'a', requests: 3 }])
    expect(sessions.view()[0]).not.toHaveProperty('standInId')
  })

  it('stays where it was served during a long pause', () => {
    const { placed, lend, clock, sessions } = start()
    lend('1', 'a', 'a', 'c')
    clock.advance(5 * MINUTE + 1)
    expect(placed('1', all)).toBe('c')
    lend('1', 'c')
    expect(sessions.view()).toMatchObject([{ accountId: 'c', requests: 2 }])
  })

  it('counts its absence from when it left, whoever stands in', () => {
    const { placed, lend, clock } = start()
    lend('1', 'a', 'a', 'c')
    clock.advance(4 * MINUTE)
    lend('1', 'b')
    clock.advance(2 * MINUTE)
    expect(placed('1', all)).toBe('b')
  })

  it('that had one request moves for good when its account cannot serve', () => {
    const { placed, lend } = start()
    lend('1', 'a', 'b')
    expect(placed('1', all)).toBe('b')
  })

  it('goes with its stand-in, or anywhere, when its account is removed', () => {
    const { placed, lend, sessions } = start()
    lend('1', 'a', 'a', 'c')
    lend('2', 'a')
    lend('3', 'b', 'b', 'a')
    sessions.forgetAccount('a')
    expect(placed('1', all)).toBe('c')
    expect(placed('2', all)).toBe('anywhere')
    expect(placed('3', allBut('b'))).toBe('anywhere')
    expect(placed('3', all)).toBe('b')
  })
})

describe('a busy account', () => {
  const top = { priority: 1 }
  it.each<[string, Candidate[], string]>([
    ['hardly more than others', [candidate('a', 3), candidate('b', 0)], 'a'],
    ['four more than others', [candidate('a', 4), candidate('b', 0)], 'elsewhere'],
    ['four more, but less than twice as many', [candidate('a', 10), candidate('b', 6)], 'a'],
    ['more than twice as many', [candidate('a', 10), candidate('b', 4)], 'elsewhere'],
    ['four more, and weighs more', [candidate('a', 4, { weight: 2 }), candidate('b', 0)], 'a'],
    ['more by its weight', [candidate('a', 8, { weight: 2 }), candidate('b', 0)], 'elsewhere'],
    ['more than one of lower priority', [candidate('a', 9, top), candidate('b', 0)], 'a'],
    ['more than one of its priority', [candidate('a', 9, top), candidate('b', 0, top)], 'elsewhere'],
    ['more than one that weighs 0', [candidate('a', 9), candidate('b', 0, { weight: 0 })], 'a'],
  ])('that answers %s', (_, candidates, expected) => {
    const { placed, lend } = start()
    lend('1', 'a')
    expect(placed('1', candidates)).toBe(expected)
    lend('1', 'a')
    expect(placed('1', candidates)).toBe('a')
  })
})

it('tells which account a conversation that has hardly begun had better not go to', () => {
  const { sessions, lend } = start()
  lend('1', 'a')
  const placement = sessions.place(session('1'), {
    find: () => candidate('a', 4),
    all: () => [candidate('a', 4), candidate('b')],
  })
  expect(placement).toEqual({ kind: 'elsewhere', than: 'a' })
})

describe('what is remembered', () => {
  it('is bounded: the one whose last request is longest ago goes first', () => {
    const { placed, lend } = start({ maxSessions: 2 })
    lend('1', 'a')
    lend('2', 'b')
    lend('1', 'a')
    lend('3', 'c')
    expect(['1', '2', '3'].map((key) => placed(key, all))).toEqual(['a', 'anywhere', 'c'])
  })

  it('ends after an idle time', () => {
    const { placed, lend, clock, sessions } = start()
    lend('1', 'a')
    clock.advance(60 * MINUTE)
    expect(placed('1', all)).toBe('a')
    clock.advance(1)
    expect(placed('1', all)).toBe('anywhere')
    expect(sessions.view()).toEqual([])
    lend('1', 'b')
    expect(placed('1', all)).toBe('b')
  })

  it('is shown with the latest first, and by a short id', () => {
    const { lend, clock, sessions } = start()
    lend('1', 'a')
    clock.advance(SECOND)
    lend('2', 'b')
    clock.advance(SECOND)
    lend('1', 'a')
    expect(sessions.view()).toEqual([
      {
        id: '100000000000',
        accountId: 'a',
        since: new Date('2026-11-22T10:00:00Z'),
        lastRequestAt: new Date('2026-11-22T10:00:02Z'),
        requests: 2,
      },
      expect.objectContaining({ id: '200000000000', accountId: 'b', requests: 1 }),
    ])
  })
})

it('never places a conversation on an account that cannot serve it, and keeps within its bounds', () => {
  const someStep = fc.record({
    key: fc.constantFrom('1', '2', '3', '4'),
    isOpening: fc.boolean(),
    ready: fc.subarray(Array.from('abc')),
    leases: fc.nat({ max: 12 }),
    waitMs: fc.constantFrom(0, SECOND, 6 * MINUTE, 61 * MINUTE),
  })
  fc.assert(
    fc.property(fc.array(someStep, { maxLength: 50 }), (steps) => {
      const { clock, sessions } = start({ maxSessions: 3 })
      for (const { key, isOpening, ready, leases, waitMs } of steps) {
        clock.advance(waitMs)
        const candidates = ready.map((id) => candidate(id, id === 'a' ? leases : 0))
        const placement = sessions.place(session(key, isOpening), {
          find: (id) => candidates.find(({ account }) => account.id === id),
          all: () => candidates,
        })
        const sticksTo = 'candidate' in placement ? placement.candidate : undefined
        expect([undefined, ...candidates]).toContain(sticksTo)
        const others = candidates.filter(({ account }) => account.id !== 'a')
        expect(placement.kind === 'elsewhere' ? others : all).not.toEqual([])
        const lent = sticksTo?.account.id ?? ready[0]
        if (lent !== undefined) sessions.noteLent(session(key, isOpening), lent)
        expect(sessions.view().length).toBeLessThanOrEqual(3)
      }
    }),
  )
})

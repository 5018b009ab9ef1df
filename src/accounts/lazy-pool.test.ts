import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from './account.ts'
import { selectLazily, type LazyPoolSettings } from './lazy-pool.ts'
import { sampleAccount } from './sample-account.ts'
import type { AccountStatus } from './status.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const settings: LazyPoolSettings = { size: 2, refreshOffset: 1, orderBy: 'created_at', isDescending: false }
const createdAt = (minute: number) => new Date(NOW + minute * 60_000)
const idsOf = (accounts: readonly Account[]) => accounts.map(({ id }) => id).join('')

const orderOf = ({ createdAt: at, id }: Account) => `${at.toISOString()} ${id}`

function select(accounts: readonly Account[], changes: Partial<LazyPoolSettings> = {}) {
  const { serving, refreshed } = selectLazily(accounts, { ...settings, ...changes }, NOW)
  return { serving: idsOf(serving), refreshed: idsOf(refreshed) }
}

describe('the lazy pool', () => {
  const accounts = [
    sampleAccount('c', { createdAt: createdAt(1), successes: 5 }),
    sampleAccount('a', { createdAt: createdAt(3), successes: 9 }),
    sampleAccount('d', { createdAt: createdAt(2), successes: 5 }),
    sampleAccount('b', { createdAt: createdAt(4), successes: 7 }),
  ]

  it.each([
    ['created_at', false, 'cd', 'cda'],
    ['created_at', true, 'ba', 'bad'],
    ['id', false, 'ab', 'abc'],
    ['id', true, 'dc', 'dcb'],
    ['success_count', false, 'cd', 'cdb'],
    ['success_count', true, 'ab', 'abd'],
  ] as const)('ordered by %s, descending %s, serves from %s and refreshes %s', (...row) => {
    const [orderBy, isDescending, serving, refreshed] = row
    expect(select(accounts, { orderBy, isDescending })).toEqual({ serving, refreshed })
  })

  it.each([
    [0, 0, '', ''],
    [0, 2, '', 'cd'],
    [1, 0, 'c', 'c'],
    [10, 10, 'cdab', 'cdab'],
  ])('of size %d and offset %d serves from "%s" and refreshes "%s"', (size, refreshOffset, ...rest) => {
    const [serving, refreshed] = rest
    expect(select(accounts, { size, refreshOffset })).toEqual({ serving, refreshed })
  })

  const until = new Date(NOW + 60_000)
  it.each<[AccountStatus['kind'], AccountStatus, boolean]>([
    ['ready', { kind: 'ready' }, true],
    ['cooling', { kind: 'cooling', until, why: 'throttled' }, true],
    ['cooling', { kind: 'cooling', until, why: 'sign-in-refused' }, false],
    ['exhausted', { kind: 'exhausted', until }, false],
    ['exhausted', { kind: 'exhausted', until: new Date(NOW) }, true],
    ['misconfigured', { kind: 'misconfigured', until, why: 'x' }, false],
    ['needs-sign-in', { kind: 'needs-sign-in', why: 'x' }, false],
    ['parked', { kind: 'parked', why: 'x' }, false],
    ['disabled', { kind: 'disabled', by: 'operator' }, false],
  ])('an account that is %s keeps its place: %o, %s', (_, status, keepsPlace) => {
    const { serving } = select([sampleAccount('1', { status }), sampleAccount('2'), sampleAccount('3')])
    expect(serving).toBe(keepsPlace ? '12' : '23')
  })

  it('selects what sorting all of them would', () => {
    const someAccount = fc
      .record({ id: fc.integer({ min: 0, max: 999 }), minute: fc.integer({ min: 0, max: 5 }) })
      .map(({ id, minute }) => sampleAccount(String(id), { createdAt: createdAt(minute) }))
    const some = fc.uniqueArray(someAccount, { selector: ({ id }) => id })
    fc.assert(
      fc.property(some, fc.nat({ max: 20 }), fc.nat({ max: 20 }), (list, size, refreshOffset) => {
        const sorted = list.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
        const selection = selectLazily(list, { ...settings, size, refreshOffset }, NOW)
        expect(selection.serving).toEqual(sorted.slice(0, size))
        expect(selection.refreshed).toEqual(sorted.slice(0, size + refreshOffset))
      }),
    )
  })
})

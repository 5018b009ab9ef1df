import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { isEnabled, type Account } from '../account.ts'
import { createEntries } from './entries.ts'
import type { LazyPoolSettings } from './lazy-pool.ts'
import { createLazySelection } from './lazy-selection.ts'
import { sampleAccount } from '../sample-account.ts'
import { statusAt, type AccountStatus } from '../status.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const settings: LazyPoolSettings = { size: 2, refreshOffset: 1, orderBy: 'created_at', isDescending: false }
const createdAt = (minute: number) => new Date(NOW + minute * 60_000)
const isAble = ({ status }: Account) => statusAt(status, NOW).kind === 'ready'

function start(accounts: readonly Account[], changes: Partial<LazyPoolSettings> = {}) {
  const clock = createFakeClock(NOW)
  const entries = createEntries(accounts)
  const selection = createLazySelection({ entries, settings: { ...settings, ...changes }, clock })
  const all = () => [...entries.all()]
  const note = (account: Account) => selection.note(entries.set(account), isAble(account))
  accounts.forEach(note)
  const idsOf = (wanted: (account: Account) => boolean) =>
    all()
      .filter(({ account }) => wanted(account))
      .map(({ account }) => account.id)
      .toSorted()
      .join('')
  return {
    clock,
    selection,
    note,
    forget(id: string) {
      const entry = entries.delete(id)
      return entry && selection.forget(entry)
    },
    serving: () => idsOf(({ id }) => entries.get(id)?.serves === true),
    refreshed: () => idsOf(({ id }) => selection.isRefreshed(id)),
  }
}

describe('the lazy pool', () => {
  const accounts = [
    sampleAccount('c', { createdAt: createdAt(1), successes: 5 }),
    sampleAccount('a', { createdAt: createdAt(3), successes: 9 }),
    sampleAccount('d', { createdAt: createdAt(2), successes: 5 }),
    sampleAccount('b', { createdAt: createdAt(4), successes: 7 }),
  ]

  it.each([
    ['created_at', false, 'cd', 'acd'],
    ['created_at', true, 'ab', 'abd'],
    ['id', false, 'ab', 'abc'],
    ['id', true, 'cd', 'bcd'],
    ['success_count', false, 'cd', 'bcd'],
    ['success_count', true, 'ab', 'abd'],
  ] as const)('ordered by %s, descending %s, serves from %s and refreshes %s', (...row) => {
    const [orderBy, isDescending, serving, refreshed] = row
    const pool = start(accounts, { orderBy, isDescending })
    expect([pool.serving(), pool.refreshed()]).toEqual([serving, refreshed])
  })

  it.each([
    [0, 0, '', ''],
    [0, 2, '', 'cd'],
    [1, 0, 'c', 'c'],
    [10, 10, 'abcd', 'abcd'],
  ])('of size %d and offset %d serves from "%s" and refreshes "%s"', (size, refreshOffset, ...rest) => {
    const pool = start(accounts, { size, refreshOffset })
    expect([pool.serving(), pool.refreshed()]).toEqual(rest)
  })

  const until = new Date(NOW + 60_000)
  it.each<[AccountStatus['kind'], AccountStatus, boolean]>([
    ['cooling', { kind: 'cooling', until, why: 'throttled' }, true],
    ['cooling', { kind: 'cooling', until, why: 'failing' }, true],
    ['cooling', { kind: 'cooling', until, why: 'sign-in-refused' }, false],
    ['exhausted', { kind: 'exhausted', until }, false],
    ['misconfigured', { kind: 'misconfigured', until, why: 'x' }, false],
    ['needs-sign-in', { kind: 'needs-sign-in', why: 'x' }, false],
    ['parked', { kind: 'parked', why: 'x' }, false],
    ['disabled', { kind: 'disabled', by: 'operator' }, false],
  ])('has others serve beside one that is %s: %o; kept signed in: %s', (_kind, status, isRefreshed) => {
    const pool = start([sampleAccount('1', { status }), ...Array.from('23456', (id) => sampleAccount(id))])
    expect([pool.serving(), pool.refreshed()]).toEqual(['123', isRefreshed ? '1234' : '234'])
  })

  it('looks at the successes again after ten seconds', () => {
    const pool = start(accounts, { orderBy: 'success_count', size: 1 })
    pool.note(sampleAccount('c', { successes: 8 }))
    pool.clock.advance(9999)
    expect(pool.selection.renew()).toEqual([])
    pool.clock.advance(1)
    expect(
      pool.selection
        .renew()
        .map(({ account }) => account.id)
        .toSorted(),
    ).toEqual(['c', 'd'])
    expect([pool.serving(), pool.refreshed()]).toEqual(['d', 'bd'])
  })

  it('serves from whom looking at all of them anew would find, whatever comes, changes and goes', () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 30 }),
      kind: fc.constantFrom('ready', 'ready', 'parked', 'disabled', 'gone'),
    })
    const sizes = fc.record({ size: fc.nat({ max: 5 }), refreshOffset: fc.nat({ max: 5 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), sizes, fc.boolean(), (steps, few, isDescending) => {
        const pool = start([], { ...few, isDescending })
        const known = new Map<string, Account>()
        for (const { id, kind } of steps) {
          const name = String(id)
          // Several were added in the same minute.
          const account = sampleAccount(name, { createdAt: createdAt(id % 7), status: statusOf(kind) })
          if (kind === 'gone') pool.forget(name)
          else pool.note(account)
          if (kind === 'gone') known.delete(name)
          else known.set(name, account)
          expect(pool.serving()).toBe(servingOf([...known.values()], few.size, isDescending))
        }
      }),
    )
  })
})

function statusOf(kind: 'ready' | 'parked' | 'disabled' | 'gone'): AccountStatus {
  if (kind === 'disabled') return { kind, by: 'operator' }
  return kind === 'parked' ? { kind, why: 'x' } : { kind: 'ready' }
}

const orderOf = ({ createdAt: at, id }: Account) => `${at.toISOString()} ${id}`

/** The plain way: all in order, as far as so many that are able are among them. */
function servingOf(accounts: readonly Account[], size: number, isDescending: boolean): string {
  const sorted = accounts.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  if (isDescending) sorted.reverse()
  const able = sorted.filter((account) => isEnabled(account) && isAble(account))
  const last = size === 0 ? undefined : (able[size - 1] ?? sorted.at(-1))
  return sorted
    .slice(0, last === undefined ? 0 : sorted.indexOf(last) + 1)
    .map(({ id }) => id)
    .toSorted()
    .join('')
}

import { describe, expect, it } from 'vitest'
import { nothingSelected, toggle, toggleAll } from './selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const one = { isRange: false, order }
const range = { isRange: true, order }

function idsOf({ ids }: { ids: ReadonlySet<string> }): string {
  return [...ids].toSorted().join('')
}

describe('the selection', () => {
  it('takes one in and out', () => {
    const first = toggle(nothingSelected, 'b', one)
    expect(idsOf(first)).toBe('b')
    expect(idsOf(toggle(first, 'b', one))).toBe('')
  })

  it.each([
    ['b', 'd', 'bcd'],
    ['d', 'b', 'bcd'],
    ['c', 'c', 'c'],
  ])('takes the range from %s to %s', (from, to, expected) => {
    expect(idsOf(toggle(toggle(nothingSelected, from, one), to, range))).toBe(expected)
  })

  it('takes a range out when its beginning was taken out', () => {
    const all = toggleAll(nothingSelected, order)
    expect(idsOf(toggle(toggle(all, 'b', one), 'd', range))).toBe('ae')
  })

  it('takes one alone when no range has begun, or its beginning is not shown', () => {
    expect(idsOf(toggle(nothingSelected, 'c', range))).toBe('c')
    expect(idsOf(toggle({ ids: new Set(['z']), anchor: 'z' }, 'c', range))).toBe('cz')
  })

  it('takes all that are shown, and then none', () => {
    const all = toggleAll({ ids: new Set(['hidden']), anchor: undefined }, order)
    expect(idsOf(all)).toBe('abcde')
    expect(idsOf(toggleAll(all, order))).toBe('')
  })
})

import { describe, expect, it, vi } from 'vitest'
import { createUniqueNames } from './unique-names.ts'

describe('createUniqueNames', () => {
  it('numbers names that are taken, whatever their case', () => {
    const makeUnique = createUniqueNames(64)
    expect(['a', 'b', 'a', 'A', 'a_2', 'a'].map(makeUnique)).toEqual(['a', 'b', 'a_2', 'A_3', 'a_2_2', 'a_4'])
  })

  it('stays within the length', () => {
    const makeUnique = createUniqueNames(12)
    expect(Array.from({ length: 3 }, () => makeUnique('abcdefghijkl'))).toEqual([
      'abcdefghijkl',
      'abcdefghij_2',
      'abcdefghij_3',
    ])
  })

  it.each<[string, (index: number) => string]>([
    ['equal names', () => 'same'],
    ['names that differ only at their end, twice each', (index) => `${'x'.repeat(60)}${index % 1000}`],
  ])('looks at few candidates for each of many %s', (_, nameOf) => {
    const looks = vi.spyOn(Set.prototype, 'has')
    const makeUnique = createUniqueNames(64)
    const names = Array.from({ length: 2000 }, (__, index) => makeUnique(nameOf(index)))
    expect(looks.mock.calls.length).toBeLessThan(2000 * 3)
    expect(new Set(names).size).toBe(2000)
  })
})

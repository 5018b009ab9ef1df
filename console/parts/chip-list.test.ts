import { describe, expect, it } from 'vitest'
import { withChips } from './chip-list.ts'

describe('a list of chips', () => {
  it.each([
    ['a name', ['a'], 'b', ['a', 'b']],
    ['several, apart by commas of either script and by lines', [], 'a, b，c\nd', ['a', 'b', 'c', 'd']],
    ['nothing for blanks', ['a'], ' , \n', ['a']],
    ['no name twice', ['a'], 'a,b,b', ['a', 'b']],
    ['beside names that hold a comma', ['a,b'], 'c', ['a,b', 'c']],
  ])('takes %s', (_, list, typed, taken) => {
    expect(withChips(list, typed)).toEqual(taken)
  })
})

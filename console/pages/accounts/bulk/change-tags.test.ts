import { describe, expect, it } from 'vitest'
import { changeTags } from './change-tags.ts'

describe('a tag', () => {
  it.each([
    [[], 'add', ['a']],
    [['b'], 'add', ['b', 'a']],
    [['a', 'b'], 'add', undefined],
    [['a', 'b'], 'remove', ['b']],
    [['b'], 'remove', undefined],
  ] as const)('a, of %j, when it is to %s, leaves %j', (tags, how, expected) => {
    expect(changeTags(tags, { how, tag: 'a' })).toEqual(expected)
  })
})

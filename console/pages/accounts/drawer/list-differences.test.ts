import { describe, expect, it } from 'vitest'
import { listDifferences } from './list-differences.ts'

describe('what an event changed', () => {
  it.each([
    ['a member', { weight: 1 }, { weight: 2 }, { name: 'weight', before: '1', after: '2' }],
    ['a list', { tags: [] }, { tags: ['a', 'b'] }, { name: 'tags', before: '–', after: 'a, b' }],
    ['what was there before alone', { label: 'A' }, {}, { name: 'label', before: 'A', after: '–' }],
    [
      'what is there now alone',
      null,
      { replaced: ['proxyUrl'] },
      { name: 'replaced', before: '–', after: 'proxyUrl' },
    ],
    ['a switch', { enabled: true }, { enabled: false }, { name: 'enabled', before: 'true', after: 'false' }],
    ['a structure', null, { limits: { a: null } }, { name: 'limits', before: '–', after: '{"a":null}' }],
  ])('tells %s', (_, before, after, difference) => {
    expect(listDifferences({ before, after })).toEqual([difference])
  })

  it('is nothing when nothing is told', () => {
    expect(listDifferences({ before: null, after: null })).toEqual([])
  })
})

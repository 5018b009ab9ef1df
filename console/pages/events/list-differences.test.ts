import { describe, expect, it } from 'vitest'
import { isPersonal, listDifferences } from './list-differences.ts'

describe('differences', () => {
  it('are listed by member, with what was and what is', () => {
    expect(listDifferences({ label: 'a', enabled: true }, { label: 'b', enabled: false })).toEqual([
      { name: 'label', before: 'a', after: 'b' },
      { name: 'enabled', before: 'true', after: 'false' },
    ])
  })

  it('of what was made or removed have one side', () => {
    expect(listDifferences(null, { weight: 2 })).toEqual([{ name: 'weight', before: undefined, after: '2' }])
    expect(listDifferences({ weight: 2 }, null)).toEqual([{ name: 'weight', before: '2', after: undefined }])
    expect(listDifferences(null, null)).toEqual([])
  })

  it.each<[unknown, string]>([
    [null, ''],
    [undefined, ''],
    [[], ''],
    [['a', 'b'], 'a, b'],
    [[1, { a: 1 }], '[1,{"a":1}]'],
    [{ a: null }, '{"a":null}'],
    ['<b>', '<b>'],
  ])('write %j as "%s"', (value, written) => {
    expect(listDifferences({}, { a: value })).toEqual([{ name: 'a', before: '', after: written }])
  })

  it('tell what somebody could be known by', () => {
    expect(['label', 'email', 'weight'].map(isPersonal)).toEqual([true, true, false])
  })
})

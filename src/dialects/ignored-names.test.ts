import { describe, expect, it } from 'vitest'
import { createIgnoredNames } from './ignored-names.ts'

describe('the names of ignored fields', () => {
  it('are told once each, in the order of their coming', () => {
    const names = createIgnoredNames()
    for (const name of ['b', 'a', 'b']) names.add(name)
    names.addForeign('tools.', 'web_search_20250305')
    names.addForeign('', 'a')
    expect(names.list()).toEqual(['b', 'a', 'tools.web_search_20250305'])
  })

  it.each([
    ['a\r\nset-cookie: b', 'x.aset-cookieb'],
    ['a, b', 'x.ab'],
    ['名', 'x.unknown'],
    ['', 'x.unknown'],
    ['a'.repeat(70), `x.${'a'.repeat(64)}`],
  ])('are safe in a header when the client chose them: %j', (name, expected) => {
    const names = createIgnoredNames()
    names.addForeign('x.', name)
    expect(names.list()).toEqual([expected])
  })

  it('are at most twenty when the client chose them', () => {
    const names = createIgnoredNames()
    for (let index = 0; index < 100; index += 1) names.addForeign('', `n${index}`)
    names.addForeign('', 'n3')
    names.add('ours')
    expect(names.list()).toHaveLength(21)
    expect(names.list().at(-1)).toBe('ours')
  })
})

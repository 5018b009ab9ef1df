import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SearchRules } from '../conversation/web-search.ts'
import { tidyResults } from './tidy-results.ts'

const anything: SearchRules = { kind: 'web-search' }
const page = (url: string, title = 'T') => ({ url, title, excerpt: '' })
const urlsOf = (urls: readonly string[], rules = anything) =>
  tidyResults(
    urls.map((url) => page(url)),
    rules,
  ).map(({ url }) => url)

describe('tidyResults', () => {
  it.each([
    ['javascript:alert(1)'],
    ['file:///etc/passwd'],
    ['data:text/html,x'],
    ['//a.example/'],
    ['not a url'],
    [''],
    ['https://name:word@a.example/'],
    [`https://a.example/${'x'.repeat(3000)}`],
  ])('leaves out the address %j', (url) => {
    expect(urlsOf([url])).toEqual([])
  })

  it('has each address once, and few of them', () => {
    const many = Array.from({ length: 30 }, (_, index) => `https://a.example/${index % 15}`)
    expect(urlsOf(many)).toEqual(Array.from({ length: 10 }, (_, index) => `https://a.example/${index}`))
  })

  it.each<[rules: Partial<SearchRules>, kept: string[]]>([
    [
      {},
      ['https://a.example/', 'https://b.a.example/x', 'https://c.example/blog/1', 'https://nota.example/'],
    ],
    [{ allowedDomains: ['a.example'] }, ['https://a.example/', 'https://b.a.example/x']],
    [{ allowedDomains: ['C.example/blog'] }, ['https://c.example/blog/1']],
    [{ allowedDomains: ['c.example/blo'] }, []],
    [{ allowedDomains: ['https://a.example/'] }, ['https://a.example/', 'https://b.a.example/x']],
    [{ allowedDomains: [] }, []],
    [{ blockedDomains: ['a.example', 'c.example/blog/'] }, ['https://nota.example/']],
    [{ allowedDomains: ['a.example'], blockedDomains: ['b.a.example'] }, ['https://a.example/']],
    [
      { blockedDomains: [''] },
      ['https://a.example/', 'https://b.a.example/x', 'https://c.example/blog/1', 'https://nota.example/'],
    ],
  ])('keeps to %j', (rules, kept) => {
    const urls = [
      'https://a.example',
      'https://b.a.example/x',
      'https://c.example/blog/1',
      'https://nota.example',
    ]
    expect(urlsOf(urls, { ...anything, ...rules })).toEqual(kept)
  })

  it('takes the host for a title that is none', () => {
    expect(tidyResults([page('https://a.example/', ' \u200b ')], anything)).toMatchObject([
      { title: 'a.example' },
    ])
  })

  it('makes short, visible lines of whatever strangers write', () => {
    const text = fc.string({ unit: 'binary', maxLength: 5000 })
    fc.assert(
      fc.property(text, text, text, (title, excerpt, age) => {
        const [result] = tidyResults([{ url: 'https://a.example/', title, excerpt, age }], anything)
        expect(result?.title.length).toBeLessThanOrEqual(300)
        expect(result?.excerpt.length).toBeLessThanOrEqual(1500)
        expect((result?.age ?? '').length).toBeLessThanOrEqual(60)
        const all = `${result?.title}${result?.excerpt}${result?.age}`
        expect(all).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(all.isWellFormed()).toBe(true)
      }),
    )
  })
})

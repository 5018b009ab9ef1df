import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../conversation/conversation.ts'
import type { SearchRules } from '../../conversation/web-search.ts'
import type { Backend } from './backend.ts'
import { brave } from './brave.ts'
import { searxng } from './searxng.ts'
import { tavily } from './tavily.ts'

const rules: SearchRules = { kind: 'web-search' }
const narrow: SearchRules = {
  ...rules,
  allowedDomains: ['a.example', 'b.example'],
  blockedDomains: ['c.example'],
}
const place = { address: 'https://s.example/x', key: 'word', rules }

describe('a backend', () => {
  it('is asked as it wants to be: searxng', () => {
    expect(searxng.ask('tea & milk', place)).toEqual({
      method: 'GET',
      url: new URL('https://s.example/x/search?q=tea+%26+milk&format=json'),
      headers: {},
    })
  })

  it('is asked as it wants to be: brave', () => {
    const { url, headers } = brave.ask('tea', { ...place, rules: narrow })
    expect(`${url.origin}${url.pathname}`).toBe('https://s.example/x/res/v1/web/search')
    expect(url.searchParams.get('q')).toBe('tea site:a.example OR site:b.example')
    expect(url.href).not.toContain('word')
    expect(headers).toEqual({ 'x-subscription-token': 'word' })
  })

  it('is asked as it wants to be: tavily', () => {
    const { url, headers, body } = tavily.ask('tea', { ...place, rules: narrow })
    expect(url.href).toBe('https://s.example/x/search')
    expect(headers['authorization']).toBe('Bearer word')
    expect(JSON.parse(body ?? '')).toEqual({
      query: 'tea',
      max_results: 10,
      include_domains: ['a.example', 'b.example'],
      exclude_domains: ['c.example'],
    })
  })

  const url = 'https://a.example/'
  it.each<[backend: Backend, answer: JsonValue]>([
    [searxng, { results: [{ url, title: 'A', content: 'About.', publishedDate: '2026' }, null, { url }] }],
    [brave, { web: { results: [{ url, title: 'A', description: 'About.', page_age: '2026' }, 1] } }],
    [tavily, { results: [{ url, title: 'A', content: 'About.', published_date: '2026' }, {}] }],
  ])('is read, but for what is no page: %#', (backend, answer) => {
    expect(backend.read(answer)).toEqual([{ url, title: 'A', excerpt: 'About.', age: '2026' }])
  })

  it.each<[backend: Backend, answer: JsonValue, pages: [] | undefined]>([
    [searxng, { results: [] }, []],
    [searxng, { results: {} }, undefined],
    [searxng, [], undefined],
    [brave, { query: {} }, []],
    [brave, { web: { results: null } }, undefined],
    [brave, null, undefined],
    [tavily, { detail: { error: 'no' } }, undefined],
  ])('has found nothing, or has not answered at all: %#', (backend, answer, pages) => {
    expect(backend.read(answer)).toEqual(pages)
  })
})

import { describe, expect, it } from 'vitest'
import { writeDeepLink } from './deep-links.ts'

const values = { origin: 'http://127.0.0.1:8000', key: 'qk_ab+/c=&d 密', model: 'claude-sonnet-4.5' }

describe('the link for Cherry Studio', () => {
  it.each([values.key, 'sk-????>>>>', 'a'])('holds what it reads, with the key %s', (key) => {
    const link = writeDeepLink('cherry-studio', { ...values, key }) ?? ''
    expect(link.startsWith('cherrystudio://providers/api-keys?v=1&data=')).toBe(true)
    // As it is read there: signs of base64 are exchanged while the query is taken apart.
    const search = new URL(link).search.replaceAll('+', '_').replaceAll('/', '-')
    const data = new URLSearchParams(search).get('data')?.replaceAll('_', '+').replaceAll('-', '/') ?? ''
    expect(JSON.parse(Buffer.from(data, 'base64').toString('utf8'))).toEqual({
      id: 'aqueduct',
      name: 'Aqueduct',
      type: 'openai',
      baseUrl: values.origin,
      apiKey: key,
    })
  })

  it('is not made for a key that would be read as another', () => {
    expect(writeDeepLink('cherry-studio', { ...values, key: "it's" })).toBeUndefined()
  })
})

describe('the link for CC Switch', () => {
  it.each([
    ['cc-switch-claude', 'claude', 'http://127.0.0.1:8000'],
    ['cc-switch-codex', 'codex', 'http://127.0.0.1:8000/v1'],
  ] as const)('%s names the program and its address', (link, app, endpoint) => {
    const url = new URL(writeDeepLink(link, values) ?? '')
    expect([url.protocol, url.host, url.pathname]).toEqual(['ccswitch:', 'v1', '/import'])
    expect(Object.fromEntries(url.searchParams)).toEqual({
      resource: 'provider',
      app,
      name: 'Aqueduct',
      endpoint,
      apiKey: values.key,
      model: values.model,
    })
  })
})

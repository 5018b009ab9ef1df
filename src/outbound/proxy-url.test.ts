import { describe, expect, it } from 'vitest'
import { authorizationOf, parseProxyUrl } from './proxy-url.ts'

describe('parseProxyUrl', () => {
  it.each([
    ['http://proxy.example:3128', 'http://proxy.example:3128'],
    ['https://proxy.example/', 'https://proxy.example'],
    ['127.0.0.1:7890', 'http://127.0.0.1:7890'],
    ['[::1]:7890', 'http://[::1]:7890'],
    ['name:word@proxy.example:1', 'http://proxy.example:1'],
  ])('reads %s', (value, origin) => {
    expect(parseProxyUrl(value)?.origin).toBe(origin)
  })

  it.each([
    '',
    'socks5://127.0.0.1:1',
    'http://',
    'http://p/path',
    'http://p?x',
    'http://p#x',
    'http://%zz@p',
    'a b',
  ])('refuses %j', (value) => {
    expect(parseProxyUrl(value)).toBeUndefined()
  })
})

function decoded(value: string): string | undefined {
  const [scheme, text = ''] = authorizationOf(new URL(value))?.split(' ') ?? []
  return scheme === undefined ? undefined : `${scheme} ${Buffer.from(text, 'base64').toString()}`
}

describe('authorizationOf', () => {
  it.each([
    ['http://p', undefined],
    ['http://name@p', 'Basic name:'],
    ['http://name:word@p', 'Basic name:word'],
    ['http://n%40me:w%3Ard%C3%A9@p', 'Basic n@me:w:rdé'],
  ])('of %s', (value, expected) => {
    expect(decoded(value)).toBe(expected)
  })
})

import { describe, expect, it } from 'vitest'
import { requireLocalHost, requireOperator } from './local-mode.ts'
import type { RequestHeaders } from './request-headers.ts'

const kindOf = (check: () => void) => {
  try {
    check()
    return 'allowed'
  } catch (error) {
    return error instanceof Error && 'failure' in error ? error.failure : error
  }
}
const forbidden = expect.objectContaining({ kind: 'forbidden' })
const unauthenticated = expect.objectContaining({ kind: 'unauthenticated' })

describe('requireLocalHost', () => {
  it.each([
    'localhost',
    'localhost:8000',
    'LOCALHOST:8000',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]',
    '[::1]:8000',
  ])('lets %s in', (host) => {
    expect(kindOf(() => requireLocalHost({ host }))).toBe('allowed')
  })

  it.each([
    undefined,
    '',
    'example.com',
    'localhost.example.com',
    'localhost.',
    'evil-localhost',
    '127.0.0.1.nip.io',
    '127.0.0.1:8000:1',
    '192.168.0.1',
    '0.0.0.0',
    '[::2]',
    'user@localhost',
    'localhost,evil.com',
  ])('refuses %s', (host) => {
    expect(kindOf(() => requireLocalHost({ host }))).toEqual(forbidden)
  })
})

describe('requireOperator', () => {
  it.each(['open sesame', '密码 word', 'naïve', 'p:w=d,'])('knows the password %s', (password) => {
    const bytes = Buffer.from(`Bearer ${password}`).toString('latin1')
    expect(kindOf(() => requireOperator({ host: 'localhost', authorization: bytes }, password))).toBe(
      'allowed',
    )
  })

  const local = { host: 'localhost:8000' }

  it.each<[string, RequestHeaders]>([
    ['a bare request', {}],
    ['the same origin', { origin: 'http://localhost:8000', 'sec-fetch-site': 'same-origin' }],
  ])('lets %s in without a password set', (_, headers) => {
    expect(kindOf(() => requireOperator({ ...local, ...headers }, undefined))).toBe('allowed')
  })

  it.each<[string, RequestHeaders]>([
    ['another origin', { origin: 'https://example.com' }],
    ['another port', { origin: 'http://localhost:3000' }],
    ['another scheme', { origin: 'https://localhost:8000' }],
    ['an opaque origin', { origin: 'null' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site fetch', { 'sec-fetch-site': 'same-site' }],
    ['a proxy', { 'x-forwarded-for': '10.0.0.1' }],
    ['any other X-Forwarded header', { 'x-forwarded-anything': '' }],
    ['Forwarded', { forwarded: 'for=1.2.3.4' }],
    ['Via', { via: '1.1 proxy' }],
    ['X-Real-IP', { 'x-real-ip': '1.2.3.4' }],
    ['Cloudflare', { 'cf-connecting-ip': '1.2.3.4' }],
  ])('refuses %s, with the right password too', (_, headers) => {
    const request = { ...local, authorization: 'Bearer secret', ...headers }
    expect(kindOf(() => requireOperator(request, 'secret'))).toEqual(forbidden)
    expect(kindOf(() => requireOperator(request, undefined))).toEqual(forbidden)
  })

  it.each<[string, RequestHeaders, unknown]>([
    ['the password', { authorization: 'Bearer secret' }, 'allowed'],
    ['the password behind a lower-case scheme', { authorization: 'bearer secret' }, 'allowed'],
    ['the password and blanks', { authorization: 'Bearer secret  ' }, 'allowed'],
    ['no password', {}, unauthenticated],
    ['an empty one', { authorization: 'Bearer ' }, unauthenticated],
    ['a wrong one', { authorization: 'Bearer secre' }, unauthenticated],
    ['a longer one', { authorization: 'Bearer secrets' }, unauthenticated],
    ['it in another header', { 'x-api-key': 'secret' }, unauthenticated],
  ])('with a password set, %s decides', (_, headers, expected) => {
    expect(kindOf(() => requireOperator({ ...local, ...headers }, 'secret'))).toEqual(expected)
  })
})

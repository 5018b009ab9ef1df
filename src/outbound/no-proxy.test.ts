import { describe, expect, it } from 'vitest'
import { createNoProxyList } from './no-proxy.ts'

describe('a list of hosts without proxy', () => {
  it.each<[list: string, url: string, listed: boolean]>([
    ['', 'https://example.com', false],
    ['*', 'https://example.com', true],
    ['nothing.invalid, *', 'https://example.com', true],
    ['*:443', 'https://example.com', true],
    ['*:443', 'http://example.com', false],
    ['example.com', 'https://example.com', true],
    ['EXAMPLE.com', 'https://Example.COM.', true],
    ['example.com', 'https://q.example.com', true],
    ['.example.com', 'https://q.example.com', true],
    ['.example.com', 'https://example.com', true],
    ['*.example.com', 'https://q.example.com', true],
    ['*.example.com', 'https://example.com', false],
    ['example.com', 'https://notexample.com', false],
    ['example.com', 'https://example.com.evil', false],
    ['example.com:443', 'https://example.com', true],
    ['example.com:443', 'https://example.com:8443', false],
    ['example.com:80', 'http://example.com', true],
    ['127.0.0.1', 'http://127.0.0.1:9000', true],
    ['127.0.0.1:9000', 'http://127.0.0.1:9000', true],
    ['127.0.0.1:9001 localhost', 'http://127.0.0.1:9000', false],
    ['localhost 127.0.0.1', 'http://127.0.0.1:9000', true],
    ['::1', 'http://[::1]:9000', true],
    ['[::1]', 'http://[::1]:9000', true],
    ['[::1]:9000', 'http://[::1]:9000', true],
    ['[::1]:9001', 'http://[::1]:9000', false],
    [',, ,', 'https://example.com', false],
  ])('%j: %s is on it: %s', (list, url, listed) => {
    expect(createNoProxyList(list)(new URL(url))).toBe(listed)
  })
})

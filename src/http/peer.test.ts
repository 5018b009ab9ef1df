import type { IncomingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPeers } from './peer.ts'

function socketFrom(address: string, socket = new Socket()): Socket {
  Object.defineProperty(socket, 'remoteAddress', { value: address })
  return socket
}

const ask = (address: string, headers: IncomingHttpHeaders, trusted = ['10.0.0.0/8', '::1', '127.0.0.1']) =>
  createPeers(trusted).of({ headers: { host: 'inside:8000', ...headers }, socket: socketFrom(address) })

const forwarded: IncomingHttpHeaders = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'q.example.com',
}
const client = { address: '203.0.113.9', isSecure: true, host: 'q.example.com', isForwarded: true }

describe('S33: forwarded headers', () => {
  it.each<[string, IncomingHttpHeaders]>([
    ['the usual ones', forwarded],
    ['Forwarded', { forwarded: 'for=203.0.113.9;proto=https;host=q.example.com' }],
    ['all', { ...forwarded, forwarded: 'for=203.0.113.9;proto=https;host=q.example.com' }],
  ])('change nothing when they come from anybody else: %s', (_, headers) => {
    const direct = { isSecure: false, host: 'inside:8000', isForwarded: false }
    expect(ask('203.0.113.1', headers)).toEqual({ address: '203.0.113.1', ...direct })
    expect(ask('127.0.0.1', headers, [])).toEqual({ address: '127.0.0.1', ...direct })
    expect(ask('11.0.0.1', headers)).toMatchObject(direct)
  })

  it.each([['127.0.0.1'], ['10.255.0.1'], ['::1'], ['::ffff:10.1.2.3']])(
    'of the trusted proxy %s name the client, its scheme and its host',
    (proxy) => {
      expect(ask(proxy, forwarded)).toEqual(client)
      expect(ask(proxy, { forwarded: 'For="203.0.113.9:4711"; Proto=HTTPS ;host="q.example.com"' })).toEqual(
        client,
      )
    },
  )

  it.each<[string, IncomingHttpHeaders, string | undefined]>([
    ['what the client itself has written', { 'x-forwarded-for': '127.0.0.1, 203.0.113.9' }, '203.0.113.9'],
    [
      'a chain of trusted proxies',
      { 'x-forwarded-for': '198.51.100.7, 203.0.113.9, 10.0.0.7, 10.0.0.8' },
      '203.0.113.9',
    ],
    ['nothing but trusted ones', { 'x-forwarded-for': '10.0.0.7, 10.0.0.8' }, '10.0.0.7'],
    ['a port', { 'x-forwarded-for': '203.0.113.9:4711' }, '203.0.113.9'],
    ['IPv6', { 'x-forwarded-for': '2001:db8::9' }, '2001:db8::9'],
    ['IPv6 with a port', { 'x-forwarded-for': '[2001:db8::9]:4711' }, '2001:db8::9'],
    ['IPv4 mapped', { 'x-forwarded-for': '::ffff:203.0.113.9' }, '203.0.113.9'],
    ['a word', { 'x-forwarded-for': 'unknown' }, '127.0.0.1'],
    ['a number', { 'x-forwarded-for': '2130706433' }, '127.0.0.1'],
    ['nothing', { 'x-forwarded-for': ' , ' }, '127.0.0.1'],
    [
      'a name before the last',
      { forwarded: 'for=198.51.100.7, for=_hidden, for="[2001:db8::9]"' },
      '2001:db8::9',
    ],
    ['a hidden name at the end', { forwarded: 'for=198.51.100.7, for=_hidden' }, '127.0.0.1'],
    ['a comma in quotes', { forwarded: 'for=203.0.113.9;host="a,for=10.9.9.9"' }, '203.0.113.9'],
    [
      'the other kind, as a client may have sent it',
      { ...forwarded, forwarded: 'for=198.51.100.7' },
      '203.0.113.9',
    ],
  ])('with %s lead to the first that nobody trusts', (_, headers, address) => {
    expect(ask('127.0.0.1', headers).address).toBe(address)
  })

  it('give the scheme and the host that the proxy next to the client set', () => {
    const chain = { 'x-forwarded-for': '203.0.113.9, 10.0.0.7', 'x-forwarded-proto': 'https' }
    expect(ask('127.0.0.1', chain)).toEqual({ ...client, host: 'inside:8000' })
    expect(ask('127.0.0.1', { ...chain, 'x-forwarded-proto': 'https, http' }).isSecure).toBe(true)
    expect(ask('127.0.0.1', { ...chain, 'x-forwarded-proto': 'https, http, http' }).isSecure).toBe(false)
    const without = ask('127.0.0.1', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil, q' })
    expect(without).toEqual({ address: '127.0.0.1', isSecure: true, host: 'q', isForwarded: true })
  })

  it('are not needed where the connection itself is encrypted', () => {
    const socket = socketFrom('203.0.113.1', new TLSSocket(new Socket()))
    expect(createPeers([]).of({ headers: {}, socket }).isSecure).toBe(true)
  })

  it('never lead to something that is no address, whatever they say', () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from('for=,;"\\[]:.0127af proto_ ')),
      maxLength: 60,
    })
    fc.assert(
      fc.property(text, fc.constantFrom('x-forwarded-for', 'forwarded'), (value, name) => {
        expect(ask('127.0.0.1', { [name]: value }).address).toMatch(/^[\da-f:.]+$/i)
      }),
      { numRuns: 300, seed: 1 },
    )
  })
})

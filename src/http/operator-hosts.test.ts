import { describe, expect, it } from 'vitest'
import { createOperatorHosts } from './operator-hosts.ts'

const publicUrl = 'https://Q.example.com:8443'

describe("S4: the operator's routes", () => {
  it.each<[string, string, string | undefined, readonly string[]]>([
    ['loopback', '127.0.0.1', undefined, []],
    ['an address of its own', '192.0.2.7', undefined, ['192.0.2.7:8000']],
    ['IPv6', '2001:db8::7', undefined, ['[2001:DB8::7]:8000']],
    ['a name', 'gate', undefined, ['GATE:8000', 'gate']],
    ['every address', '0.0.0.0', undefined, ['192.0.2.7', '[2001:db8::7]:80']],
    ['every address of both kinds', '::', undefined, ['192.0.2.7', '[2001:db8::7]:80']],
    ['loopback behind a proxy', '127.0.0.1', publicUrl, ['q.example.com', 'Q.EXAMPLE.COM:443']],
  ])('of a gateway on %s are found under its own names', (_, boundHost, url, hosts) => {
    const isOperatorHost = createOperatorHosts({ boundHost, publicUrl: url })
    const usual = ['localhost', 'LOCALHOST:8000', '127.0.0.1', '127.0.0.1:8000', '[::1]', '[::1]:8000']
    expect([...usual, ...hosts].filter((host) => !isOperatorHost(host))).toEqual([])
  })

  const foreign = [
    'evil.example',
    'q.example.com.evil.example',
    'evil.q.example.com',
    'localhost.evil.example',
    'localhost.',
    '127.0.0.1.nip.io',
    '2130706433',
    '0x7f.1',
    '127.1',
    '127.0.0.1:8000:9',
    '127.0.0.1@evil.example',
    'evil.example#127.0.0.1',
    '[::1',
    '::1]:80',
    '[evil.example]',
    ' localhost',
    'localhost evil.example',
    'ｌocalhost',
    '',
  ]
  it.each(['127.0.0.1', '0.0.0.0', '::', 'gate'])('of a gateway on %s are under no other', (boundHost) => {
    const isOperatorHost = createOperatorHosts({ boundHost, publicUrl })
    expect([...foreign, undefined].filter((host) => isOperatorHost(host))).toEqual([])
  })

  it('of a gateway on one address are not under others', () => {
    const isOperatorHost = createOperatorHosts({ boundHost: '127.0.0.1', publicUrl: undefined })
    expect(['192.0.2.7', '[2001:db8::7]', '0.0.0.0'].filter((host) => isOperatorHost(host))).toEqual([])
  })
})

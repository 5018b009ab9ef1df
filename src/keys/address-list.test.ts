import { describe, expect, it } from 'vitest'
import { createAddressMatch, isAddressRange } from './address-list.ts'

describe('isAddressRange', () => {
  it.each(['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::/0', '::1/128'])(
    'takes %s',
    (text) => expect(isAddressRange(text)).toBe(true),
  )

  it.each([
    '',
    'localhost',
    '192.0.2',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/1e1',
    '192.0.2.0/24/8',
    '192.0.2.0/255.255.255.0',
    '2001:db8::/129',
    'fe80::1%eth0',
    '[::1]',
    '192.0.2.1:80',
    ' 192.0.2.1',
    '0x7f.1',
  ])('refuses "%s"', (text) => expect(isAddressRange(text)).toBe(false))
})

describe('a list of addresses', () => {
  it.each<[string, string, boolean]>([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.77/24', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['192.0.2.0/24', '::ffff:192.0.3.9', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::/0', '2001:db8::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['::1', '::1', true],
    ['127.0.0.1', '::1', false],
  ])('of %s with %s: %s', (range, address, isIn) => {
    expect(createAddressMatch([range])(address)).toBe(isIn)
  })

  it('has what any of its ranges has', () => {
    const isIn = createAddressMatch(['192.0.2.1', '2001:db8::/32'])
    expect(['192.0.2.1', '2001:db8::5', '192.0.2.2', 'unix', undefined].map(isIn)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

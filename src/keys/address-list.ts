/** Lists of addresses and CIDR ranges, of IPv4 and IPv6. */
import { BlockList, isIP } from 'node:net'

const BITS = { ipv4: 32, ipv6: 128 } as const

interface AddressRange {
  address: string
  family: keyof typeof BITS
  prefixLength: number
}

/** Whether the text is an address, or a range like 192.0.2.0/24. */
export function isAddressRange(text: string): boolean {
  return readRange(text) !== undefined
}

/** Tells whether an address is in one of the ranges. IPv4 in IPv6's clothes (::ffff:192.0.2.1) is IPv4. */
export function createAddressMatch(ranges: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList()
  for (const text of ranges) {
    const range = readRange(text)
    // What was stored was checked; a range that cannot be read admits nobody.
    if (range !== undefined) list.addSubnet(range.address, range.prefixLength, range.family)
  }
  return (address = '') => {
    const plain = address.replace(/%.*$/, '')
    const family = familyOf(plain)
    return family !== undefined && list.check(plain, family)
  }
}

function readRange(text: string): AddressRange | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const family = familyOf(address)
  if (family === undefined || rest.length > 0) return undefined
  if (length === undefined) return { address, family, prefixLength: BITS[family] }
  if (!/^\d{1,3}$/.test(length) || Number(length) > BITS[family]) return undefined
  return { address, family, prefixLength: Number(length) }
}

function familyOf(address: string): keyof typeof BITS | undefined {
  // Of a zone nobody can say what it means on another machine.
  if (address.includes('%')) return undefined
  return ({ 4: 'ipv4', 6: 'ipv6' } as const)[isIP(address)]
}
